/** What the app sees of a fire incident: REST, live events and snapshots carry this same shape. */
import type { Millis } from '../../../devices/wire.ts';

/** How sure: one automatic detector is unverified; a call point or a panel's word is confirmed. */
export type Evidence = 'unverified' | 'corroborated' | 'confirmed' | 'refuted';

/** Where the people are with it. Forward only; a correction is a new event. */
export type Handling = 'raised' | 'acknowledged' | 'dispatched' | 'resolved' | 'closed';

/** What the devices say now. A restore never closes an incident. */
export type Source = 'active' | 'restored';

/** How it ended. Required to close. */
export const dispositions = [
  'fire',
  'unwanted',
  'fault',
  'malicious',
  'accidentalCallPoint',
  'exercise',
  'test',
  'unknown',
] as const;
export type Disposition = (typeof dispositions)[number];

/** One device's point within an incident. */
export type PointView = {
  readonly deviceId: string;
  readonly point: string;
  readonly class: string;
  readonly since: Millis;
  readonly lastAt: Millis;
  readonly restoredAt?: Millis;
  /** How often it has said so: repetitions do not make new rows. */
  readonly count: number;
  /** It alarms and restores in turn; latched until it is quiet for a minute. */
  readonly chattering?: true;
};

/** Whether water can be taken there; absent: nobody has said. */
export type WaterStateView = 'working' | 'broken' | 'dry' | 'blocked';

/** Who answers at a place; `owner`, `resident` or no role: the household. */
export type ContactView = {
  readonly name: string;
  readonly phone: string;
  readonly role?: 'owner' | 'resident' | 'keyHolder' | 'manager' | 'guard' | 'neighbourhood';
};

/** Where it is. `bindingState` says how far the address may be trusted. */
export type IncidentPlaceView = {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly wardCode?: string;
  readonly wardName?: string;
  /** The chain of alleys as locals say it: `số 12, ngách 34/5, ngõ 34 Hàng Bạc`. */
  readonly alleyChain?: string;
  /** Floor, flat or room. */
  readonly unit?: string;
  /** What it was called before, latest first; `kind` as in `aliasKinds` of the registry, e.g. `oldWard`, `street`; from `validTo` on it no longer held. */
  readonly formerNames?: readonly { readonly kind: string; readonly value: string; readonly validTo?: Millis }[];
  readonly lat: number;
  readonly lon: number;
  readonly bindingState: 'claimed' | 'verified' | 'disputed';
  readonly use?: string;
  readonly footMeters?: number;
  readonly alleyWidthMeters?: number;
  /** The last point that a truck reaches; `footMeters` count from there. */
  readonly truckPoint?: { readonly lat: number; readonly lon: number };
  readonly entrances?: readonly {
    readonly name: string;
    readonly position?: { readonly lat: number; readonly lon: number };
  }[];
  readonly secondExit?: string;
  readonly gate?: string;
  readonly barredBalcony?: boolean;
  readonly hazards?: readonly string[];
  /** Empty once the incident is closed. */
  readonly contacts: readonly ContactView[];
  /** So many of the household more, for those who take the incident or are sent to it. */
  readonly contactsWithheld?: number;
  readonly stations: readonly {
    readonly name: string;
    readonly meters: number;
    readonly approximate: boolean;
    readonly lat: number;
    readonly lon: number;
  }[];
  /** The nearest, and the nearest that may give water; by distance. */
  readonly water: readonly {
    readonly name: string;
    readonly meters: number;
    readonly lat: number;
    readonly lon: number;
    readonly state?: WaterStateView;
  }[];
};

/** One line of the incident's time line. */
export type TimelineEntry = {
  readonly at: Millis;
  readonly type: string;
  /** Person or device. */
  readonly by: string;
  readonly text?: string;
};

