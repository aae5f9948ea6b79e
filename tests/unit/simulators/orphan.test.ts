/** The simulated city as a process of a hub that is killed: nobody tells it to stop. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary.ts';

const credentials = join(temporaryFolder(), 'credentials.json');
const device = { id: 'fd-0001', username: 'fd-0001', password: 'p', domain: 'fire' };
writeFileSync(credentials, JSON.stringify({ devices: [device] }));
let city: ChildProcess | undefined;
afterEach(() => city?.kill('SIGKILL'));

test.each(['before it has begun', 'while it plays'])(
  'a city whose hub is gone ends by itself: %s',
  async (when) => {
    const script = join(import.meta.dirname, '../../../simulators/main.ts');
    city = fork(script, ['--url', 'mqtt://127.0.0.1:9', '--credentials', credentials], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const gone = once(city, 'exit');
    if (when === 'while it plays' && city.stdout !== null) await once(city.stdout, 'data');
    city.disconnect();
    expect(await gone).toEqual([0, null]);
  },
  30_000,
);
