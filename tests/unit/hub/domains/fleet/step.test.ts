/** Links of devices: silence, wills, restarts of the hub: fire.md §5.6. */
import { describe, expect, test } from 'vitest';
import type { DeviceStatus } from '../../../../../devices/fleet/message.ts';
import type { Millis } from '../../../../../devices/wire.ts';
import { fleetCounts } from '../../../../../hub/domains/fleet/counts.ts';
import type { FleetFact } from '../../../../../hub/domains/fleet/events.ts';
import { linkOf } from '../../../../../hub/domains/fleet/link.ts';
import { applyFact, type FleetState, neverHeard } from '../../../../../hub/domains/fleet/state.ts';
import { fleetDueAt, stepFleet } from '../../../../../hub/domains/fleet/step.ts';
import type { DeviceRecord } from '../../../../../hub/registry/records.ts';

const start: Millis = 1_795_503_600_000;
const seconds = (n: number) => start + n * 1_000;
const device: DeviceRecord = {
  id: 'det-1',
  domain: 'fire',
  model: 'smoke-detector',
  name: 'Đầu báo bếp',
  heartbeatMs: 60_000,
  synthetic: false,
};

/** A device, the registry's memory of it and the engine's clock, moved by hand. */
function watch(initial: FleetState = neverHeard) {
  let state = initial;
  let presence: { lastAt: Millis; messages: number; refused: number; battery?: number } | undefined;
  const facts: FleetFact[] = [];
  const context = () => ({ device, presence });
  const note = (at: Millis, battery?: number) => {
    presence = {
      lastAt: at,
      messages: (presence?.messages ?? 0) + 1,
      refused: 0,
      ...(battery === undefined ? {} : { battery }),
    };
  };
  const take = (step: ReturnType<typeof stepFleet>): string[] => {
    state = step.state;
    facts.push(...(step.events ?? []));
    return (step.events ?? []).map((fact) => fact.type);
  };
  const tick = (at: Millis) => take(stepFleet(state, { kind: 'tick', at }, context()));
  return {
    tick,
    /** A reading: the registry notes it, and the first since the start makes the fleet look. */
    hear(at: Millis, battery?: number): string[] {
      const isFirst = presence === undefined;
      note(at, battery);
      return isFirst ? tick(at) : [];
    },
    status(at: Millis, body: Partial<DeviceStatus>, retained = false): string[] {
      const said = { online: true, boot: 1, ts: at, ...body };
      const types = take(
        stepFleet(state, { kind: 'message', name: 'status', at, device, retained, body: said }, context()),
      );
      note(at);
      return types;
    },
    /** Ticks whenever the state is due, until then. */
    until(end: Millis): string[] {
      const types: string[] = [];
      for (let due = fleetDueAt(state); due !== undefined && due <= end; due = fleetDueAt(state))
        types.push(...tick(due));
      return types;
    },
    /** The hub starts anew: what was not journalled is gone. */
    restart() {
      presence = undefined;
      state = facts.reduce(applyFact, neverHeard);
    },
    link: (at: Millis) => linkOf(device, state, presence, at),
    state: () => state,
    facts: () => facts,
  };
}

describe('silence', () => {
  test.each([
    [0, 'online'],
    [90, 'online'],
    [91, 'late'],
    [130, 'late'],
    [131, 'lost'],
  ])('%i s after its last word a device of 60 s is %s', (after, link) => {
    const scene = watch();
    expect(scene.hear(start)).toEqual(['device.cameOnline']);
    scene.until(seconds(after));
    expect(scene.link(seconds(after))).toBe(link);
  });

  test('lost is journalled once, with when it was last heard; late is not', () => {
    const scene = watch();
    scene.hear(start);
    scene.hear(seconds(40));
    expect(scene.until(seconds(3_600))).toEqual(['device.lost']);
    expect(scene.facts().at(-1)).toEqual({
      type: 'device.lost',
      at: seconds(170) + 1,
      data: { device: 'det-1', cause: 'silence', lastAt: seconds(40) },
    });
  });

  test('a lost device that only sends readings returns within a minute', () => {
    const scene = watch();
    scene.hear(start);
    scene.until(seconds(300));
    scene.hear(seconds(301));
    expect(scene.link(seconds(301))).toBe('online');
    expect(scene.until(seconds(361))).toEqual(['device.returned']);
  });

  test('a device that keeps speaking makes no facts and few ticks', () => {
    const scene = watch();
    scene.hear(start);
    for (let beat = 1; beat <= 60; beat++) {
      scene.hear(seconds(beat * 60));
      scene.until(seconds(beat * 60));
    }
    expect(scene.facts().map((fact) => fact.type)).toEqual(['device.cameOnline']);
  });

  test('a registered device that was never heard is never', () => {
    const scene = watch();
    expect([scene.link(start), scene.link(seconds(1e6)), fleetDueAt(neverHeard)]).toEqual([
      'never',
      'never',
      undefined,
    ]);
  });
});

