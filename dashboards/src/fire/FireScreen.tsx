/** The fire desk: queue, map, incident. */
import type { JSX } from 'preact';
import { useLocation, useRoute } from 'preact-iso';
import type { FireState } from '../live/fold.ts';
import { useApp, useWords } from '../parts/app.tsx';
import { later } from '../parts/Later.tsx';
import { TokenGate } from '../parts/TokenGate.tsx';
import { FireMap } from './FireMap.tsx';
import { FloodBanner } from './FloodBanner.tsx';
import { IncidentPanel } from './IncidentPanel.tsx';
import { Queue } from './Queue.tsx';
import { callsPeople, toneOf } from './queue.ts';
import { SoundGate } from './SoundGate.tsx';
import '../style/desk.css';
import '../style/queue-row.css';
import '../style/incident.css';
import '../style/verbs.css';
import '../style/standing.css';

/** What may stand beside the queue in place of an incident; no incident has such an id. */
const drawers: Readonly<Record<string, (props: { onClose(): void }) => JSX.Element>> = {
  path: later(() => import('./path/PathDrawer.tsx')),
  windows: later(() => import('./windows/WindowsDrawer.tsx')),
};

export default function FireScreen(): JSX.Element {
  return (
    <TokenGate action="fire.read" roles={['fire', 'operator', 'admin']}>
      <Desk />
    </TokenGate>
  );
}

function Desk(): JSX.Element {
  const { store } = useApp();
  const { t, word } = useWords();
  const { params } = useRoute();
  const { route } = useLocation();
  const selected = params.incident;
  const open = (id: string | undefined): void => {
    const target = id === undefined ? '/fire' : `/fire/${encodeURIComponent(id)}`;
    route(target + location.search, selected !== undefined);
  };
  const Drawer = selected !== undefined && Object.hasOwn(drawers, selected) ? drawers[selected] : undefined;
  const newest = newestEmergency(store.fire.value, word);
  return (
    <div class={selected === undefined ? 'desk' : 'desk has-panel'}>
      <h1 class="sr-only">{t('nav.fire')}</h1>
      {/* Only what is new and grave is spoken at once. */}
      <p class="sr-only" role="alert">
        {newest}
      </p>
      <div class="desk-queue">
        <SoundGate />
        <FloodBanner />
        <Queue selected={selected} onOpen={open} />
      </div>
      <FireMap selected={selected} onOpen={open} />
      {Drawer !== undefined && <Drawer onClose={() => open(undefined)} />}
      {selected !== undefined && Drawer === undefined && (
        <IncidentPanel key={selected} id={selected} onClose={() => open(undefined)} />
      )}
    </div>
  );
}

/** What a screen reader says at once; a drill is called one first. */
function newestEmergency(state: FireState, word: (group: string, word: string) => string): string {
  const [first] = [...state.incidents.values()]
    .map(({ incident }) => incident)
    .filter((incident) => callsPeople(incident) && incident.priority <= 4)
    .toSorted((a, b) => b.raisedAt - a.raisedAt);
  if (first === undefined) return '';
  const name = `${first.place?.name ?? first.subject}, ${first.place?.address ?? ''}`;
  return toneOf(first) === 'drill' ? `${word('fire.status', 'exercise')}: ${name}` : name;
}
