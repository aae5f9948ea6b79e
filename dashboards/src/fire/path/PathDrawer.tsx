/** How alarms travel and how fast people take them: the watchdog, raise to screen, time to accept; what broke and what to do. */
import type { JSX } from 'preact';
import { formatAge, formatClock, formatInteger, formatShare, formatSpan } from '../../i18n/format.ts';
import { alarmPath } from '../../live/alarm-path.ts';
import type { Histogram } from '../../live/histogram.ts';
import { useApp } from '../../parts/app.tsx';
import { useResource } from '../../parts/resource.ts';
import { Loaded } from '../../parts/States.tsx';
import { Drawer } from '../Drawer.tsx';
import { useDeskWords } from '../desk-words.ts';
import { Pair } from '../Pair.tsx';
import type { Performance } from './figures.ts';
import { quantileOf } from './figures.ts';
import '../../style/path.css';

const readAgainMs = 15_000;

export default function PathDrawer({ onClose }: { onClose(): void }): JSX.Element {
  const { t } = useDeskWords();
  return (
    <Drawer title={t('path.title')} onClose={onClose}>
      <Watchdog />
      <RaiseToScreen />
      <Accepting />
    </Drawer>
  );
}

function Watchdog(): JSX.Element {
  const { store } = useApp();
  const { t, ago } = useDeskWords();
  const { pulse } = store.ops.value;
  const { kind } = store.link.value;
  const path = alarmPath(pulse, kind !== 'broken' && kind !== 'frozen');
  const watchdog = pulse?.watchdog;
  const isBad = path.kind === 'broken' || path.kind === 'missed';
  // Without a test alarm that came through nobody may call the path whole.
  const isUnproven = 'at' in path && path.at === null;
  return (
    <section class={isBad ? 'path-state bad' : 'path-state'}>
      <p class="path-word">{t(isUnproven ? 'path.unproven' : `path.${path.kind}`)}</p>
      {isBad && (
        <ol class="path-steps">
          {(['path.do1', 'path.do2', 'path.do3', 'path.do4'] as const).map((step) => (
            <li key={step}>{t(step)}</li>
          ))}
        </ol>
      )}
      <dl class="pairs">
        {watchdog === undefined ? (
          <Pair name={t('path.watchdog')}>{t('path.watchdogOff')}</Pair>
        ) : (
          <>
            <Pair name={t('path.last')}>
              {watchdog.lastAt === null
                ? t('age.never')
                : `${formatClock(watchdog.lastAt)} (${ago(store.now.value - watchdog.lastAt)})`}
            </Pair>
            <Pair name={t('path.trip')}>{watchdog.roundTripMs === null ? '–' : formatSpan(watchdog.roundTripMs)}</Pair>
            <Pair name={t('path.missedInRow')}>{formatInteger(watchdog.missed)}</Pair>
          </>
        )}
        {pulse !== undefined && (
          <>
            <Pair name={t('path.commit')}>{formatSpan(pulse.journal.lastCommitMs)}</Pair>
            <Pair name={t('path.loop')}>{formatSpan(pulse.loopDelayMs)}</Pair>
          </>
        )}
      </dl>
    </section>
  );
}

/** From the hub's own histogram, fed by the receipts of the screens. */
function RaiseToScreen(): JSX.Element {
  const { store } = useApp();
  const { t } = useDeskWords();
  const delivered = useResource<Histogram>('metrics', () => store.hub.delivered(), readAgainMs);
  return (
    <section class="block">
      <h3>{t('path.raise')}</h3>
      <Loaded resource={delivered}>
        {(found) => {
          const p99 = quantileOf(found, 0.99);
          return (
            <p>
              {p99 === undefined ? (
                t('path.raiseNone')
              ) : (
                <>
                  <b class="path-figure">p99 {p99 === Infinity ? '> 10 s' : `≤ ${formatSpan(p99 * 1000)}`}</b>{' '}
                  <span class="quiet">{t('path.ofAlarms', { n: found.count })}</span>
                </>
              )}
            </p>
          );
        }}
      </Loaded>
    </section>
  );
}

// EN 50518: four of five alarms within half a minute, nearly all within one.
const p80Ms = 30_000;
const p985Ms = 60_000;

function Accepting(): JSX.Element {
  const { store } = useApp();
  const { t } = useDeskWords();
  const performance = useResource<Performance>('performance', () => store.hub.get('/fire/performance'), readAgainMs);
  return (
    <section class="block">
      <h3>{t('path.accept')}</h3>
      <Loaded resource={performance}>
        {({ answered, precision, alarms }) => (
          <>
            <dl class="area-numbers">
              <Against name="p80" ms={answered.p80Ms} limitMs={p80Ms} />
              <Against name="p98,5" ms={answered.p985Ms} limitMs={p985Ms} />
            </dl>
            <p class="quiet">
              {t('path.answered', { n: answered.count })}
              {precision !== null && ` · ${t('path.precision', { share: formatShare(precision), alarms })}`}
            </p>
          </>
        )}
      </Loaded>
    </section>
  );
}

type AgainstProps = { readonly name: string; readonly ms: number | null; readonly limitMs: number };

function Against({ name, ms, limitMs }: AgainstProps): JSX.Element {
  const { t, language } = useDeskWords();
  const isLate = ms !== null && ms > limitMs;
  return (
    <div class={isLate ? 'figure bad' : 'figure'}>
      <dt>
        {name} · {t('path.limit', { limit: formatAge(limitMs, language) })}
      </dt>
      <dd>{ms === null ? '–' : ms < 100_000 ? formatSpan(ms) : formatAge(ms, language)}</dd>
      {isLate && <dd class="figure-word">{t('path.tooLate')}</dd>}
    </div>
  );
}