export type IncidentView = {
  readonly id: string;
  readonly subject: string;
  readonly place: IncidentPlaceView | null;
  /** 1 to 8, fire.md §5.2. */
  readonly priority: number;
  readonly evidence: Evidence;
  readonly handling: Handling;
  readonly source: Source;
  readonly synthetic: boolean;
  /** Absent: actual. Only a window that a person opened at the hub makes it another. */
  readonly status?: 'actual' | 'exercise' | 'test';
  /** All its devices are isolated: shown grey, calls nobody. */
  readonly isolated?: true;
  /** Devices in alarm whose line went dead: surer, not quieter. */
  readonly commLost?: readonly string[];
  readonly points: readonly PointView[];
  /** So many points beyond those shown. */
  readonly morePoints?: number;
  readonly raisedAt: Millis;
  readonly lastEventAt: Millis;
  /** How long after the device's own time the hub had it; negative when the device's clock is ahead. */
  readonly receivedAfterMs: number;
  /** Doubts that travel with it: `late`, `clock`, `binding`, `retained`. */
  readonly quality: readonly string[];
  readonly acknowledged?: { readonly at: Millis; readonly by: string };
  readonly dispatched?: { readonly at: Millis; readonly by: string; readonly units: string };
  /** How far the units have come, in order. */
  readonly progress?: readonly {
    readonly at: Millis;
    readonly by: string;
    readonly stage: 'enRoute' | 'onScene' | 'underControl';
  }[];
  readonly resolved?: { readonly at: Millis; readonly by: string };
  readonly closed?: {
    readonly at: Millis;
    readonly by: string;
    readonly disposition: Disposition;
    readonly note?: string;
  };
  readonly timeline: readonly TimelineEntry[];
  /** The chain of those who are told when nobody answers; absent when it has come to rest. */
  readonly escalation?: EscalationView;
  /** What came of earlier alarms of this place; an alarm is never quieter for it. */
  readonly history?: { readonly alarms90d: number; readonly unwanted90d: number };
  /** Many devices with one cause, in one line: no place, no points. */
  readonly area?: AreaView;
  /** Open incidents within 30 m: beside each other, never merged. */
  readonly related?: readonly { readonly incident: string; readonly subject: string; readonly meters: number }[];
  /** What people told of it; `by` took it down. */
  readonly reports?: readonly ReportView[];
  /** Of an open one: how likely it burns, and why. It explains; it never decides. */
  readonly score?: ScoreView;
};

/** A person's word. `meters`: from where the person points to. */
export type ReportView = {
  readonly at: Millis;
  readonly by: string;
  readonly source: 'call114' | 'neighbour' | 'app' | 'patrol';
  readonly text: string | null;
  readonly meters: number;
};

/** Probability 0 to 1 by a noisy-OR of the reasons, the weightiest first. */
export type ScoreView = {
  readonly probability: number;
  readonly reasons: readonly { readonly word: string; readonly weight: number }[];
};

/** An area incident: which trouble, how many devices, how many of them still, and where most are. */
export type AreaView = {
  /** `mains`, `comm`, `battery`, `line`, `tamper`, `supervisory` or `other`. */
  readonly class: string;
  readonly members: number;
  readonly standing: number;
  readonly wards: readonly { readonly code: string; readonly name?: string; readonly members: number }[];
  /** Gateways, feeders or providers that members hang on, those with most members first. */
  readonly gateways: readonly { readonly id: string; readonly members: number }[];
  /** In trouble for more than 15 minutes: each needs a visit. */
  readonly overdue: number;
};

/** The last step that was taken (`raised` before the first), and what comes when if nobody does anything. */
export type EscalationView = { readonly step: string; readonly next?: string; readonly nextAt?: Millis };

/** A drill, walk test, isolation or commissioning that stands open. */
export type FireWindowView = {
  readonly id: string;
  /** The place, or `device:<id>`. */
  readonly subject: string;
  readonly kind: 'drill' | 'walkTest' | 'isolation' | 'commissioning';
  readonly devices: readonly string[];
  /** Only these points of the devices, `<device>/<point>`; absent: all of them. */
  readonly points?: readonly string[];
  readonly by: string;
  readonly reason: string;
  /** What stands in for an isolated device. */
  readonly compensation: string | null;
  readonly from: Millis;
  readonly until: Millis;
  /** Points that were heard in it, of how many. */
  readonly seen: number;
  readonly expected: number;
};

/** Answer to `subscribe` on `/fire`: everything not closed, worst first. */
export type FireSnapshot = {
  readonly at: Millis;
  readonly incidents: readonly IncidentView[];
  /** The last incident that was closed, so that an empty queue can explain itself. */
  readonly lastClosed?: IncidentView;
  /** More new alarms than people can look at, since this time. */
  readonly flood?: { readonly since: Millis };
  /** Windows that stand open, those that end soonest first. */
  readonly windows: readonly FireWindowView[];
  /** Places with devices that are near their alarm (P4): no incident yet. Absent: none. */
  readonly prealarms?: readonly PrealarmView[];
};

/** Devices of a place (or `device:<id>`) whose pre-alarm stands. */
export type PrealarmView = { readonly subject: string; readonly devices: readonly string[] };

/** `data` of each live event on `/fire`: the incident after the event replaces the app's copy. */
export type FireEventView = { readonly incident: IncidentView };
