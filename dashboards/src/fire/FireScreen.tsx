/** The fire desk: queue, map, incident. */
import type { JSX } from 'preact';
import { useLocation, useRoute } from 'preact-iso';
import { useApp, useWords } from '../parts/app.tsx';
import { TokenGate } from '../parts/TokenGate.tsx';
import { FireMap } from './FireMap.tsx';
import { FloodBanner } from './FloodBanner.tsx';
import { IncidentPanel } from './IncidentPanel.tsx';
import { Queue } from './Queue.tsx';
import { callsPeople } from './queue.ts';
import { SoundGate } from './SoundGate.tsx';
import '../style/desk.css';
import '../style/queue-row.css';
import '../style/incident.css';
import '../style/verbs.css';
import '../style/standing.css';

export default function FireScreen(): JSX.Element {
  return (
    <TokenGate action="fire.read" roles={['fire', 'operator', 'admin']}>
      <Desk />
    </TokenGate>
  );
}

function Desk(): JSX.Element {
  const { store } = useApp();
  const { t } = useWords();
  const { params } = useRoute();
  const { route } = useLocation();
  const selected = params.incident;
  const open = (id: string | undefined): void => {
    const target = id === undefined ? '/fire' : `/fire/${encodeURIComponent(id)}`;
    route(target + location.search, selected !== undefined);
  };
  const newest = newestEmergency(store.fire.value);
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
      {selected !== undefined && <IncidentPanel key={selected} id={selected} onClose={() => open(undefined)} />}
    </div>
  );
}

function newestEmergency(state: ReturnType<typeof useApp>['store']['fire']['value']): string {
  const emergencies = [...state.incidents.values()]
    .map(({ incident }) => incident)
    .filter((incident) => callsPeople(incident) && incident.priority <= 4)
    .toSorted((a, b) => b.raisedAt - a.raisedAt);
  const [first] = emergencies;
  return first === undefined ? '' : `${first.place?.name ?? first.subject}, ${first.place?.address ?? ''}`;
}
