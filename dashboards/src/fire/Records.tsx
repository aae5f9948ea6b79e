/** What is written down of an incident: what devices and people said, the time line, and who had each message when. */
import type { JSX } from 'preact';
import type { IncidentView } from '../../../hub/domains/fire/view.ts';
import { formatClock, formatInteger, formatMoment } from '../i18n/format.ts';
import { useApp } from '../parts/app.tsx';
import { later } from '../parts/Later.tsx';
import { useDeskWords } from './desk-words.ts';
import type { Ledger } from './ledger.ts';
import { lineBy, lineName, lineText, pointText } from './line-text.ts';

const ReportForm = later(() => import('./ReportForm.tsx'));

type Props = { readonly incident: IncidentView };

export function Points({ incident, mayAct }: Props & { readonly mayAct: boolean }): JSX.Element | null {
  const { store } = useApp();
  const words = useDeskWords();
  const { t, word } = words;
  const now = store.now.value;
  if (incident.points.length === 0) return null;
  return (
    <section class="block">
      <h3>{t('fire.points')}</h3>
      <ul class="facts">
        {incident.points.map((point) => (
          <li key={`${point.deviceId}/${point.point}`} class="point">
            <span>
              <b>{word('class', point.class)}</b> <a href={`/devices/${point.deviceId}`}>{point.deviceId}</a>
              {point.point !== '' && ` · ${pointText(point.point, words)}`} · {formatMoment(point.since, now)}
              {point.count > 1 && ` · ${t('fire.point.count', { n: point.count })}`}
              {point.chattering === true && <b class="tag">{t('fire.chattering')}</b>}
              <span class={point.restoredAt === undefined ? 'fact-active' : 'quiet'}>
                {' · '}
                {point.restoredAt === undefined
                  ? t('fire.point.active')
                  : t('fire.point.restored', { time: formatMoment(point.restoredAt, now) })}
              </span>
            </span>
            {mayAct && (
              <a class="isolate" href={`/fire/windows?device=${encodeURIComponent(point.deviceId)}`}>
                {t('windows.isolate')}
              </a>
            )}
          </li>
        ))}
      </ul>
      {incident.morePoints !== undefined && <p class="quiet">{t('fire.points.more', { n: incident.morePoints })}</p>}
    </section>
  );
}

/** What people said: a call to 114, a neighbour. */
export function Reports({ incident, mayAct }: Props & { readonly mayAct: boolean }): JSX.Element | null {
  const { store } = useApp();
  const { t, word } = useDeskWords();
  const { reports = [], place } = incident;
  const mayAdd = mayAct && place !== null && !place.id.startsWith('device:');
  if (reports.length === 0 && !mayAdd) return null;
  return (
    <section class="block">
      <h3>{t('reports.title')}</h3>
      <ol class="timeline">
        {reports.map((report) => (
          <li key={`${report.at}/${report.by}`}>
            <time dateTime={new Date(report.at).toISOString()}>{formatMoment(report.at, store.now.value)}</time>
            <span>
              <b>{word('reports.source', report.source)}</b> · {t('reports.by', { name: report.by })} ·{' '}
              {t('reports.meters', { meters: formatInteger(report.meters) })}
              {report.text !== null && report.text !== '' && <q>{report.text}</q>}
            </span>
          </li>
        ))}
      </ol>
      {mayAdd && <ReportForm placeId={place.id} />}
    </section>
  );
}

/** Newest first: what happened last is what the next decision hangs on. */
export function Timeline({ incident }: Props): JSX.Element {
  const { store } = useApp();
  const words = useDeskWords();
  return (
    <section class="block">
      <h3>{words.t('fire.timeline')}</h3>
      <ol class="timeline">
        {incident.timeline.toReversed().map((entry) => {
          const text = lineText(entry, words);
          return (
            <li key={`${entry.at}/${entry.type}/${entry.by}`}>
              <time dateTime={new Date(entry.at).toISOString()}>{formatMoment(entry.at, store.now.value)}</time>
              <span>
                <b>{lineName(entry, words)}</b>
                {entry.by !== '' && ` · ${lineBy(entry, words)}`}
                {text !== '' && <q>{text}</q>}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** Hop by hop, with how long each took after the hub had the alarm. */
export function Receipts({ ledger }: { readonly ledger: Ledger }): JSX.Element {
  const { t, word } = useDeskWords();
  return (
    <details class="block">
      <summary>{t('fire.receipts')}</summary>
      {ledger.length === 0 ? (
        <p class="quiet">{t('fire.receiptsNone')}</p>
      ) : (
        <ol class="timeline">
          {ledger.map((hop, index) => (
            // The ledger only ever grows at its end.
            <li key={index}>
              <time>{hop.at === null ? '–' : formatClock(Date.parse(hop.at))}</time>
              <span>
                <b>{word('hop', hop.hop)}</b> · {hop.by === 'hub' ? t('fire.hub') : hop.by}
                {hop.afterMs !== null && <span class="quiet"> · +{formatInteger(hop.afterMs)} ms</span>}
              </span>
            </li>
          ))}
        </ol>
      )}
    </details>
  );
}
