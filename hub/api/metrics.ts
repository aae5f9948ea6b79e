/** Prometheus metrics. Labels come from closed lists only (domain, result, reason, queue), never a device id. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { BrokerStats, HistoryStats } from '../ports.ts';

/** One number with its labels. */
export type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** Numbers read when Prometheus scrapes; what is absent is not shown. Totals are since the start. */
export type Numbers = {
  /** Messages by `domain` and `result` (stored, dead, shed). */
  readonly messages?: readonly Sample[];
  /** Dead letters by `reason`. */
  readonly deadLetters?: readonly Sample[];
  /** Live sockets by `namespace`. */
  readonly sockets?: readonly Sample[];
  /** What waits, by `queue` (ingest, journal, history, broker). */
  readonly queues?: readonly Sample[];
  /** Devices by `domain` and `link` (never, online, late, lost). */
  readonly devices?: readonly Sample[];
  /** Job runs by `job` and `result` (ok, failed). */
  readonly jobRuns?: readonly Sample[];
  /** Duration of the last run in seconds, by `job`. */
  readonly jobSeconds?: readonly Sample[];
  readonly journal?: { readonly commits: number; readonly events: number; readonly lastCommitMs: number };
  readonly history?: HistoryStats;
  readonly broker?: BrokerStats;
  /** Worst delay of the event loop in the last second. */
  readonly loopDelaySeconds?: number;
  /** What the domains count, by metric; the name comes without `hub_`. */
  readonly domains?: readonly { readonly name: string; readonly help: string; readonly samples: readonly Sample[] }[];
};

export type Metrics = {
  /** How long after the broker had a message its step was done. */
  observeIngestLag(domain: string, seconds: number): void;
  /** From the hub having an alarm to the first app saying it has it. */
  observeAlarmDelivery(seconds: number): void;
  /** The hub's own test alarm, there and back. */
  observeWatchdog(seconds: number): void;
  /** One answered HTTP request; `route` is the pattern, never the address. */
  observeRequest(method: string, route: string, status: number, seconds: number): void;
  /** The text that Prometheus reads. */
  text(): Promise<string>;
  readonly contentType: string;
};

/** Buckets of a latency from 1 ms to 30 s: the alarm path promises are at 25 ms, 1 s and 10 s. */
const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Makes the metrics of one hub. `collect` is called once a scrape. */
export function createMetrics(options: { readonly version: string; collect(): Numbers }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'hub_' });
  new Gauge({ name: 'hub_build_info', help: 'Version of the hub, always 1', labelNames: ['version'], registers }).set(
    { version: options.version },
    1,
  );
  const update = createReadings(registry, options.collect);
  const ingestLag = new Histogram({
    name: 'hub_ingest_lag_seconds',
    help: 'From the broker having a message to its step being done',
    labelNames: ['domain'],
    buckets: latencyBuckets,
    registers,
  });
  const histogram = (name: string, help: string) => new Histogram({ name, help, buckets: latencyBuckets, registers });
  const delivery = histogram('hub_alarm_delivery_seconds', 'From the hub having an alarm to the first app having it');
  const watchdog = histogram('hub_watchdog_roundtrip_seconds', "The hub's own test alarm, there and back");
  const requests = new Histogram({
    name: 'hub_http_request_seconds',
    help: 'Answered HTTP requests by route pattern',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.025, 0.1, 0.5, 2.5, 10],
    registers,
  });
  return {
    observeIngestLag: (domain, seconds) => ingestLag.observe({ domain }, seconds),
    observeAlarmDelivery: (seconds) => delivery.observe(seconds),
    observeWatchdog: (seconds) => watchdog.observe(seconds),
    observeRequest: (method, route, status, seconds) =>
      requests.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, seconds),
    async text() {
      update();
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}

