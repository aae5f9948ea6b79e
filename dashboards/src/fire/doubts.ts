/** What may be wrong with an alarm, in plain words with the figures that belong to it. Pure. */
import type { IncidentView } from '../../../hub/domains/fire/view.ts';
import { formatAge, formatMoment } from '../i18n/format.ts';
import type { DeskWords } from './desk-words.ts';

/** One sentence a doubt. `at` the screen's time, ms. */
export function doubtsOf(
  incident: Pick<IncidentView, 'quality' | 'raisedAt' | 'receivedAfterMs'>,
  words: Pick<DeskWords, 't' | 'word' | 'language'>,
  at: number,
): readonly string[] {
  const { t, word, language } = words;
  const { quality, raisedAt, receivedAfterMs } = incident;
  const span = formatAge(Math.abs(receivedAfterMs), language);
  const said = formatMoment(raisedAt - receivedAfterMs, at);
  const had = formatMoment(raisedAt, at);
  // From outside, a late message and a slow clock look the same: one sentence says both.
  if (quality.includes('late') && quality.includes('clock') && receivedAfterMs >= 0) {
    const others = doubtsOf(
      { ...incident, quality: quality.filter((one) => one !== 'late' && one !== 'clock') },
      words,
      at,
    );
    return [words.t('doubt.lateOrClock', { span, said, had }), ...others];
  }
  return quality.map((doubt) => {
    switch (doubt) {
      case 'late':
        return t('doubt.late', { span, said, had });
      case 'clock':
        return t(receivedAfterMs < 0 ? 'doubt.clockFast' : 'doubt.clockSlow', { span });
      default: {
        // A word of a newer hub is shown as it is: a doubt is never hidden.
        const sentence = word('doubt', doubt);
        return sentence === doubt ? word('quality', doubt) : sentence;
      }
    }
  });
}
