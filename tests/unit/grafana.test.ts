import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { domains } from '../../hub/domains/index.ts';
import { dailyFields, dailyMeasurement } from '../../hub/jobs/daily-summary.ts';
import type { MeasurementTable } from '../../hub/ports.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'dashboards/grafana');
const measurements: MeasurementTable = Object.assign(
  { [dailyMeasurement]: dailyFields },
  ...domains.map((domain) => domain.measurements),
);

const DataSource = Type.Object({ type: Type.Literal('influxdb'), uid: Type.Literal('hub-influx') });
const DashboardSchema = Type.Object({
  // A file with an id of its own would fight with the database's.
  id: Type.Null(),
  uid: Type.String({ pattern: '^nhip-[a-z]+$' }),
  title: Type.String({ minLength: 1 }),
  schemaVersion: Type.Integer({ minimum: 36 }),
  templating: Type.Object({ list: Type.Array(Type.Object({ datasource: DataSource, query: Type.String() })) }),
  panels: Type.Array(
    Type.Object({
      id: Type.Integer(),
      title: Type.String({ minLength: 1 }),
      datasource: DataSource,
      gridPos: Type.Object({ x: Type.Integer(), y: Type.Integer(), w: Type.Integer(), h: Type.Integer() }),
      targets: Type.Array(Type.Object({ refId: Type.String(), datasource: DataSource, query: Type.String() }), {
        minItems: 1,
      }),
    }),
    { minItems: 4 },
  ),
});
type Dashboard = Static<typeof DashboardSchema>;
const validator = Compile(DashboardSchema);

function readDashboard(name: string): Dashboard {
  const value: unknown = JSON.parse(readFileSync(join(folder, 'dashboards', name), 'utf8'));
  expect([name, validator.Errors(value)]).toEqual([name, []]);
  return validator.Parse(value);
}

function queriesOf({ panels, templating }: Dashboard): readonly string[] {
  return [
    ...panels.flatMap(({ targets }) => targets.map(({ query }) => query)),
    ...templating.list.map(({ query }) => query),
  ];
}

const names = readdirSync(join(folder, 'dashboards')).sort();

describe('dashboards', () => {
  test('there is one a domain and one for the hub, each with a uid of its own', () => {
    expect(names).toEqual(['bus.json', 'fire.json', 'hub.json', 'parking.json']);
    expect(names.map((name) => readDashboard(name).uid)).toEqual(['nhip-bus', 'nhip-fire', 'nhip-hub', 'nhip-parking']);
  });

  test.each(names)('%s asks only for measurements and fields that the hub writes', (name) => {
    for (const query of queriesOf(readDashboard(name))) {
      const asked = [...query.matchAll(/_measurement == "([^"]+)"/g)].map((match) => match[1] ?? '');
      expect([query, asked.length > 0]).toEqual([query, true]);
      const fields = asked.flatMap((measurement) => Object.keys(measurements[measurement] ?? {}));
      expect([query, asked.filter((measurement) => measurements[measurement] === undefined)]).toEqual([query, []]);
      for (const [, field] of query.matchAll(/_field == "([^"]+)"/g)) expect(fields).toContain(field);
      expect(query).toContain('bucket: v.defaultBucket');
    }
  });

  test.each(names)('%s has panels that do not overlap', (name) => {
    const taken = new Set<string>();
    for (const { title, gridPos } of readDashboard(name).panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect([title, x < 24, taken.has(`${x},${y}`)]).toEqual([title, true, false]);
          taken.add(`${x},${y}`);
        }
      }
    }
  });

  // grafana/grafana#10786: inputs of an exported dashboard are not resolved in provisioned files.
  test.each(names)('%s has no input of an export', (name) => {
    const text = readFileSync(join(folder, 'dashboards', name), 'utf8');
    expect(text).not.toContain('__inputs');
    expect(text).not.toContain('${DS_');
  });
});

describe('containers', () => {
  const compose = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
  const source = readFileSync(join(folder, 'provisioning/datasources/hub.yml'), 'utf8');

  test('the provisioned source has the uid of the dashboards and no secret', () => {
    expect(source).toMatch(/^ {4}uid: hub-influx$/m);
    expect(source).toMatch(/^ {6}token: \$INFLUX_READ_TOKEN$/m);
  });

  test('every variable of the source is given to Grafana', () => {
    const used = [...source.matchAll(/: \$([A-Z_]+)$/gm)].map((match) => match[1] ?? '');
    expect(used).toEqual(['INFLUX_URL', 'INFLUX_ORG', 'INFLUX_BUCKET', 'INFLUX_READ_TOKEN']);
    const grafana = compose.slice(compose.indexOf('\n  grafana:'));
    for (const name of used) expect(grafana).toMatch(new RegExp(`^ {6}${name}: `, 'm'));
  });

  test('the folder of the provider is where the dashboards are mounted', () => {
    const provider = readFileSync(join(folder, 'provisioning/dashboards/hub.yml'), 'utf8');
    const path = /^ {6}path: (\S+)$/m.exec(provider)?.[1];
    expect(compose).toContain(`./dashboards/grafana/dashboards:${path}:ro`);
  });

  test('images have exact versions and secrets have no default', () => {
    const images = [...compose.matchAll(/^ {4}image: (\S+)$/gm)].map((match) => match[1] ?? '');
    expect(images).toHaveLength(3);
    for (const image of images) expect(image).toMatch(/:\d+\.\d+\.\d+$/);
    for (const name of ['INFLUX_TOKEN', 'INFLUX_PASSWORD', 'GRAFANA_PASSWORD'])
      expect(compose).toContain(`\${${name}:?`);
    expect(compose).not.toMatch(/(PASSWORD|TOKEN):-[^$}]/);
  });
});
