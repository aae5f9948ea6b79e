/** InfluxDB 2 through its official client, with nothing of the client's own retries: the spool is the memory. */
import { HttpError, InfluxDB, setLogger } from '@influxdata/influxdb-client';
import { DeleteAPI } from '@influxdata/influxdb-client-apis';
import type { MeasurementTable } from '../ports.ts';
import { countInflux, queryInflux } from './influx-query.ts';
import { toLines } from './line-protocol.ts';
import type { InfluxConfig } from './messages.ts';
import { checkQuery, type Store, StoreFault, type Written } from './store.ts';

export type InfluxOptions = {
  readonly config: InfluxConfig;
  readonly measurements: MeasurementTable;
  readonly warn: (message: string, facts: object) => void;
};

/** A server that says nothing for so long is treated as away; the lines come again, which it does not mind. */
const timeoutMs = 30_000;
/** One request; two batches of the spool. The server advises 5,000 lines. */
const linesPerRequest = 5_000;
/** When so many lines in a row are refused and none is taken, not the lines are wrong. */
const hopelessLines = 20;

/** Opens the client; the server may be away. */
export async function openInflux({ config, measurements, warn }: InfluxOptions): Promise<Store> {
  const { url, token, org, bucket } = config;
  const client = new InfluxDB({ url, token, timeout: timeoutMs });
  // The client writes to the console otherwise; every failure reaches us as a rejection too.
  setLogger({ error: () => undefined, warn: () => undefined });
  const api = client.getWriteApi(org, bucket, 'ms', {
    maxRetries: 0,
    batchSize: 2,
    flushInterval: 0,
    // Most servers are near; a tenth of a core for gzip is better spent on alarms.
    gzipThreshold: Number.MAX_SAFE_INTEGER,
  });
  const send = async (lines: readonly string[]): Promise<void> => {
    api.writeRecord(lines.join('\n'));
    await api.flush();
  };
  return {
    chunkPoints: linesPerRequest,
    needsSpool: true,
    gatherMs: 250,
    write: (batches) => writeLines(batches.flatMap(toLines), { send, config, warn }),
    query: (query) => queryInflux(client.getQueryApi(org), bucket, checkQuery(query, measurements)),
    async forget(measurement, before) {
      const count = await countInflux(client.getQueryApi(org), bucket, measurement, before);
      const start = '1677-09-21T00:12:44Z';
      // The server takes the stop as inside; times are whole milliseconds.
      const stop = new Date(Math.ceil(before) - 1).toISOString();
      const predicate = `_measurement="${measurement}"`;
      await new DeleteAPI(client).postDelete({ org, bucket, body: { start, stop, predicate } });
      return count;
    },
    async close() {
      await api.close();
    },
  };
}

type Sender = {
  readonly send: (lines: readonly string[]) => Promise<void>;
  readonly config: InfluxConfig;
  readonly warn: InfluxOptions['warn'];
};

/**
 * Sends lines; a batch that the server calls malformed is halved until the lines that it means are found.
 *
 * @throws StoreFault when the server cannot take any now.
 */
async function writeLines(lines: readonly string[], sender: Sender): Promise<Written> {
  const total = { written: 0, refused: 0 };
  const halves: (readonly string[])[] = [lines];
  for (let part = halves.pop(); part !== undefined; part = halves.pop()) {
    if (part.length === 0) continue;
    const verdict = await attempt(part, sender);
    if (verdict.kind === 'taken') {
      total.written += part.length - verdict.dropped;
      total.refused += verdict.dropped;
    } else if (part.length > 1) {
      const middle = part.length >> 1;
      halves.push(part.slice(middle), part.slice(0, middle));
    } else {
      total.refused++;
      sender.warn('InfluxDB will never take this line', { line: part[0]?.slice(0, 500), reason: verdict.reason });
      if (total.written === 0 && total.refused >= hopelessLines) {
        throw new StoreFault(`InfluxDB refuses every line: ${verdict.reason}`);
      }
    }
  }
  return total;
}

type Verdict =
  | { readonly kind: 'taken'; readonly dropped: number }
  | { readonly kind: 'halve'; readonly reason: string };

async function attempt(lines: readonly string[], { send, config, warn }: Sender): Promise<Verdict> {
  try {
    await send(lines);
    return { kind: 'taken', dropped: 0 };
  } catch (cause) {
    if (!(cause instanceof HttpError)) {
      throw new StoreFault(`InfluxDB at ${config.url} does not answer (${messageOf(cause)}). Check HUB_INFLUX_URL.`);
    }
    const reason = reasonOf(cause);
    if (cause.statusCode === 400 || cause.statusCode === 413) return { kind: 'halve', reason };
    if (cause.statusCode !== 422) throw asFault(cause, reason, config);
    // 422: what fits is stored. Its number of dropped points is exact; without one the halves tell.
    const dropped = Number(/dropped=(\d+)/.exec(reason)?.[1] ?? Number.NaN);
    if (!(dropped <= lines.length)) return { kind: 'halve', reason };
    warn('InfluxDB refused points', { dropped, of: lines.length, reason: reason.slice(0, 500) });
    return { kind: 'taken', dropped };
  }
}

function asFault(cause: HttpError, reason: string, { url, org, bucket }: InfluxConfig): StoreFault {
  switch (cause.statusCode) {
    case 401:
    case 403:
      return new StoreFault(
        `InfluxDB at ${url} does not accept the token (${cause.statusCode}). Set HUB_INFLUX_TOKEN to one that may write to the bucket "${bucket}".`,
      );
    case 404:
      return new StoreFault(
        `InfluxDB at ${url} does not know the bucket "${bucket}" of "${org}" (${reason}). Make it, or set HUB_INFLUX_BUCKET and HUB_INFLUX_ORG.`,
      );
    default:
      return new StoreFault(`InfluxDB at ${url} answers ${cause.statusCode} (${reason})`, retryAfterMs(cause));
  }
}

/** RFC 9110 10.2.3: seconds, or a date. The client itself takes the seconds for milliseconds. */
function retryAfterMs(cause: HttpError): number | undefined {
  const header = String(cause.headers?.['retry-after'] ?? '');
  if (/^\d+$/.test(header)) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

function reasonOf(cause: HttpError): string {
  const json: unknown = cause.json;
  if (typeof json === 'object' && json !== null && 'message' in json) return String(json.message);
  return cause.body?.slice(0, 500) || cause.message;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error && cause.message !== '' ? cause.message : String(cause);
}
