import { expect, test } from 'vitest';
import { parseCredentials, readCredentials } from '../../../simulators/credentials.ts';
import { readArguments } from '../../../simulators/main.ts';
import { startSimulation } from '../../../simulators/simulation.ts';

test('a credentials file that cannot be used is refused in words', () => {
  const refused = (text: string) => expect(() => parseCredentials(text, 'demo.json'));
  refused('{').toThrow(/^demo\.json is not JSON: /);
  refused('[]').toThrow('demo.json has no list "devices"');
  refused('{"devices":[]}').toThrow('demo.json lists no device; import the simulated city first');
  refused('{"devices":[{"id":"a","username":"a","domain":"bus"}]}').toThrow('demo.json: devices[0] has no "password"');
  refused('{"devices":[null]}').toThrow('demo.json: devices[0] has no "id"');
  expect(() => readCredentials('/nowhere/demo.json')).toThrow(
    'cannot read the credentials file /nowhere/demo.json; "npm run demo" writes one into the hub\'s data folder',
  );
});

test('a good credentials file gives its devices and nothing of its tokens', () => {
  const text = '{"tokens":{"admin":"x"},"devices":[{"id":"a","username":"a","password":"p","domain":"fire","more":1}]}';
  expect(parseCredentials(text, 'f')).toEqual([{ id: 'a', username: 'a', password: 'p', domain: 'fire' }]);
});

test('flags become options and the rest has defaults', () => {
  expect(readArguments(['--scenario', 'rush-hour', '--seed', '7', '--devices', '50', '--for', '3'])).toEqual({
    options: {
      url: 'mqtt://127.0.0.1:1883',
      credentials: 'data/demo-credentials.json',
      scenario: 'rush-hour',
      seed: 7,
      speed: 1,
      devices: 50,
    },
    forSeconds: 3,
  });
});

test('panels beyond the shipped city are asked for by number', () => {
  expect(readArguments(['--scenario', 'mains-failure', '--panels', '10000'])).toMatchObject({
    options: { scenario: 'mains-failure', panels: 10_000 },
  });
  expect(readArguments(['--panels', '0'])).toEqual({
    text: '--panels is "0"; expected a number from 1 to 50000\nTry --help.',
    failed: true,
  });
});

test('panels that the credentials file does not have are refused in words', async () => {
  const credentials = [{ id: 'panel-1', username: 'panel-1', password: 'p', domain: 'fire' }];
  const options = { url: 'mqtt://127.0.0.1:1', credentials, scenario: 'mains-failure', seed: 1, panels: 2 };
  await expect(startSimulation(options)).rejects.toThrow(
    '--panels asks for 2 panels, but the credentials list 1 fire devices beyond the shipped city; import more first',
  );
});

test('the help says that a drill needs a window at the hub', () => {
  const request = readArguments(['--help']);
  expect('text' in request ? request.text : '').toContain('POST /api/v1/fire/windows');
});

test('a wrong flag is answered with what was expected', () => {
  const said = (...words: string[]): string => {
    const request = readArguments(words);
    return 'text' in request && request.failed ? request.text : '';
  };
  expect(said('--speed', 'fast')).toBe('--speed is "fast"; expected a number from 0.1 to 100\nTry --help.');
  expect(said('--url', 'localhost')).toContain('--url is "localhost"; expected something like mqtt://127.0.0.1:1883');
  expect(said('--sped', '2')).toContain("Unknown option '--sped'");
});
