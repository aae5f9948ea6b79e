/** The guard's own bounds, beside the limits in config.ts. Each says what happens there. */

/** Larger QoS 0 packets are rare and go through the broker; this bounds what a packet across chunks costs to join. */
export const takenBytes = 8 * 1024;
/** SUBSCRIBE, UNSUBSCRIBE and the like: two own topics fit ten times over; a 256 KiB SUBSCRIBE would hold the loop for 0.2 s. */
export const controlBytes = 1024;
/** Messages of one connection in the broker and not yet acknowledged; its further bytes wait. The broker has no such bound. */
export const inFlightMessages = 128;
/** A first-lane device that sends more in a second waits like the others: no alarm panel does, a broken one must not starve the rest. */
export const firstBytesPerSecond = 256 * 1024;
/**
 * All waiting bytes together; above this the hub is behind, and a socket with anything waiting is read again only when that is
 * served. One read then brings many messages instead of one, and reading is most of what a message costs: measured at 80,000 a
 * second offered and 15 µs of work each, 33,000 a second were served without this bound.
 */
export const behindBytes = 1024 * 1024;
/**
 * A paused socket is read on by Node up to this much, past our count of waiting bytes; beyond, the bytes stay in the kernel and
 * the sender feels it. Node's own 64 KiB are up to 32 MB for 500 senders that all run ahead; no difference was seen at 80,000 messages a second.
 */
export const pausedBytes = 4 * 1024;
/** All waiting bytes together; above this no socket that was paused is read on: its sender waits. */
export const waitingBytesTotal = 16 * 1024 * 1024;
