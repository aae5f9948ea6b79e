/** The data units of GB/T 26875.3: type, count, objects, each with what it says of a part. Pure. */
import type { FireEvent } from '../../fire/message.ts';
import type { Millis } from '../../wire.ts';
import type { Condition } from '../edges.ts';
import { readTime } from './frame.ts';

/** One object: what it says, and when. */
export type GbObject = {
  readonly type: number;
  readonly conditions: readonly Condition[];
  readonly time?: Millis;
  readonly values: Readonly<Record<string, string | number>>;
};

/** Type → bytes of an object without its time. Six bytes of time follow each. */
const sizes: Readonly<Record<number, number>> = { 1: 4, 2: 40, 3: 10, 4: 4, 5: 4, 21: 1, 24: 2, 25: 2 };

/** Objects of one frame; what is cut off or of an unknown type is one object that a person should look at. */
export function readObjects(data: Uint8Array): readonly GbObject[] {
  const [type, count = 0] = data;
  if (type === undefined) return [];
  const size = Object.hasOwn(sizes, type) ? sizes[type] : undefined;
  if (size === undefined) return isSilent(type) ? [] : [unread(type, data)];
  const objects: GbObject[] = [];
  let from = 2;
  for (let index = 0; index < count; index++) {
    const bytes = data.subarray(from, from + size);
    if (bytes.length < size) return [...objects, unread(type, data)];
    const time = readTime(data.subarray(from + size, from + size + 6));
    objects.push({ type, ...readObject(type, Buffer.from(bytes)), ...(time === undefined ? {} : { time }) });
    from += size + 6;
  }
  return objects;
}

/** Configurations, clocks and versions say nothing of a fire. */
function isSilent(type: number): boolean {
  return (type >= 6 && type <= 8) || (type >= 26 && type <= 28) || (type >= 81 && type <= 91);
}

function unread(type: number, data: Uint8Array): GbObject {
  return {
    type,
    conditions: [{ kind: 'alarm', class: 'other', point: `type ${type}`, isOn: true, isUnknown: true }],
    values: { code: `type ${type}`, data: Buffer.from(data.subarray(0, 60)).toString('hex') },
  };
}

type Said = Pick<GbObject, 'conditions' | 'values'>;

function readObject(type: number, bytes: Buffer): Said {
  switch (type) {
    case 1:
      return systemStatus(bytes);
    case 2:
      return partStatus(bytes);
    case 3:
      return analogue(bytes);
    case 4:
    case 24:
      return operation(type, bytes);
    case 21:
      return transmitterStatus(bytes);
    default:
      return { conditions: [], values: { code: `type ${type}` } };
  }
}

/** Status bits of systems and parts. Bit 0 is 1 in normal running, 0 in test. */
const bit = { normal: 0, fire: 1, fault: 2, shielded: 3, supervised: 4, mains: 8 } as const;
const isSet = (status: number, index: number): boolean => (status & (1 << index)) !== 0;

function statusConditions(status: number, sensor: FireEvent['class'], point: string): readonly Condition[] {
  const other = (kind: Condition['kind'], cause: string, index: number): Condition => ({
    kind,
    class: 'other',
    point: `${cause} ${point}`,
    isOn: isSet(status, index),
  });
  return [
    { kind: 'alarm', class: sensor, point, isOn: isSet(status, bit.fire) },
    other('trouble', 'fault', bit.fault),
    other('trouble', 'bypass', bit.shielded),
    other('supervisory', 'supervised', bit.supervised),
    other('trouble', 'mains', bit.mains),
    { kind: 'test', class: sensor, point, isOn: !isSet(status, bit.normal) },
  ];
}

function systemStatus(bytes: Buffer): Said {
  const [system = 0, address = 0] = bytes;
  const status = bytes.readUInt16LE(2);
  return {
    conditions: statusConditions(status, 'other', `system ${system}.${address}`),
    values: { code: 'system status', status },
  };
}

function partStatus(bytes: Buffer): Said {
  const [system = 0, systemAddress = 0, part = 0] = bytes;
  const address = bytes.readUInt32LE(3);
  const status = bytes.readUInt16LE(7);
  // 31 bytes of free text in GB 18030: a name for people, which our own places give too.
  return {
    conditions: statusConditions(status, partClass(part), `${system}.${systemAddress}.${address}`),
    values: { code: 'part status', part, status },
  };
}

function analogue(bytes: Buffer): Said {
  const [system = 0, systemAddress = 0, part = 0] = bytes;
  const address = bytes.readUInt32LE(3);
  const value = bytes.length >= 10 ? bytes.readInt16LE(8) : 0;
  return {
    conditions: [],
    values: { code: 'analogue', part, point: `${system}.${systemAddress}.${address}`, quantity: bytes[7] ?? 0, value },
  };
}

/** What somebody did at the panel (4) or at the transmitter (24): bit 2 is the button that calls the fire service. */
function operation(type: number, bytes: Buffer): Said {
  const flags = (type === 4 ? bytes[2] : bytes[0]) ?? 0;
  const who = type === 4 ? 'panel' : 'transmitter';
  const conditions: Condition[] = [];
  if (isSet(flags, 2)) conditions.push({ kind: 'alarm', class: 'callPoint', point: `${who} button`, isOn: true });
  // Silenced, cancelled or reset at the panel clears nothing here: the parts themselves report their end.
  if (isSet(flags, 4) || isSet(flags, 6)) {
    conditions.push({ kind: 'test', class: 'other', point: who, isOn: true });
  }
  return { conditions, values: { code: `${who} operation`, flags } };
}

const transmitterFaults = [
  [2, 'transmitter'],
  [3, 'mains'],
  [4, 'battery'],
  [5, 'line'],
  [6, 'panel line'],
] as const;

function transmitterStatus(bytes: Buffer): Said {
  const status = bytes[0] ?? 0;
  const faults = transmitterFaults.map(
    ([index, point]): Condition => ({ kind: 'trouble', class: 'other', point, isOn: isSet(status, index) }),
  );
  const fire: Condition = { kind: 'alarm', class: 'other', point: 'transmitter', isOn: isSet(status, 1) };
  return { conditions: [fire, ...faults], values: { code: 'transmitter status', status } };
}

/** Part types by their tens: 23 call point, 30 heat, 40 smoke, 60 flame, 10 and 74 gas. */
function partClass(part: number): FireEvent['class'] {
  if (part === 23) return 'callPoint';
  if (part >= 30 && part <= 39) return 'heat';
  if (part >= 40 && part <= 49) return 'smoke';
  if (part >= 61 && part <= 69) return 'flame';
  if ((part >= 10 && part <= 13) || part === 74) return 'gas';
  return 'other';
}
