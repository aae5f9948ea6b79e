/** Where the hub of a data folder listens: it stands beside its lock, so that `nhip doctor` asks this hub and no other. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';

const Doors = Type.Object({
  processId: Type.Integer({ minimum: 1 }),
  host: Type.String(),
  httpPort: Type.Integer(),
  /** 0 with an external broker. */
  mqttPort: Type.Integer(),
});
export type Doors = Static<typeof Doors>;

export const doorsFile = 'hub.doors';
const schema = Compile(Doors);

/** Writes them down; answers how to take them back. */
export function announceDoors(dataDirectory: string, doors: Doors): () => void {
  const path = join(dataDirectory, doorsFile);
  writeFileSync(path, JSON.stringify(doors), { mode: 0o640 });
  return () => rmSync(path, { force: true });
}

/** The doors of this process; `undefined` when it wrote none, as versions before this file. */
export function readDoors(dataDirectory: string, processId: number): Doors | undefined {
  try {
    const doors: unknown = JSON.parse(readFileSync(join(dataDirectory, doorsFile), 'utf8'));
    return schema.Check(doors) && doors.processId === processId ? doors : undefined;
  } catch {
    // Not there, or torn by a crash: whoever asks falls back on the settings.
    return undefined;
  }
}
