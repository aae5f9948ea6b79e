/** Who is assigned to an incident: whoever took it, sent units to it, or is named among those units. */
import type { JournalReader } from '../../ports.ts';
import { readStory } from './incident-facts.ts';

/** What decides whether a principal may see who lives there. Names are those of the tokens. */
export type Assignment = {
  /** The house-number ID; `undefined` when the device hangs at no known place. */
  readonly placeId: string | undefined;
  readonly isLive: boolean;
  readonly assigned: readonly string[];
};

/** Read from the journal, so that it holds after a restart too; `undefined` when there is no such incident. */
export async function readAssignment(journal: JournalReader, incident: string): Promise<Assignment | undefined> {
  const story = await readStory(journal, incident);
  if (story === undefined) return undefined;
  const assigned = new Set<string>();
  let isLive = true;
  for (const { type, data } of story.facts) {
    if (type === 'incident.acknowledged') assigned.add(data.by);
    if (type === 'incident.dispatched') {
      for (const name of [data.by, ...data.units.split(',')]) assigned.add(name.trim());
    }
    if (type === 'incident.closed') isLive = false;
  }
  assigned.delete('');
  const { subject } = story.raise;
  return { placeId: /^(device|area):/.test(subject) ? undefined : subject, isLive, assigned: [...assigned] };
}
