/** Keeps webhooks off the hub's own network: whoever may set an address must not reach what only the hub can reach. */
import { lookup } from 'node:dns/promises';
import { BlockList, isIPv4 } from 'node:net';
import { ChannelError } from './channel.ts';

/** An address that was checked, to be connected to as it is: asking the name again could give another answer. */
export type CheckedAddress = { readonly address: string; readonly family: 4 | 6 };

/** All addresses of a name, as the system resolves it. */
export type Resolve = (hostname: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

export const resolveBySystem: Resolve = (hostname) => lookup(hostname, { all: true });

/**
 * The address to connect to. One forbidden address among several forbids the name.
 *
 * @throws ChannelError when the name leads inside or nowhere.
 */
export async function checkedAddress(hostname: string, isAllowed: boolean, resolve: Resolve): Promise<CheckedAddress> {
  const bare = hostname.replace(/^\[|\]$/g, '');
  const addresses = await resolve(bare).catch(() => []);
  const first = addresses[0];
  if (first === undefined) throw new ChannelError('the name of the receiver cannot be resolved');
  if (!isAllowed && addresses.some(({ address }) => !isPublicAddress(address))) {
    throw new ChannelError(
      'the receiver is at an internal address; name its host in HUB_WEBHOOK_ALLOW if that is meant',
    );
  }
  return { address: first.address, family: first.family === 6 ? 6 : 4 };
}

/** Whether an IP address belongs to the public internet (IANA special-purpose registries, RFC 6890). */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !internalV4.check(address, 'ipv4');
  const plain = address.split('%')[0] ?? '';
  // An IPv4 address in IPv6 clothes is judged as what it is; the list does that for ::ffff:0:0/96 only.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined) return isPublicAddress(mapped);
  // Only 2000::/3 is routed: loopback, link-local, unique-local, multicast, mapped and NAT64 lie outside of it.
  return globalV6.check(plain, 'ipv6') && !specialV6.check(plain, 'ipv6');
}

const listOf = (family: 'ipv4' | 'ipv6', subnets: readonly (readonly [string, number])[]): BlockList => {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family);
  return list;
};

const internalV4 = listOf('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // 169.254.169.254 answers with a cloud machine's credentials.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]);
const globalV6 = listOf('ipv6', [['2000::', 3]]);
const specialV6 = listOf('ipv6', [
  // Teredo and other protocol assignments, documentation, 6to4: each can hide an internal IPv4 address.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);
