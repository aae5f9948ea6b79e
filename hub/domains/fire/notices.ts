/** What people outside the screens are told, and in which words: each notice follows from one journalled fact. Pure. */
import type { JournalledEvent, Notice } from '../../domain.ts';
import type { Place } from '../../registry/records.ts';
import type { FireFact, Incident } from './events.ts';
import { evidenceOf } from './incident.ts';
import { type FireState, incidentOf } from './state.ts';

type Text = Notice['text'];
type Context = { readonly place: Place | undefined };

/** Who may be told of a drill or a test: it never reaches anyone who would come. */
const inHouse: ReadonlySet<string> = new Set(['station', 'shiftLead']);

/** The notices of one fact; none for most. */
export function fireNotices(event: JournalledEvent<FireFact>, state: FireState, { place }: Context): readonly Notice[] {
  switch (event.type) {
    case 'incident.raised': {
      // A walk test and an isolated device are shown on the screens and call nobody.
      if (event.data.standing === 'test' || event.data.standing === 'isolated') return [];
      const isHeld = event.data.evidence === 'unverified';
      const notices = toAll(event, state, place, { step: 'raised', to: ['station'], why: raisedWords });
      // Whoever answers at the site knows most: called at once, in parallel, never waited for.
      return isHeld
        ? [...notices, ...toAll(event, state, place, { step: 'verify', to: ['contacts'], why: verifyWords })]
        : notices;
    }
    case 'incident.standingChanged':
      if (event.data.standing !== 'actual') return [];
      return toAll(event, state, place, { step: 'raised', to: ['station'], why: realWords, round: event.cursor });
    case 'incident.escalated': {
      const { step, to, reason, round } = event.data;
      return toAll(event, state, place, { step, to, why: reasonWords[reason] ?? raisedWords, round });
    }
    default:
      return [];
  }
}

type Step = { readonly step: string; readonly to: readonly string[]; readonly why: Text; readonly round?: number };
type Told = JournalledEvent<
  Extract<FireFact, { type: 'incident.raised' | 'incident.escalated' | 'incident.standingChanged' }>
>;

function toAll(event: Told, state: FireState, place: Place | undefined, { step, to, why, round = 1 }: Step): Notice[] {
  const { incident } = event.data;
  const known = incidentOf(state, incident);
  const status = statusOf(known);
  const vi = [statusWords[status].vi, whatOf(known).vi, whereOf(place, event.subject), why.vi]
    .filter(Boolean)
    .join(' · ');
  const en = [statusWords[status].en, whatOf(known).en, whereOf(place, event.subject), why.en]
    .filter(Boolean)
    .join(' · ');
  return to
    .filter((audience) => status === 'actual' || inHouse.has(audience))
    .map((audience) => ({
      id: [incident, round, step, audience].join('/'),
      incident,
      step,
      audience,
      status,
      text: { vi, en },
      at: event.at,
    }));
}

/** A simulated or the hub's own device never calls anyone out. */
function statusOf(incident: Incident | undefined): Notice['status'] {
  if (incident?.standing === 'exercise') return 'exercise';
  return incident?.synthetic === true || incident?.standing !== undefined ? 'test' : 'actual';
}

const statusWords: Readonly<Record<Notice['status'], Text>> = {
  actual: { vi: '', en: '' },
  exercise: { vi: 'DIỄN TẬP', en: 'EXERCISE' },
  test: { vi: 'THỬ NGHIỆM', en: 'TEST' },
};

function whatOf(incident: Incident | undefined): Text {
  if (incident === undefined) return { vi: 'BÁO CHÁY', en: 'FIRE ALARM' };
  const isGas = incident.priority === 3;
  const evidence = evidenceWords[evidenceOf(incident)];
  return {
    vi: `${isGas ? 'BÁO KHÍ ĐỘC' : 'BÁO CHÁY'} (${evidence.vi})`,
    en: `${isGas ? 'GAS ALARM' : 'FIRE ALARM'} (${evidence.en})`,
  };
}

const evidenceWords = {
  unverified: { vi: 'chưa xác minh', en: 'unverified' },
  corroborated: { vi: 'có căn cứ', en: 'corroborated' },
  confirmed: { vi: 'đã xác nhận', en: 'confirmed' },
  refuted: { vi: 'đã bác bỏ', en: 'refuted' },
} as const;

function whereOf(place: Place | undefined, subject: string): string {
  return place === undefined ? subject : [place.name, place.address].filter(Boolean).join(', ');
}

const raisedWords: Text = { vi: '', en: '' };
const realWords: Text = { vi: 'KHÔNG PHẢI DIỄN TẬP: có báo động thật', en: 'NO EXERCISE: there is a real alarm' };
const verifyWords: Text = {
  vi: 'Hãy kiểm tra ngay; nếu thấy khói hoặc lửa, ra ngoài và gọi 114',
  en: 'Please check at once; if there is smoke or fire, get out and call 114',
};
const reasonWords: Readonly<Record<string, Text>> = {
  noReceipt: { vi: 'chưa màn hình nào nhận được', en: 'no screen has received it' },
  notAcknowledged: { vi: 'chưa ai tiếp nhận', en: 'nobody has acknowledged it' },
  undecided: { vi: 'đã tiếp nhận nhưng chưa quyết định', en: 'acknowledged, but not decided' },
  notEnRoute: { vi: 'đã điều động nhưng chưa xuất phát', en: 'dispatched, but nobody is en route' },
};
