/** An incident to start from in these tests; each test names what matters to it. */
import type { IncidentView } from '../../../hub/domains/fire/view.ts';

export function incident(changes: Partial<IncidentView> = {}): IncidentView {
  return {
    id: 'incident-1',
    subject: 'place-12',
    place: null,
    priority: 2,
    evidence: 'unverified',
    handling: 'raised',
    source: 'active',
    synthetic: false,
    points: [{ deviceId: 'fd-1', point: '1', class: 'smoke', since: 1_000, lastAt: 1_000, count: 1 }],
    raisedAt: 1_000,
    lastEventAt: 1_000,
    receivedAfterMs: 40,
    quality: [],
    timeline: [],
    ...changes,
  };
}
