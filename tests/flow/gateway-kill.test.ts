/** Panels and transmitters through kills of the hub: what was acknowledged is in the journal, once. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { freePort, startHubProcess } from '../support/hub-process.ts';
import { createPanel, dc09Language, gbLanguage, type Panel } from '../support/panels.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { until } from '../support/until.ts';

const kills = 8;
const key = '3A1F6B8C9D4E7F20123456789ABCDEF0';
const directory = temporaryFolder();

test(`${kills} kills at random moments: every acknowledged event of a panel is stored exactly once, in one incident`, {
  timeout: 120_000,
}, async () => {
  const panels = [
    createPanel(dc09Language('1234', { timed: true })),
    createPanel(dc09Language('77AB')),
    createPanel(dc09Language('5678', { key: Buffer.from(key, 'hex') })),
    // Nobody registered it.
    createPanel(dc09Language('BEEF')),
  ];
  const transmitter = createPanel(gbLanguage(1));
  const team = [...panels, transmitter];
  const first = await startTestHub({ directory });
  for (const { deviceId } of team) if (deviceId !== 'dc09-BEEF') first.device(deviceId, { synthetic: false });
  await first.stop();
  const keys = join(directory, 'panels');
  writeFileSync(keys, `5678 ${key}\n`);
  const [dc09Port, gbPort] = [await freePort(), await freePort()];
  const environment = {
    HUB_DC09_PORT: String(dc09Port),
    HUB_DC09_KEYS: keys,
    HUB_GBT26875_PORT: String(gbPort),
  };

  for (let kill = 0; kill < kills; kill++) {
    const hub = await startHubProcess(directory, environment);
    const before = team.map((panel) => panel.acknowledged());
    const talking = [...panels.map((panel) => panel.talk(dc09Port)), transmitter.talk(gbPort)];
    // Not before each has got on, and from there at any moment.
    await until('all are acknowledged', () =>
      team.every((panel, index) => panel.acknowledged() > (before[index] ?? 0)),
    );
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 120));
    await hub.end('SIGKILL');
    await Promise.all(talking);
  }

  const last = await startTestHub({ directory });
  console.info(`acknowledged: ${team.map((panel) => `${panel.deviceId} ${panel.acknowledged()}`).join(', ')}`);
  for (const panel of team) expect(await storedOnce(last, panel)).toEqual({ lost: [], twice: [], incidents: 1 });
  await last.stop();
});

type Fact = { readonly type: string; readonly data: Readonly<Record<string, unknown>> };

/** Compares what a panel was told with what the journal holds. */
async function storedOnce(hub: TestHub, panel: Panel) {
  const isStranger = panel.deviceId === 'dc09-BEEF';
  const facts = await factsOf(hub, isStranger ? 'unregistered' : panel.deviceId);
  const counts = new Map<number, number>();
  for (const { type, data } of facts) {
    if (type !== 'signal.received' || data.kind !== 'alarm') continue;
    const values: Record<string, unknown> = JSON.parse(JSON.stringify(data.values));
    // A DC-09 number is one higher than the event's; a GB/T serial is the event's.
    const number = 'serial' in values ? Number(values.serial) : Number(values.sequence) - 1;
    counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  return {
    lost: Array.from({ length: panel.acknowledged() }, (_, number) => number).filter((number) => !counts.has(number)),
    twice: [...counts].filter(([, count]) => count > 1),
    incidents: facts.filter(({ type }) => type === 'incident.raised').length,
  };
}

async function factsOf({ request, tokens }: TestHub, deviceId: string): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await request(`/api/v1/devices/${deviceId}/events?limit=500${cursor}`, { token: tokens.fire });
    const page: { items: Fact[]; next: string | null } = JSON.parse(JSON.stringify(body));
    facts.push(...page.items);
    if (page.next === null) return facts;
    cursor = `&cursor=${page.next}`;
  }
}
