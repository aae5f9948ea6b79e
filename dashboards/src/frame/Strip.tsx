/** The strip: is the picture live, is anything wrong and how bad, would I hear it, what time is it. */
import type { JSX } from 'preact';
import { countLevels } from '../fire/queue.ts';
import { formatClock, formatSpan, formatTenths } from '../i18n/format.ts';
import type { AlarmPath as Path } from '../live/alarm-path.ts';
import { alarmPath } from '../live/alarm-path.ts';
import { mayDo } from '../live/store.ts';
import { countWindows } from '../live/windows.ts';
import { useApp, useWords } from '../parts/app.tsx';
import { Chip } from '../parts/Chip.tsx';
import { Icon } from '../parts/Icon.tsx';
import { UserMenu } from './UserMenu.tsx';

export function Strip({ onHelp }: { onHelp(): void }): JSX.Element {
  const { store } = useApp();
  const { t } = useWords();
  const session = store.session.value;
  const isStaff = mayDo(session, 'fire.read');
  return (
    <header class="strip">
      <a class="brand" href="/">
        Nhịp
      </a>
      <LiveState />
      {isStaff && <Counts />}
      {isStaff && <WindowCount />}
      {mayDo(session, 'ops.read') && <AlarmPath />}
      <span class="strip-space" />
      {mayDo(session, 'fire.read') && <SoundState />}
      <Clock />
      <UserMenu />
      <button
        type="button"
        class="icon-button"
        aria-label={t('strip.help')}
        title={`${t('strip.help')} (?)`}
        onClick={onHelp}
      >
        <Icon name="help" />
      </button>
    </header>
  );
}

function LiveState(): JSX.Element {
  const { store } = useApp();
  const { t, ago } = useWords();
  const link = store.link.value;
  const newestAt = store.newestAt.value;
  const follows = Object.values(store.channels).some((channel) => channel.value.kind === 'live');
  // Connected, but nothing is followed on this screen: there is nothing to call live.
  if (link.kind === 'live' && !follows) return <span />;
  const ageMs = Math.max(0, store.now.value - newestAt);
  const age = newestAt === 0 ? '' : ageMs < 10_000 ? `${formatTenths(ageMs / 1000)} s` : ago(ageMs);
  return (
    <span class={`live-state live-${link.kind}`} data-link={link.kind}>
      <span class="live-dot" aria-hidden="true" />
      <b>{t(`strip.${link.kind}`)}</b>
      {link.kind === 'live' && <span class="live-age">{age}</span>}
    </span>
  );
}

function Counts(): JSX.Element {
  const { store } = useApp();
  const { t } = useWords();
  const counts = countLevels([...store.fire.value.incidents.values()].map(({ incident }) => incident));
  return (
    <ul class="counts" aria-label={t('strip.counts')}>
      {([1, 2, 3, 4] as const).map((level) => {
        const { unaccepted, open } = counts[level];
        return (
          <li
            key={level}
            class={open === 0 ? 'count quiet' : 'count'}
            title={t('strip.count', { level, unaccepted, open })}
          >
            <Chip level={level} flashing={unaccepted > 0} />
            <span>
              <b>{unaccepted}</b>/{open}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** What is not as usual by somebody's hand: always in sight, quiet when nothing is. */
function WindowCount(): JSX.Element {
  const { store } = useApp();
  const { t } = useWords();
  const { isolated, drills, tests } = countWindows(store.fire.value.windows);
  const isQuiet = isolated + drills + tests === 0;
  return (
    <a class={isQuiet ? 'window-count quiet' : 'window-count'} href="/fire/windows" title={t('strip.windowsTitle')}>
      <span>{t('strip.isolated', { n: isolated })}</span>
      {drills > 0 && <b class="window-count-drill">{t('strip.drills', { n: drills })}</b>}
      {tests > 0 && <span>{t('strip.tests', { n: tests })}</span>}
    </a>
  );
}

function AlarmPath(): JSX.Element {
  const { store } = useApp();
  const { t } = useWords();
  const { pulse } = store.ops.value;
  const { kind } = store.link.value;
  const path = alarmPath(pulse, kind !== 'broken' && kind !== 'frozen');
  const isBroken = path.kind === 'broken' || path.kind === 'missed';
  const title =
    pulse === undefined
      ? t('strip.path')
      : t('strip.pathTitle', {
          time: formatClock(pulse.at),
          loop: formatSpan(pulse.loopDelayMs),
          commit: formatSpan(pulse.journal.lastCommitMs),
        });
  return (
    <a class={isBroken ? `path broken path-${path.kind}` : 'path'} title={title} href="/fire/path">
      {t('strip.path')} <b>{pathWord(path, t)}</b>
      {'tripMs' in path && path.at === null && <span class="path-loop">{formatSpan(path.tripMs)}</span>}
    </a>
  );
}

function pathWord(path: Path, t: ReturnType<typeof useWords>['t']): string {
  switch (path.kind) {
    case 'broken':
      return t('strip.pathBroken');
    case 'missed':
      return t('strip.pathMissed', { missed: path.missed });
    case 'ok':
    case 'slow': {
      const state = t(path.kind === 'ok' ? 'strip.pathOk' : 'strip.pathSlow');
      if (path.at === null) return state;
      return t('strip.pathWatched', { state, time: formatClock(path.at), trip: formatSpan(path.tripMs) });
    }
  }
}

function SoundState(): JSX.Element {
  const { ringer, store } = useApp();
  const { t } = useWords();
  if (!ringer.isRunning.value) {
    return (
      <button type="button" class="sound-off" onClick={() => void ringer.start()} title={t('sound.gate.text')}>
        <Icon name="mute" />
        <span>{t('strip.soundOff')}</span>
      </button>
    );
  }
  // Reads the beat, so that the seconds of a mute run down.
  const leftMs = store.now.value > 0 ? ringer.mutedUntil.value - Date.now() : 0;
  return (
    <button type="button" class="sound-on" onClick={() => ringer.mute()} title={`${t('sound.mute')} (M)`}>
      <Icon name={leftMs > 0 ? 'mute' : 'sound'} />
      <span>{leftMs > 0 ? t('strip.soundMuted', { seconds: Math.ceil(leftMs / 1000) }) : t('strip.soundOn')}</span>
    </button>
  );
}

function Clock(): JSX.Element {
  const { store } = useApp();
  const { t } = useWords();
  return (
    <time class="clock" title={t('strip.clock')}>
      {formatClock(store.now.value)}
    </time>
  );
}
