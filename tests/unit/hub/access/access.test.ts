import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Access, openAccess, type Revoked } from '../../../../hub/access/access.ts';
import { until } from '../../../support/until.ts';

const day = 24 * 3_600_000;
let folder: string;
let path: string;
let time: number;
const opened: Access[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nhip-access-'));
  path = join(folder, 'access.db');
  time = 1_760_000_000_000;
});

afterEach(() => {
  for (const access of opened.splice(0)) access.close();
  rmSync(folder, { recursive: true });
});

function open(): Access {
  const access = openAccess(path, { now: () => time });
  opened.push(access);
  return access;
}

/** Opens it as after a restart. */
function reopen(): Access {
  opened.pop()?.close();
  return open();
}

describe('tokens', () => {
  test('a token speaks for its name and roles, after a restart too, and nothing but it does', () => {
    const { id, token } = open().createToken({ name: 'Trạm Hoàn Kiếm', roles: ['fire', 'fire'] });
    const access = reopen();
    expect(access.tokenPrincipal(token)).toEqual({ kind: 'token', id, name: 'Trạm Hoàn Kiếm', roles: ['fire'] });
    expect(token).toMatch(/^nhip_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$/);
    const last = token.endsWith('A') ? 'B' : 'A';
    for (const wrong of [
      '',
      'nhip__',
      token.slice(0, -1),
      token.slice(0, -1) + last,
      `${token} `,
      token.toUpperCase(),
    ]) {
      expect(access.tokenPrincipal(wrong)).toBeUndefined();
    }
  });

  test('a token ends at its time', () => {
    const access = open();
    const { token } = access.createToken({ name: 'guest', roles: ['transit'], expiresAt: time + day });
    time += day - 1;
    expect(access.tokenPrincipal(token)?.name).toBe('guest');
    time += 1;
    expect(access.tokenPrincipal(token)).toBeUndefined();
  });

  test('a revoked token ends at once, its listeners are told, and it is not listed', () => {
    const access = open();
    const revoked: Revoked[] = [];
    const stop = access.onRevoke((one) => revoked.push(one));
    const { id, token } = access.createToken({ name: 'a', roles: ['admin'] });
    const { id: other } = access.createToken({ name: 'b', roles: ['parking'] });
    expect(access.listTokens()).toEqual([
      { id, name: 'a', roles: ['admin'], createdAt: 1_760_000_000_000 },
      { id: other, name: 'b', roles: ['parking'], createdAt: 1_760_000_000_000 },
    ]);
    expect(access.revokeToken(id)).toBe(true);
    expect(access.revokeToken(id)).toBe(false);
    expect(access.tokenPrincipal(token)).toBeUndefined();
    stop();
    access.revokeToken(other);
    expect(revoked).toEqual([{ kind: 'token', id }]);
    expect(access.listTokens()).toEqual([]);
  });

  test.each([
    [{ name: '', roles: ['fire'] }, /needs a name/],
    [{ name: 'a\nb', roles: ['fire'] }, /needs a name/],
    [{ name: 'a', roles: [] }, /at least one role/],
    [{ name: 'a', roles: ['root'] }, /"root" is not a role; known are admin, fire, operator, parking, transit/],
    [{ name: 'a', roles: ['fire'], expiresAt: 1_760_000_000_000 }, /in the future/],
  ])('a wish that cannot be is refused: %j', (wish, message) => {
    expect(() => open().createToken(wish)).toThrow(message);
  });
});

describe('the set-up code', () => {
  test('makes one admin, once', () => {
    const access = open();
    expect(access.isEmpty()).toBe(true);
    const code = access.setupCode() ?? '';
    expect(access.setupCode()).toBe(code);
    expect(code.length).toBe(43);
    expect(() => access.redeemSetup('guess', 'me')).toThrow(/used or over/);
    const { token } = access.redeemSetup(code, 'Lan');
    expect(access.tokenPrincipal(token)).toMatchObject({ name: 'Lan', roles: ['admin'] });
    expect(() => access.redeemSetup(code, 'again')).toThrow(/used or over/);
    expect(access.setupCode()).toBeUndefined();
    expect(access.isEmpty()).toBe(false);
  });

  test('is over when another process made a token meanwhile', () => {
    const access = open();
    const code = access.setupCode() ?? '';
    open().createToken({ name: 'by command line', roles: ['admin'] });
    expect(() => access.redeemSetup(code, 'late')).toThrow(/used or over/);
  });
});

