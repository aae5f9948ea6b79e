import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cli, openCli } from './run-nhip.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await openCli();
});
afterAll(() => cli.remove());

describe('the command line', () => {
  test('help lists every command on the standard output', async () => {
    const { code, out, err } = await cli.nhip('help');
    expect([code, err]).toEqual([0, '']);
    const names = [
      'start',
      'demo',
      'import',
      'device',
      'token',
      'replay',
      'decode',
      'backup',
      'restore',
      'doctor',
      'version',
    ];
    for (const name of names) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  test('a mistyped command is answered with the one that was meant, and exit code 2', async () => {
    expect(await cli.nhip('tokn', 'list')).toEqual({
      code: 2,
      out: '',
      err: 'There is no command "tokn". Did you mean "token"? All commands: npx nhip help\n',
    });
  });

  test('a wrong flag is named with the usage, and exit code 2', async () => {
    const { code, err } = await cli.nhip('version', '--jsn');
    expect(code).toBe(2);
    expect(err).toBe("Unknown option '--jsn'.\nUsage: npx nhip version [--json]\n");
  });

  test('a wrong setting is named and nothing is opened', async () => {
    const { code, out, err } = await cli.nhipWith({ HUB_HTTP_PORT: 'eighty' }, 'token', 'list');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('HUB_HTTP_PORT is "eighty"');
  });

  test('a data folder that cannot be made is one clear message', async () => {
    const file = join(cli.directory, 'a-file');
    await writeFile(file, '');
    const { code, err } = await cli.nhipWith({ HUB_DATA_DIR: join(file, 'data') }, 'token', 'list');
    expect(code).toBe(1);
    expect(err).toContain(join(file, 'data'));
    expect(err).not.toContain('    at ');
  });
});

describe('token', () => {
  test('create prints the token alone on the standard output; list shows it without its secret; revoke ends it', async () => {
    const made = await cli.nhip('token', 'create', '--role', 'fire', '--name', 'Trạm 3', '--expires', '90d');
    expect(made.code).toBe(0);
    expect(made.out).toMatch(/^nhip_[0-9a-f]{12}_[A-Za-z0-9_-]{43}\n$/);
    const id = made.out.split('_')[1] ?? '';
    const list = await cli.nhip('token', 'list', '--json');
    expect(JSON.parse(list.out)).toMatchObject([{ id, name: 'Trạm 3', roles: ['fire'] }]);
    expect(list.out).not.toContain(made.out.trim().slice(-43));
    expect(await cli.nhip('token', 'revoke', id)).toMatchObject({ code: 0 });
    expect(await cli.nhip('token', 'revoke', id)).toEqual({
      code: 1,
      out: '',
      err: `There is no token "${id}". See: npx nhip token list\n`,
    });
  });

  test.each([
    ['no role', ['create'], '--role is missing'],
    [
      'an unknown role',
      ['create', '--role', 'root'],
      '"root" is not a role; known are admin, fire, operator, parking, transit',
    ],
    ['an end in the past', ['create', '--role', 'fire', '--expires', '2020-01-01'], '--expires must lie in the future'],
    ['no verb', [], 'create, list or revoke is missing'],
  ])('%s is a wrong command line', async (_name, args, message) => {
    const { code, err } = await cli.nhip('token', ...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe('device', () => {
  test('is added with a secret, imported places can be bound, and it goes again', async () => {
    const made = await cli.nhip('device', 'add', 'F-100', '--domain', 'fire', '--name', 'Đầu báo tầng 2', '--json');
    expect(JSON.parse(made.out)).toEqual({
      id: 'F-100',
      domain: 'fire',
      username: 'F-100',
      password: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    });
    expect(await cli.nhip('device', 'add', 'F-100', '--domain', 'fire')).toMatchObject({ code: 1, out: '' });
    expect(await cli.nhip('device', 'bind', 'F-100', 'place:HN-0001')).toEqual({
      code: 1,
      out: '',
      err: 'The registry knows no place "HN-0001". Import it first: npx nhip import <file>\n',
    });
    await writeFile(
      join(cli.directory, 'places.csv'),
      'id,name,address,lat,lon\nHN-0001,Nhà số 12,12 ngõ 34 Hàng Bạc,21.034,105.853\n',
    );
    expect(await cli.nhip('import', 'places.csv', '--dry-run')).toMatchObject({ code: 0 });
    expect((await cli.nhip('device', 'bind', 'F-100', 'place:HN-0001')).code).toBe(1);
    const imported = await cli.nhip('import', 'places.csv', '--json');
    expect(JSON.parse(imported.out)).toMatchObject({ kind: 'places', added: 1, written: true });
    expect(await cli.nhip('device', 'bind', 'F-100', 'place:HN-0001', '--state', 'verified')).toMatchObject({
      code: 0,
    });
    const list = await cli.nhip('device', 'list', '--json');
    expect(JSON.parse(list.out)).toMatchObject([
      {
        id: 'F-100',
        name: 'Đầu báo tầng 2',
        binding: { kind: 'place', target: 'HN-0001', state: 'verified', by: 'console' },
      },
    ]);
    const renewed = await cli.nhip('device', 'secret', 'F-100', '--quiet');
    expect(renewed).toMatchObject({ code: 0, err: '' });
    expect(renewed.out.trim()).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await cli.nhip('device', 'remove', 'F-100')).toMatchObject({ code: 0 });
    expect(await cli.nhip('device', 'remove', 'F-100')).toMatchObject({ code: 1 });
  });

  test('an id that cannot stand in a topic is a wrong command line', async () => {
    const { code, err } = await cli.nhip('device', 'add', 'a/b', '--domain', 'fire');
    expect([code, err.split('\n')[0]]).toEqual([2, '"a/b" cannot be a device id: 1 to 64 of A-Z a-z 0-9 _ -.']);
  });
});

test('import of a wrong file says which record and why, and writes nothing', async () => {
  await writeFile(
    join(cli.directory, 'bad.csv'),
    'id,name,address,lat,lon\nHN-0002,Nhà,1 Hàng Bạc,21.0,105.8\nHN-0003,Nhà,2 Hàng Bạc,921.0,105.8\n',
  );
  const refused = await cli.nhip('import', 'bad.csv');
  expect(refused.code).toBe(1);
  expect(refused.out).toContain('line 3');
  const skipped = await cli.nhip('import', 'bad.csv', '--skip-bad', '--json');
  expect([skipped.code, JSON.parse(skipped.out).added]).toEqual([0, 1]);
  expect((await cli.nhip('import', 'bad.csv', '--kind', 'place')).err).toContain('did you mean "places"?');
});

describe('doctor', () => {
  test('finds all well in a fresh folder', async () => {
    const { code, out } = await cli.nhip('doctor', '--json');
    expect(code).toBe(0);
    const report = JSON.parse(out);
    expect(report.ok).toBe(true);
    expect(report.findings.map(({ check }: { check: string }) => check)).toEqual(
      expect.arrayContaining(['node', 'settings', 'data folder', 'disk', 'access.db', 'registry.db', 'clock']),
    );
  });

  test('names a taken port with the setting, a damaged database and a server that does not answer', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    const broken = await openCli();
    try {
      await broken.nhip('token', 'list');
      await writeFile(join(broken.directory, 'data', 'journal.db'), 'this is no database at all, it is a text');
      const settings = {
        HUB_HOST: '127.0.0.1',
        HUB_MQTT_PORT: port,
        HUB_INFLUX_URL: 'http://127.0.0.1:9',
        HUB_INFLUX_TOKEN: 'canary-secret',
      };
      const { code, out } = await broken.nhipWith(settings, 'doctor');
      expect(code).toBe(1);
      expect(out).toContain(`is taken; stop the other program, or set HUB_MQTT_PORT to another port`);
      expect(out).toMatch(/FAULT +journal\.db/);
      expect(out).toMatch(/FAULT +influxdb +http:\/\/127\.0\.0\.1:9 does not answer/);
      expect(out).not.toContain('canary-secret');
    } finally {
      await broken.remove();
      await new Promise((resolve) => other.close(resolve));
    }
  });
});
