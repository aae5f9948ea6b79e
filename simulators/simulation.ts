/** Runs a plan against a hub: an outside MQTT client for every device, and a timer that says what is due. */
import { join } from 'node:path';
import { type City, cityFolder, loadCity } from './city.ts';
import { createClock, hanoiSecondsOfDay, hanoiWeekday } from './clock.ts';
import { type Connection, openConnection } from './connection.ts';
import { type DeviceCredentials, readCredentials } from './credentials.ts';
import { planDay } from './day.ts';
import { loadNetwork } from './gtfs.ts';
import type { Planned } from './plan.ts';
import { scenarioNamed } from './scenario.ts';
import { createStamper } from './stamp.ts';

/** What to play, against whom. */
export type SimulationOptions = {
  /** `mqtt://host:port`. */
  readonly url: string;
  /** Path of the credentials file, or the devices themselves. */
  readonly credentials: string | readonly DeviceCredentials[];
  readonly scenario: string;
  readonly seed: number;
  /** 1 = real time. At other speeds buses do not name their trips, whose times would be wrong. */
  readonly speed?: number;
  /** GTFS folder or zip; the shipped network when absent. */
  readonly gtfs?: string;
  /** At most so many devices, in fair shares of each domain. */
  readonly devices?: number;
  /** So many panels beyond the shipped devices, from the credentials file. Other devices that the city does not know stay out. */
  readonly panels?: number;
  /** Called for the first fault, and then for every thousandth. */
  readonly onFault?: (message: string) => void;
};

/** Counts since the start. */
export type SimulationStats = {
  readonly devices: number;
  readonly connected: number;
  readonly sent: number;
  /** QoS 1 messages that the broker has acknowledged. */
  readonly acknowledged: number;
  /** What the hub told devices of their events: stored, delivered, accepted. */
  readonly receipts: number;
  /** Messages that nobody took: the line was down. */
  readonly unsent: number;
  readonly faults: number;
};

export type Simulation = { stop(): Promise<void>; stats(): SimulationStats };

/** Connections opened a second: a city does not switch on all at once. */
const connectsPerSecond = 150;
/** Actions that fall due within this time are said together: fewer turns of the loop. */
const turnMs = 20;

/**
 * Starts the city. Resolves when the plan is ready and the first devices connect; it plays until stopped.
 *
 * @throws Error in words for a wrong scenario, credentials file or GTFS.
 */
export async function startSimulation(options: SimulationOptions): Promise<Simulation> {
  const scenario = scenarioNamed(options.scenario);
  const { credentials, devices: limit, panels, speed = 1 } = options;
  const all = typeof credentials === 'string' ? readCredentials(credentials) : credentials;
  const city = loadCity();
  const cast = panels === undefined ? all : withPanels(all, city, panels);
  const devices = limit === undefined ? cast : fairShare(cast, limit);
  const startedAt = Date.now();
  const realSeconds = hanoiSecondsOfDay(startedAt);
  const startSeconds = scenario.startSeconds ?? (busesSleep(realSeconds) ? quietStartSeconds : realSeconds);
  const network = await loadNetwork(options.gtfs ?? join(cityFolder, 'gtfs'), hanoiWeekday(startedAt));
  const namesTrips = speed === 1 && startSeconds === realSeconds;
  const day = {
    seed: options.seed,
    scenario,
    city,
    network,
    devices,
    startSeconds,
    gateStartSeconds: realSeconds,
    speed,
    ...(panels === undefined ? {} : { unknownModel: 'fire-panel' as const }),
  };
  return play(planDay({ ...day, namesTrips }), devices, { ...options, speed });
}

/** Nobody wants to look at an empty city: at night the demo plays the afternoon. */
const quietStartSeconds = 14 * 3600;

function busesSleep(secondsOfDay: number): boolean {
  return secondsOfDay < 5.5 * 3600 || secondsOfDay > 21 * 3600;
}

/** The city's own devices and so many fire devices that it does not know. @throws Error when the file has fewer. */
function withPanels(all: readonly DeviceCredentials[], city: City, panels: number): readonly DeviceCredentials[] {
  const own = all.filter(({ id }) => city.devices.has(id));
  const others = all.filter(({ id, domain }) => domain === 'fire' && !city.devices.has(id));
  if (others.length >= panels) return [...own, ...others.slice(0, panels)];
  throw new Error(
    `--panels asks for ${panels} panels, but the credentials list ${others.length} fire devices beyond the shipped city; import more first`,
  );
}

/** The first ones of each domain, in the domains' proportions, so that a small city is still a whole one. */
function fairShare(all: readonly DeviceCredentials[], limit: number): readonly DeviceCredentials[] {
  const share = Math.min(1, limit / all.length);
  return [...Map.groupBy(all, (device) => device.domain).values()].flatMap((group) =>
    group.slice(0, Math.max(1, Math.round(group.length * share))),
  );
}

function play(
  plan: Generator<Planned, void>,
  devices: readonly DeviceCredentials[],
  options: SimulationOptions & { readonly speed: number },
): Simulation {
  // The plan begins when the last device has begun to connect, so that no early word is lost.
  const clock = createClock(Date.now() + (devices.length / connectsPerSecond) * 1000, options.speed);
  // Seconds since 2020: rises with every start and fits 32 bits for a century.
  const boot = Math.floor(clock.startedAt / 1000) - 1_577_836_800;
  const stamper = createStamper(clock, boot);
  const connections = new Map<string, Connection>();
  const counts = { sent: 0, acknowledged: 0, receipts: 0, unsent: 0, faults: 0 };
  const onFault = (id: string, fault: Error): void => {
    if (counts.faults++ % 1000 === 0)
      options.onFault?.(`${id}: ${fault.message || fault.name} (fault ${counts.faults})`);
  };
  let stopping = false;
  const act = ({ deviceId, action }: Planned): void => {
    const connection = connections.get(deviceId);
    if (action.kind === 'cut') {
      connection?.cut(action.forMs / options.speed);
      return;
    }
    const { name, body, qos } = stamper.stamp(deviceId, action);
    const isTaken = qos === 1 ? connection?.publishEvent(name, body) : connection?.publishReading(name, body);
    if (isTaken === true) counts.sent++;
    else counts.unsent++;
  };
  const connect = (device: DeviceCredentials): void => {
    connections.set(
      device.id,
      openConnection({
        ...{ url: options.url, device, boot },
        onFault: (fault) => onFault(device.id, fault),
        onAcknowledged: () => {
          counts.acknowledged++;
        },
        onReceipt: () => {
          counts.receipts++;
        },
      }),
    );
  };
  const waiting = [...devices];
  const connecting = setInterval(() => {
    for (const device of waiting.splice(0, Math.ceil(connectsPerSecond / 20))) connect(device);
    if (waiting.length === 0) clearInterval(connecting);
  }, 50);
  let timer: NodeJS.Timeout | undefined;
  let head = plan.next();
  const turn = (): void => {
    if (stopping) return;
    const dueMs = clock.offsetAt(Date.now());
    for (; head.done !== true && head.value.atMs <= dueMs; head = plan.next()) act(head.value);
    if (head.done === true) return;
    timer = setTimeout(turn, Math.max(turnMs, clock.wallAt(head.value.atMs) - Date.now()));
  };
  turn();
  return {
    stats: () => ({
      devices: devices.length,
      connected: [...connections.values()].filter((connection) => connection.isConnected).length,
      ...counts,
    }),
    async stop() {
      stopping = true;
      clearTimeout(timer);
      clearInterval(connecting);
      await Promise.all([...connections.values()].map((connection) => connection.close()));
    },
  };
}
