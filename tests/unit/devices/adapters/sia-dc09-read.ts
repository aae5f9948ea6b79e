import { buildFrame } from '../../../../devices/adapters/sia-dc09/answer.ts';
import { readKey } from '../../../../devices/adapters/sia-dc09/cipher.ts';
import { FrameSplitter, type RawFrame } from '../../../../devices/adapters/sia-dc09/frame.ts';
import { type Understood, understandFrame } from '../../../../devices/adapters/sia-dc09/understand.ts';

export const at = Date.parse('2026-03-01T02:15:10Z');

/** The frames in these bytes. */
export function cut(bytes: Uint8Array): readonly RawFrame[] {
  const splitter = new FrameSplitter();
  return [...splitter.push(bytes), ...splitter.flush()];
}

/** What the hub understands of one frame, without LF and CR. */
export function understand(text: string, key?: string, now = at): Understood {
  const [frame] = cut(Buffer.from(`\n${text}\r`, 'latin1'));
  if (frame === undefined) throw new Error(`no frame in ${text}`);
  return understandFrame(frame, { at: now, keyOf: () => (key === undefined ? undefined : readKey(key)) });
}

/** A body as a whole frame, without LF and CR. */
export const framed = (body: string): string => buildFrame(body).toString('latin1').trim();

/** Its messages in the fewest words. */
export const said = ({ messages }: Understood) =>
  messages.map((one) => (one.message === 'event' ? [one.body.kind, one.body.class, one.body.point] : [one.message]));
