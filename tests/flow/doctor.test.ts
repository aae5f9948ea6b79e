/** `nhip doctor` beside hubs: it asks the hub of its own data folder, wherever that one listens, and takes no other for it. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort, type HubProcess, runNhip, startHubProcess } from '../support/hub-process.ts';
import { temporaryFolder } from '../support/temporary.ts';

const folder = temporaryFolder();
const otherFolder = temporaryFolder();
let hub: HubProcess;
let webPort: number;
beforeAll(async () => {
  hub = await startHubProcess(folder);
  webPort = Number(new URL(hub.url).port);
});
afterAll(() => hub?.end('SIGTERM'));

test('the hub of this folder is found on its own ports, whatever the settings here say', async () => {
  const [http, mqtt] = [await freePort(), await freePort()];
  const findings = await doctor(folder, { HUB_HTTP_PORT: String(http), HUB_MQTT_PORT: String(mqtt) });
  const of = `the hub (process ${hub.child.pid})`;
  expect(findings.filter(({ check }) => check.startsWith('port'))).toEqual([
    {
      check: `port ${webPort}`,
      state: 'ok',
      text: `${of} answers and is ready; HUB_HTTP_PORT is ${http} here, for the next start`,
    },
    {
      check: `port ${hub.mqttPort}`,
      state: 'ok',
      text: `${of} takes MQTT connections; HUB_MQTT_PORT is ${mqtt} here, for the next start`,
    },
  ]);
});

test('with the settings of that hub nothing is said of them', async () => {
  const findings = await doctor(folder, { HUB_HTTP_PORT: String(webPort), HUB_MQTT_PORT: String(hub.mqttPort) });
  expect(findings).toContainEqual({
    check: `port ${webPort}`,
    state: 'ok',
    text: `the hub (process ${hub.child.pid}) answers and is ready`,
  });
});

test('the hub of another folder is in the way', async () => {
  const settings = { HUB_HTTP_PORT: String(webPort), HUB_MQTT_PORT: String(hub.mqttPort) };
  const findings = await doctor(otherFolder, settings);
  expect(findings.filter(({ check }) => check.startsWith('port'))).toEqual([
    {
      check: `port ${webPort}`,
      state: 'fault',
      text: 'a hub of another data folder answers here; stop it, or set HUB_HTTP_PORT to another port',
    },
    {
      check: `port ${hub.mqttPort}`,
      state: 'fault',
      text: 'is taken; stop the other program, or set HUB_MQTT_PORT to another port',
    },
  ]);
});

test('a hub that is there and does not answer is a fault', async () => {
  const [http, mqtt] = [await freePort(), await freePort()];
  // This test's own process stands for the hub's.
  await writeFile(join(otherFolder, 'hub.lock'), String(process.pid));
  const doors = { processId: process.pid, host: '0.0.0.0', httpPort: http, mqttPort: mqtt };
  await writeFile(join(otherFolder, 'hub.doors'), JSON.stringify(doors));
  const findings = await doctor(otherFolder, { HUB_HTTP_PORT: '0', HUB_MQTT_PORT: '0' });
  const text = `the hub (process ${process.pid}) does not answer here; see its log, and start it again`;
  expect(findings.filter(({ check }) => check.startsWith('port'))).toEqual([
    { check: `port ${http}`, state: 'fault', text },
    { check: `port ${mqtt}`, state: 'fault', text },
  ]);
});

test('an older hub does not say where it listens: its ports are those of the settings', async () => {
  await writeFile(join(otherFolder, 'hub.lock'), String(process.pid));
  await writeFile(join(otherFolder, 'hub.doors'), JSON.stringify({ processId: 1, httpPort: 1, mqttPort: 1 }));
  const findings = await doctor(otherFolder, { HUB_HTTP_PORT: String(webPort), HUB_MQTT_PORT: '0' });
  expect(findings.filter(({ check }) => check.startsWith('port'))).toEqual([
    { check: `port ${webPort}`, state: 'ok', text: `the hub (process ${process.pid}) answers and is ready` },
  ]);
});

type Finding = { readonly check: string; readonly state: string; readonly text: string };

async function doctor(directory: string, settings: Readonly<Record<string, string>>): Promise<readonly Finding[]> {
  const { child, output } = runNhip(['doctor', '--json'], {
    HUB_HOST: '127.0.0.1',
    HUB_DATA_DIR: directory,
    ...settings,
  });
  await once(child, 'close');
  const report: { readonly findings: readonly Finding[] } = JSON.parse(output());
  return report.findings;
}
