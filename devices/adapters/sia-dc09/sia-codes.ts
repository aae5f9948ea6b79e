/** SIA DC-03 event codes (`FA`, `KH`, `YT`): what each means to the fire domain. Pure. */
import type { FireEvent } from '../../fire/message.ts';
import { type Meaning, unknownAlarm } from './meaning.ts';

type Class = FireEvent['class'];

/** Families that speak of fire: first letter → sensor. */
const fireFamilies: Readonly<Record<string, Class>> = { F: 'other', K: 'heat', S: 'waterflow', G: 'gas', U: 'other' };
/** Burglary, hold-up, medical, panic, emergency, water, freeze: somebody's alarm, not ours to dispatch for. */
const otherFamilies = 'BHMPQWZ';

/** Second letters that mean the same in every family. */
function familyMeaning(action: string, sensor: Class, isFire: boolean): Meaning | undefined {
  switch (action) {
    case 'A':
      return { kind: isFire ? 'alarm' : 'supervisory', class: sensor };
    case 'H':
    case 'R':
      return { kind: 'restore', class: sensor };
    case 'S':
      return { kind: 'supervisory', class: sensor };
    case 'T':
      return { kind: 'trouble', class: sensor };
    case 'J':
      return { kind: 'troubleRestore', class: sensor };
    case 'B':
      return { kind: 'trouble', class: sensor, cause: 'bypass' };
    case 'U':
      return { kind: 'troubleRestore', class: sensor, cause: 'bypass' };
    case 'X':
      return { kind: 'test', class: sensor };
    default:
      return undefined;
  }
}

const trouble = (cause: string): Meaning => ({ kind: 'trouble', class: 'other', cause });
const restored = (cause: string): Meaning => ({ kind: 'troubleRestore', class: 'other', cause });
const test: Meaning = { kind: 'test', class: 'other' };
const info: Meaning = { kind: 'info', class: 'other' };

/** Codes that do not follow their family. */
const single: Readonly<Record<string, Meaning>> = {
  // Cross point: the panel has seen it on two sensors.
  FM: { kind: 'alarm', class: 'other', panelVerified: true },
  FG: { kind: 'alarm', class: 'other' },
  // Cancelled or silenced at the panel: somebody was there, which proves nothing. It must not clear the alarm.
  FC: info,
  FL: info,
  FV: { kind: 'restore', class: 'other' },
  FW: { kind: 'trouble', class: 'other' },
  FQ: { kind: 'trouble', class: 'other' },
  FI: test,
  FK: test,
  FY: trouble('missing'),
  FZ: trouble('missing'),
  AT: trouble('mains'),
  AR: restored('mains'),
  YT: trouble('battery'),
  YM: trouble('battery'),
  YR: restored('battery'),
  YP: trouble('power supply'),
  YI: trouble('power supply'),
  YQ: restored('power supply'),
  YC: trouble('line'),
  YS: trouble('line'),
  YK: restored('line'),
  YA: trouble('sounder'),
  YH: restored('sounder'),
  YX: trouble('service'),
  YZ: restored('service'),
  LT: trouble('line'),
  LR: restored('line'),
  NT: trouble('network'),
  NR: restored('network'),
  ET: trouble('module'),
  ER: restored('module'),
  IA: trouble('equipment'),
  IR: restored('equipment'),
  XT: trouble('sensor battery'),
  XR: restored('sensor battery'),
  XQ: trouble('radio'),
  XH: restored('radio'),
  RT: trouble('data lost'),
  TA: { kind: 'tamper', class: 'other', cause: 'tamper' },
  ES: { kind: 'tamper', class: 'other', cause: 'tamper' },
  XS: { kind: 'tamper', class: 'other', cause: 'tamper' },
  TR: restored('tamper'),
  TH: restored('tamper'),
  EJ: restored('tamper'),
  XJ: restored('tamper'),
  RP: test,
  RX: test,
  TS: test,
  TE: test,
  TX: test,
  TP: test,
  WA: { kind: 'supervisory', class: 'other' },
};

/** Opening, closing, access, remote and user messages: known, and nobody's alarm. */
const infoCodes = new Set(
  (
    'OA OC OG OH OI OJ OK OL OP OR OS OT OU OZ CA CD CE CF CG CI CJ CK CL CM CO CP CQ CR CS CT CW CZ ' +
    'DA DB DC DD DE DF DG DH DI DJ DK DL DM DO DP DQ DR DS DT DU DV DW DX DY DZ EE EX JA JD JH JK JL JP JR JS JT JV JX JY JZ ' +
    'LB LE LF LS LU LX NL RA RB RC RD RM RN RO RQ RR RS RU TC TU YB YD YE YF YG YL YN YO YU YW YY VB VI VN VO VQ VR VX VY VZ'
  ).split(' '),
);

/** The meaning of a code; one that nobody knows is a possible fire. */
export function siaMeaning(code: string): Meaning {
  const exact = Object.hasOwn(single, code) ? single[code] : undefined;
  if (exact !== undefined) return exact;
  if (infoCodes.has(code)) return info;
  const [family = '', action = ''] = code;
  const sensor = Object.hasOwn(fireFamilies, family) ? fireFamilies[family] : undefined;
  if (sensor !== undefined) return familyMeaning(action, sensor, true) ?? unknownAlarm;
  if (otherFamilies.includes(family)) return familyMeaning(action, 'other', false) ?? info;
  return unknownAlarm;
}
