/**
 * The file of panels: `<account> [<key>] [from=<address>,…] [verified=<code>,…]` a line; the account `*` stands for all
 * others. Pure.
 */
import { BlockList, isIP, isIPv6 } from 'node:net';
import { readKey } from '../../devices/adapters/sia-dc09/cipher.ts';
import type { PanelAccount } from './dc09-receiver.ts';

/** The settings by account, `*` for those that have no line; `undefined` when the line is wrong. */
export function readPanelLine(line: string): readonly [account: string, PanelAccount] | undefined {
  const [, account, rest = ''] = /^(\*|[0-9A-Za-z]{1,16})[\s,;]+(\S.*)$/.exec(line) ?? [];
  if (account === undefined) return undefined;
  let panel: PanelAccount = {};
  for (const word of rest.trim().split(/[\s;]+/)) {
    const next = readWord(word);
    if (next === undefined) return undefined;
    panel = { ...panel, ...next };
  }
  return [account.toUpperCase(), panel];
}

function readWord(word: string): PanelAccount | undefined {
  const [, name, text = ''] = /^([a-z]+)=(.*)$/.exec(word) ?? [];
  switch (name) {
    case 'from':
      return readAddresses(text.split(','));
    case 'verified':
      return /^[0-9A-Z]{2,3}(,[0-9A-Z]{2,3})*$/i.test(text)
        ? { verified: new Set(text.toUpperCase().split(',')) }
        : undefined;
    case 'key':
    case undefined: {
      const key = readKey(name === undefined ? word : text);
      return key === undefined ? undefined : { key };
    }
    default:
      return undefined;
  }
}

/** Single addresses and networks: `203.0.113.7`, `10.1.0.0/16`, `2001:db8::/32`. */
function readAddresses(list: readonly string[]): PanelAccount | undefined {
  const allowed = new BlockList();
  for (const entry of list) {
    const [address = '', bits, ...more] = entry.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    const prefix = bits === undefined ? (family === 'ipv6' ? 128 : 32) : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
    if (isIP(address) === 0 || more.length > 0 || prefix < 0 || prefix > (family === 'ipv6' ? 128 : 32))
      return undefined;
    allowed.addSubnet(address, prefix, family);
  }
  return { isFrom: (address) => isIP(address) !== 0 && allowed.check(address, isIPv6(address) ? 'ipv6' : 'ipv4') };
}