describe('device secrets', () => {
  test('a device is known by its name and secret, after a restart too', () => {
    const secret = open().setDeviceSecret('fd-1', 'fire');
    const access = reopen();
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(access.authenticate('fd-1', secret)).toEqual({ deviceId: 'fd-1', domain: 'fire' });
    expect(access.authenticate('fd-1', `${secret}x`)).toBeUndefined();
    expect(access.authenticate('fd-1', '')).toBeUndefined();
    expect(access.authenticate('fd-2', secret)).toBeUndefined();
    for (const name of ['__proto__', 'constructor', '']) expect(access.authenticate(name, '')).toBeUndefined();
  });

  test('the secret before the last stays valid for a week, the one before that not', () => {
    const access = open();
    const [first, second] = [access.setDeviceSecret('fd-1', 'fire'), access.setDeviceSecret('fd-1', 'fire')];
    const identity = { deviceId: 'fd-1', domain: 'fire' };
    expect([access.authenticate('fd-1', first), access.authenticate('fd-1', second)]).toEqual([identity, identity]);
    time += 7 * day;
    expect([access.authenticate('fd-1', first), access.authenticate('fd-1', second)]).toEqual([undefined, identity]);
    access.setDeviceSecret('fd-1', 'fire');
    const fourth = access.setDeviceSecret('fd-1', 'fire');
    expect([access.authenticate('fd-1', second), access.authenticate('fd-1', fourth)]).toEqual([undefined, identity]);
  });

  test('a removed device is out, and so is one that moved to another domain', () => {
    const access = open();
    const revoked: Revoked[] = [];
    access.onRevoke((one) => revoked.push(one));
    const secret = access.setDeviceSecret('d1', 'fire');
    access.setDeviceSecret('d1', 'fire');
    expect(revoked).toEqual([]);
    access.setDeviceSecret('d1', 'bus');
    expect(access.authenticate('d1', secret)).toBeUndefined();
    expect(access.removeDevice('d1')).toBe(true);
    expect(access.removeDevice('d1')).toBe(false);
    expect(revoked).toEqual([
      { kind: 'device', deviceId: 'd1' },
      { kind: 'device', deviceId: 'd1' },
    ]);
  });

  test('ten thousand are imported in one transaction; one bad one and nothing is', () => {
    const access = open();
    const many = Array.from({ length: 10_000 }, (_, index) => ({ deviceId: `b${index}`, domain: 'bus' }));
    const secrets = access.importDeviceSecrets(many);
    expect(new Set(secrets).size).toBe(10_000);
    expect(reopen().authenticate('b9999', secrets[9_999] ?? '')).toEqual({ deviceId: 'b9999', domain: 'bus' });
    const bad = [
      { deviceId: 'ok', domain: 'bus', secret: 'a secret of some length' },
      { deviceId: 'a/b', domain: 'bus' },
    ];
    expect(() => open().importDeviceSecrets(bad)).toThrow('"a/b" is not a device id');
    expect(open().authenticate('ok', 'a secret of some length')).toBeUndefined();
    expect(() => open().setDeviceSecret('d1', 'bus', 'short')).toThrow(/16 to 256 characters/);
    expect(() => open().setDeviceSecret('d1', 'Bus/')).toThrow(/not the name of a domain/);
  });

  test('importing the same again changes nothing', () => {
    const access = open();
    const wish = [{ deviceId: 'd1', domain: 'bus', secret: 'the first secret' }];
    access.importDeviceSecrets(wish);
    access.setDeviceSecret('d1', 'bus', 'the second secret');
    access.importDeviceSecrets([{ deviceId: 'd1', domain: 'bus', secret: 'the second secret' }]);
    expect(access.authenticate('d1', 'the first secret')).toEqual({ deviceId: 'd1', domain: 'bus' });
  });
});

describe('the file', () => {
  test('holds no secret, and only its owner can read it', () => {
    const access = open();
    const { token } = access.createToken({ name: 'a', roles: ['fire'] });
    const secret = access.setDeviceSecret('fd-1', 'fire');
    const files = readdirSync(folder);
    expect(files).toContain('access.db-wal');
    for (const file of files) {
      const bytes = readFileSync(join(folder, file));
      expect([bytes.includes(secret), bytes.includes(token.slice(-43))]).toEqual([false, false]);
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    }
  });

  test('what another process changes is noticed, and revocations are told', async () => {
    const [hub, commandLine] = [open(), open()];
    const { id, token } = hub.createToken({ name: 'a', roles: ['fire'] });
    hub.setDeviceSecret('d1', 'bus');
    const revoked: Revoked[] = [];
    hub.onRevoke((one) => revoked.push(one));
    await until('the other one knows the token', () => commandLine.tokenPrincipal(token) !== undefined);
    commandLine.revokeToken(id);
    commandLine.removeDevice('d1');
    const secret = commandLine.setDeviceSecret('d2', 'bus');
    await until('the new device is known', () => hub.authenticate('d2', secret) !== undefined);
    expect(hub.tokenPrincipal(token)).toBeUndefined();
    expect(revoked).toEqual([
      { kind: 'token', id },
      { kind: 'device', deviceId: 'd1' },
    ]);
  });

  test('a file that is no database stops the start with what to do', () => {
    writeFileSync(path, 'this is not a database, but a longer text that someone put here by mistake'.repeat(20));
    expect(() => open()).toThrow(/cannot be read.*Restore it from a backup/);
  });

  test('a folder that is not there stops the start with what to do', () => {
    expect(() => openAccess(join(folder, 'nowhere', 'access.db'))).toThrow(/Cannot write.*HUB_DATA_DIR/);
  });
});
