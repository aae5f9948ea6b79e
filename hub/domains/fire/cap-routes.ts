/** `/cap/alerts`: public fire warnings as an Atom feed of CAP 1.2 alerts, for boards, loudspeakers and other systems. */
import { Type } from 'typebox';
import type { Api, DomainKit } from '../../domain.ts';
import { HubError } from '../../errors.ts';
import type { StoredEvent } from '../../ports.ts';
import { type CapMessage, capMessages, isLive } from './cap.ts';
import { type CapArea, capArea } from './cap-area.ts';
import { capDocument, capFeed } from './cap-xml.ts';
import type { Incident } from './events.ts';
import { readStory } from './incident-facts.ts';
import type { FireState } from './state.ts';

type Kit = Pick<DomainKit<FireState>, 'states' | 'journal' | 'registry' | 'now'>;
type Warning = { readonly messages: readonly CapMessage[]; readonly area: CapArea };
type Kept = {
  readonly lastEventAt: number;
  readonly lines: number;
  readonly raise: StoredEvent;
  readonly warning: Warning;
};

/** The feed is a list for machines; an area-wide disaster has its own warnings. The newest stay. */
const maxEntries = 200;
/** Incidents whose messages are remembered until their next fact; open ones at a bad hour are some dozens. */
const maxKept = 500;

/** Registers both routes; open to everyone, limited as all anonymous requests are. */
export function registerCapRoutes(api: Api, kit: Kit): void {
  const warnings = warningsOf(kit);
  const config = { action: 'anonymous' } as const;
  const tags = ['fire'];
  api.get(
    '/cap/alerts',
    {
      config,
      schema: {
        tags,
        summary: 'Public fire warnings, live ones only (Atom)',
        description: 'One entry for each public incident: its newest CAP 1.2 message. Streets and wards, never houses.',
        produces: ['application/atom+xml'],
      },
    },
    async (_request, reply) => {
      const at = kit.now();
      const entries: { message: CapMessage; area: CapArea }[] = [];
      for (const { incident } of lately(kit, at)) {
        const { messages, area } = await warnings(incident.id, incident);
        const message = messages.at(-1);
        if (message !== undefined && isLive(message, at)) entries.push({ message, area });
      }
      entries.sort((a, b) => b.message.sentAt - a.message.sentAt);
      return reply.type('application/atom+xml; charset=utf-8').send(capFeed(entries.slice(0, maxEntries), at));
    },
  );
  api.get(
    '/cap/alerts/:id',
    {
      config,
      schema: {
        tags,
        summary: 'One CAP 1.2 alert',
        description: 'By its identifier (`<incident>.<number>`), or the newest of an incident.',
        produces: ['application/cap+xml'],
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
      },
    },
    async ({ params: { id } }, reply) => {
      const [incident = ''] = id.split('.');
      const { messages, area } = await warnings(incident, undefined);
      const message = id === incident ? messages.at(-1) : messages.find(({ identifier }) => identifier === id);
      // An incident that is not public and one that never was look the same from outside.
      if (message === undefined) throw new HubError('notFound', 'There is no public warning with this identifier.');
      return reply.type('application/cap+xml; charset=utf-8').send(capDocument(message, area));
    },
  );
}

/** Open incidents, and those that ended so lately that their last message is still live. */
function* lately(kit: Kit, at: number): Iterable<{ readonly incident: Incident }> {
  for (const state of kit.states.values()) {
    if (state.open !== null && mayBePublic(state.open)) yield { incident: state.open };
    for (const incident of state.closed) {
      if (at - incident.lastEventAt < 3_600_000 && mayBePublic(incident)) yield { incident };
    }
  }
}

/** A quick look that spares the journal: whether anything ever happened that makes an incident public. */
function mayBePublic(incident: Incident): boolean {
  return (
    incident.evidence === 'confirmed' ||
    incident.dispatched !== null ||
    incident.timeline.some(({ type }) => type === 'incident.dispatched' || type === 'incident.verified')
  );
}

/** The messages of an incident, read again only after it has changed. */
function warningsOf(kit: Kit) {
  const kept = new Map<string, Kept>();
  return async (id: string, incident: Incident | undefined): Promise<Warning> => {
    const old = kept.get(id);
    const stamp = incident && { lastEventAt: incident.lastEventAt, lines: incident.timeline.length };
    if (old !== undefined && old.lastEventAt === stamp?.lastEventAt && old.lines === stamp.lines) return old.warning;
    const story = await readStory(kit.journal, id, old?.raise);
    if (story === undefined || story.raise.type !== 'incident.raised') return nothing;
    const isSynthetic = (deviceId: string) => kit.registry.device(deviceId)?.synthetic === true;
    const { raise } = story;
    const warning = {
      messages: capMessages(story.facts, { isSynthetic }),
      area: capArea(raise.subject, raise.data.device, raise.data.place, kit.registry),
    };
    if (stamp !== undefined) {
      kept.delete(id);
      kept.set(id, { ...stamp, raise: story.stored, warning });
      for (const oldest of kept.keys()) {
        if (kept.size <= maxKept) break;
        kept.delete(oldest);
      }
    }
    return warning;
  };
}

const nothing: Warning = {
  messages: [],
  area: { description: '' },
};