/** Metrics whose numbers live elsewhere and are read at the scrape. Returns the function that reads them. */
function createReadings(registry: Registry, collect: () => Numbers): () => void {
  const total = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Counter({ name, help, labelNames: [...labelNames], registers: [registry] });
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
  const messages = total('hub_mqtt_messages_total', 'Device messages by outcome', ['domain', 'result']);
  const deadLetters = total('hub_dead_letters_total', 'Refused messages by reason', ['reason']);
  const sockets = gauge('hub_socket_clients', 'Live clients', ['namespace']);
  const queues = gauge('hub_queue_depth', 'What waits', ['queue']);
  const devices = gauge('hub_devices', 'Devices by link', ['domain', 'link']);
  const jobRuns = total('hub_job_runs_total', 'Runs of scheduled jobs', ['job', 'result']);
  const jobSeconds = gauge('hub_job_last_duration_seconds', 'Duration of the last run', ['job']);
  const commits = total('hub_journal_commits_total', 'Group commits of the journal');
  const events = total('hub_journal_events_total', 'Events in the journal since the start');
  const commitSeconds = gauge('hub_journal_last_commit_seconds', 'Duration of the last group commit');
  const points = total('hub_history_points_total', 'Points by outcome', ['result']);
  const spool = gauge('hub_history_spool_bytes', 'Points on disk that wait for the store');
  const writeErrors = gauge('hub_influx_write_errors', 'One while the time series store cannot be reached');
  const connections = gauge('hub_mqtt_connections', 'Connected devices');
  const bytes = total('hub_mqtt_received_bytes_total', 'Bytes received from devices');
  const refused = total('hub_mqtt_connections_refused_total', 'Connections refused or cut', ['reason']);
  const loop = gauge('hub_event_loop_delay_seconds', 'Worst delay of the event loop in the last second');
  const ofDomains = new Map<string, Gauge>();
  return () => {
    const numbers = collect();
    for (const { name, help, samples: readings } of numbers.domains ?? []) {
      const labelNames = [...new Set(readings.flatMap(({ labels }) => Object.keys(labels)))];
      const known = ofDomains.get(name);
      // A metric's labels are known with its first sample.
      if (known === undefined && readings.length === 0) continue;
      const metric = known ?? gauge(`hub_${name}`, help, labelNames);
      ofDomains.set(name, metric);
      set(metric, readings);
    }
    set(messages, numbers.messages);
    set(deadLetters, numbers.deadLetters);
    set(sockets, numbers.sockets);
    set(queues, numbers.queues);
    set(devices, numbers.devices);
    set(jobRuns, numbers.jobRuns);
    set(jobSeconds, numbers.jobSeconds);
    set(commits, only(numbers.journal?.commits));
    set(events, only(numbers.journal?.events));
    set(commitSeconds, only(numbers.journal && numbers.journal.lastCommitMs / 1000));
    set(points, numbers.history && historySamples(numbers.history));
    set(spool, only(numbers.history?.spoolBytes));
    set(writeErrors, only(numbers.history && (numbers.history.fault === undefined ? 0 : 1)));
    set(connections, only(numbers.broker?.connections));
    set(bytes, only(numbers.broker?.bytes));
    set(refused, numbers.broker && samples('reason', numbers.broker.refused));
    set(loop, only(numbers.loopDelaySeconds));
  };
}

function set(metric: Counter | Gauge, readings: readonly Sample[] | undefined): void {
  metric.reset();
  for (const { labels, value } of readings ?? []) metric.inc(labels, value);
}

function only(value: number | undefined): readonly Sample[] | undefined {
  return value === undefined ? undefined : [{ labels: {}, value }];
}

/** One sample a key of this record, with the key as the label. */
export function samples(label: string, values: Readonly<Record<string, number>>): readonly Sample[] {
  return Object.entries(values).map(([key, value]) => ({ labels: { [label]: key }, value }));
}

function historySamples(stats: HistoryStats): readonly Sample[] {
  const { offered, written, shed, refused } = stats;
  return samples('result', { offered, written, shed, refused });
}
