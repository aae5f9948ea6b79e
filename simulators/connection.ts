/** A simulated device's line to the hub: comes up when it can, breaks when the plan says so, keeps events meanwhile. */
import { connectDevice, type Device } from '../devices/client.ts';
import type { DeviceCredentials } from './credentials.ts';

/** Who connects, and who wants to know. */
export type ConnectionOptions = {
  readonly url: string;
  readonly device: DeviceCredentials;
  /** Which start of the device this is; a broken line does not change it. */
  readonly boot: number;
  /** A fault of the line, already taken care of by trying again. */
  onFault(fault: Error): void;
  /** The broker has the event. */
  onAcknowledged(): void;
  /** The hub has told what became of an event. */
  onReceipt(): void;
};

/** A device's line to the hub. */
export type Connection = {
  readonly isConnected: boolean;
  /** An event waits for the line to come back; at the bound the oldest is given up. Answers false when one was. */
  publishEvent(message: string, body: unknown): boolean;
  /** A reading is lost while there is no line. Answers whether it went out. */
  publishReading(message: string, body: unknown): boolean;
  /** Breaks the line without a farewell, so that the will goes out, and comes back after a while. */
  cut(forMs: number): void;
  /** Says offline and hangs up. */
  close(): Promise<void>;
};

/** Events that a device keeps while it has no line. */
const keptEvents = 200;
/** First pause before another try; each further one is twice as long, up to half a minute. */
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/** Opens the line and keeps it open. */
export function openConnection(options: ConnectionOptions): Connection {
  const { url, boot, device: account } = options;
  const kept: { readonly message: string; readonly body: unknown }[] = [];
  let device: Device | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const hand = (to: Device, message: string, body: unknown): void => {
    to.publishEvent(message, body).then(options.onAcknowledged, options.onFault);
  };
  const connect = async (pauseMs: number): Promise<void> => {
    const { id, password, domain } = account;
    const callbacks = { onReceipt: options.onReceipt, onFault: options.onFault };
    try {
      const opened = await connectDevice({ url, id, password, domain, boot, firmware: 'sim-1.0', ...callbacks });
      if (isClosed) return opened.close();
      device = opened;
      for (const { message, body } of kept.splice(0)) hand(opened, message, body);
    } catch (cause) {
      options.onFault(cause instanceof Error ? cause : new Error(String(cause)));
      later(pauseMs, Math.min(pauseMs * 2, longestPauseMs));
    }
  };
  const later = (waitMs: number, nextPauseMs: number): void => {
    clearTimeout(timer);
    // `connect` reports its faults itself and never rejects for them.
    timer = isClosed ? undefined : setTimeout(() => connect(nextPauseMs).catch(options.onFault), waitMs);
  };
  later(0, firstPauseMs);
  return {
    get isConnected() {
      return device?.isConnected === true;
    },
    publishEvent(message, body) {
      if (device !== undefined) hand(device, message, body);
      else kept.push({ message, body });
      return kept.length <= keptEvents || kept.shift() === undefined;
    },
    publishReading(message, body) {
      if (device?.isConnected !== true) return false;
      device.publishReading(message, body);
      return true;
    },
    cut(forMs) {
      if (device === undefined) return;
      device.end();
      device = undefined;
      later(forMs, firstPauseMs);
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await device?.close();
    },
  };
}
