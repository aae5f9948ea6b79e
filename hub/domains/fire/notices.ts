/** What people outside the screens are told, and in which words: each notice follows from one journalled fact. Pure. */
import type { JournalledEvent, Notice } from '../../domain.ts';
import type { Place } from '../../registry/records.ts';
import type { FireFact, Incident } from './events.ts';
import { evidenceOf } from './incident.ts';
import { noticeFacts, type Whereabouts } from './notice-facts.ts';
import { type FireState, incidentOf } from './state.ts';

type Text = Notice['text'];
type Context = { readonly place: Place | undefined; readonly whereabouts?: Whereabouts };

/** Who may be told of a drill or a test: it never reaches anyone who would come. */
const inHouse: ReadonlySet<string> = new Set(['station', 'shiftLead']);

/** Who must act at once, wherever the alarm is. The centre has it on its screens and is told when nobody takes it. */
const local = ['station', 'wardTeam'] as const;

/** The notices of one fact; none for most. */
export function fireNotices(event: JournalledEvent<FireFact>, state: FireState, context: Context): readonly Notice[] {
  const incident = 'incident' in event.data ? incidentOf(state, event.data.incident) : undefined;
  const tell = (step: Step): Notice[] => toAll(event, incident, context, step);
  switch (event.type) {
    case 'incident.raised': {
      if (isQuiet(event.data.standing)) return [];
      const notices = tell({ step: 'raised', to: local, why: raisedWords });
      // Whoever answers at the site knows most: called at once, in parallel, never waited for.
      return event.data.evidence === 'unverified'
        ? [...notices, ...tell({ step: 'verify', to: ['contacts'], why: verifyWords })]
        : notices;
    }
    case 'incident.standingChanged':
      if (event.data.standing !== 'actual') return [];
      return tell({ step: 'raised', to: local, why: realWords, round: event.cursor });
    case 'incident.reopened':
      return isQuiet(incident?.standing)
        ? []
        : tell({ step: 'raised', to: local, why: reopenedWords, round: event.cursor });
    case 'incident.evidenceRaised':
      // A clock that ran out is no news from the site, and the chain tells of it.
      if (event.data.by === 'hub' || isQuiet(incident?.standing)) return [];
      return tell({ step: 'evidence', to: local, why: surerWords, round: event.cursor });
    case 'incident.escalated': {
      const { step, to, reason, round } = event.data;
      return tell({ step, to, why: reasonWords[reason] ?? raisedWords, round });
    }
    default:
      return [];
  }
}

/** A walk test and an isolated device are shown on the screens and call nobody. */
function isQuiet(standing: Incident['standing']): boolean {
  return standing === 'test' || standing === 'isolated';
}

type Step = { readonly step: string; readonly to: readonly string[]; readonly why: Text; readonly round?: number };

function toAll(
  event: JournalledEvent<FireFact>,
  known: Incident | undefined,
  { place, whereabouts }: Context,
  { step, to, why, round = 1 }: Step,
): Notice[] {
  if (!('incident' in event.data)) return [];
  const { incident } = event.data;
  const status = statusOf(known);
  const where = whereOf(place, event.subject);
  const say = (language: keyof Text): string =>
    [statusWords[status][language], whatOf(known)[language], where, why[language]].filter(Boolean).join(' · ');
  const facts = known === undefined ? {} : { facts: noticeFacts(known, whereabouts) };
  return to
    .filter((audience) => status === 'actual' || inHouse.has(audience))
    .map((audience) => ({
      id: [incident, round, step, audience].join('/'),
      ...{ incident, step, audience, status },
      text: { vi: say('vi'), en: say('en') },
      at: event.at,
      ...facts,
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
const reopenedWords: Text = { vi: 'báo động trở lại', en: 'the alarm has come back' };
const surerWords: Text = { vi: 'thêm tín hiệu xác nhận', en: 'more signals confirm it' };
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
