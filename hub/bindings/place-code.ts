/** The text of a place's QR code: which place it is, signed, so that only a plate made by this hub proves a binding. Pure. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Said in the text, so that another code is told from ours and a later form from this one. */
const prefix = 'nhip-place:1';
/** 128 bits: short enough for a small plate, too many to guess. */
const signatureBytes = 16;

/** `nhip-place:1:<place>:<signature>`. The plate stays for years, so it holds no time: the scan has one. */
export function placeCode(placeId: string, key: Uint8Array): string {
  return `${prefix}:${placeId}:${signature(placeId, key).toString('base64url')}`;
}

/** The place that a code was made for; `undefined` when this hub did not make it. */
export function readPlaceCode(code: string, key: Uint8Array): string | undefined {
  // A place's id may hold colons itself; the signature may not.
  const [, placeId, encoded] = /^nhip-place:1:(.{1,100}):([A-Za-z0-9_-]{22})$/s.exec(code) ?? [];
  if (placeId === undefined || encoded === undefined) return undefined;
  const given = Buffer.from(encoded, 'base64url');
  const right = signature(placeId, key);
  return given.length === right.length && timingSafeEqual(given, right) ? placeId : undefined;
}

function signature(placeId: string, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update(`${prefix}:${placeId}`).digest().subarray(0, signatureBytes);
}
