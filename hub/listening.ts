/** Where the hub of a data folder listens: it stands beside its lock, so that `nhip doctor` asks this hub and no other. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';

const Listening = Type.Object({
  processId: Type.Integer({ minimum: 1 }),
  host: Type.String(),
  httpPort: Type.Integer(),
  /** 0 with an external broker. */
  mqttPort: Type.Integer(),
});
export type Listening = Static<typeof Listening>;

export const listeningFile = 'hub.listening';
const schema = Compile(Listening);

/** Writes it down; answers how to take it back. */
export function announceListening(dataDirectory: string, listening: Listening): () => void {
  const path = join(dataDirectory, listeningFile);
  writeFileSync(path, JSON.stringify(listening), { mode: 0o640 });
  return () => rmSync(path, { force: true });
}

/** Where this process listens; `undefined` when it wrote none, as versions before this file. */
export function readListening(dataDirectory: string, processId: number): Listening | undefined {
  try {
    const listening: unknown = JSON.parse(readFileSync(join(dataDirectory, listeningFile), 'utf8'));
    return schema.Check(listening) && listening.processId === processId ? listening : undefined;
  } catch {
    // Not there, or torn by a crash: whoever asks falls back on the settings.
    return undefined;
  }
}
