/** Texts of devices and people that are shown to others and joined into keys. Pure. */

/** No control characters, no broken characters, and nothing that turns the direction of what stands beside it (U+202E). */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\p{Bidi_Control}]/gu, '\uFFFD');
}