describe('wills', () => {
  test('a will makes it lost after a grace of 30 s', () => {
    const scene = watch();
    scene.status(start, { boot: 7 });
    expect(scene.status(seconds(10), { online: false, boot: 7 })).toEqual([]);
    expect(scene.until(seconds(39))).toEqual([]);
    expect(scene.until(seconds(40))).toEqual(['device.lost']);
    expect(scene.facts().at(-1)?.data).toEqual({ device: 'det-1', cause: 'will', lastAt: seconds(10) });
    expect(scene.link(seconds(40))).toBe('lost');
  });

  test('a device that comes back within the grace was not lost', () => {
    const scene = watch();
    scene.status(start, { boot: 7 });
    scene.status(seconds(10), { online: false, boot: 7 });
    expect(scene.status(seconds(20), { boot: 7 })).toEqual([]);
    expect(scene.until(seconds(100))).toEqual([]);
  });

  test('any word after the will is a sign of life', () => {
    const scene = watch();
    scene.status(start, { boot: 7 });
    scene.status(seconds(10), { online: false, boot: 7 });
    scene.hear(seconds(25));
    expect(scene.until(seconds(100))).toEqual([]);
    expect(scene.link(seconds(100))).toBe('online');
  });

  test.each<[string, DeviceStatus['boot'], DeviceStatus['boot'], Millis, boolean]>([
    ['the same boot', 8, 8, seconds(-600), true],
    ['an older number', 8, 7, seconds(-600), false],
    ['an older number with a newer time', 8, 7, seconds(5), false],
    ['a newer number', 8, 9, seconds(5), true],
    ['another word, older', 'b', 'a', seconds(-600), false],
    ['another word, newer', 'b', 'a', seconds(5), true],
    ['a word after a number, older', 8, 'a', seconds(-600), false],
  ])('a will of %s', (_name, running, boot, ts, ends) => {
    const scene = watch();
    scene.status(start, { boot: running });
    scene.status(seconds(10), { online: false, boot, ts });
    expect(scene.until(seconds(41))).toEqual(ends ? ['device.lost'] : []);
  });

  test('a retained status tells of the past', () => {
    const scene = watch();
    expect(scene.status(start, { online: true }, true)).toEqual([]);
    expect(scene.state()).toEqual(neverHeard);
  });

  test('a new boot is a fact, the same one is not', () => {
    const scene = watch();
    scene.status(start, { boot: 7, firmware: '2.0' });
    expect(scene.status(seconds(5), { boot: 7 })).toEqual([]);
    expect(scene.status(seconds(9), { boot: 8, firmware: '2.1' })).toEqual(['device.rebooted']);
    expect(scene.state()).toMatchObject({ firmware: '2.1', session: { boot: 8, ts: seconds(9) } });
  });
});

describe('a restart of the hub', () => {
  test('nobody is lost before one nominal period and the usual silence have passed', () => {
    const scene = watch();
    scene.status(start, {});
    scene.restart();
    expect(fleetDueAt(scene.state())).toBe(0);
    expect(scene.tick(seconds(7_200))).toEqual([]);
    expect(scene.link(seconds(7_201))).toBe('late');
    expect(scene.until(seconds(7_200 + 60 + 130))).toEqual([]);
    expect(scene.until(seconds(7_200 + 60 + 131))).toEqual(['device.lost']);
  });

  test('who was lost before stays lost until it speaks', () => {
    const scene = watch();
    scene.hear(start);
    scene.until(seconds(200));
    scene.restart();
    scene.tick(seconds(500));
    expect(scene.link(seconds(501))).toBe('lost');
    expect(scene.hear(seconds(502))).toEqual(['device.returned']);
  });

  test('a snapshot taken before the stop does not make a storm either', () => {
    const before = watch();
    before.status(start, {});
    const scene = watch(before.state());
    expect(scene.tick(seconds(7_200))).toEqual([]);
    expect(scene.until(seconds(7_200 + 190))).toEqual([]);
  });

  test('a machine that slept holds its timers', () => {
    const scene = watch();
    scene.hear(start);
    expect(scene.tick(seconds(36_000))).toEqual([]);
    expect(scene.link(seconds(36_000))).toBe('late');
  });

  test('an old boot’s will is still known after it', () => {
    const scene = watch();
    scene.status(start, { boot: 'b' });
    scene.restart();
    scene.tick(seconds(100));
    scene.status(seconds(101), { online: false, boot: 'a', ts: seconds(-600) });
    expect(scene.until(seconds(140))).toEqual([]);
  });
});

describe('battery', () => {
  test('crossing 20 % downwards and 30 % upwards are facts, once each', () => {
    const scene = watch();
    scene.hear(start, 25);
    const at = (n: number, battery: number) => {
      scene.hear(seconds(n), battery);
      return scene.tick(seconds(n));
    };
    expect([at(60, 20), at(120, 19), at(180, 18), at(240, 25), at(300, 30), at(360, 29)]).toEqual([
      [],
      ['device.batteryLow'],
      [],
      [],
      ['device.batteryRecovered'],
      [],
    ]);
  });
});

test('a removed device is left alone', () => {
  const step = stepFleet(neverHeard, { kind: 'tick', at: start }, { device: undefined, presence: undefined });
  expect([step.events, fleetDueAt(step.state)]).toEqual([undefined, start + 86_400_000]);
});

test('counts are by domain and link, with those never heard', () => {
  const devices = ['a', 'b', 'c', 'd'].map((id) => ({ ...device, id, domain: id === 'd' ? 'bus' : 'fire' }));
  const heard = new Map([
    ['a', start],
    ['b', seconds(-100)],
    ['c', seconds(-500)],
  ]);
  const registry = {
    devices: () => devices,
    presence: (id: string) => {
      const lastAt = heard.get(id);
      return lastAt === undefined ? undefined : { lastAt, messages: 1, refused: 0 };
    },
  };
  const states = new Map<string, unknown>([
    ['b', { ...neverHeard, link: 'online', since: seconds(-900) }],
    ['x', 'strange'],
  ]);
  expect(fleetCounts(states, registry, start)).toEqual({
    fire: { never: 0, online: 1, late: 1, lost: 1 },
    bus: { never: 1, online: 0, late: 0, lost: 0 },
  });
});
