/** The routes, inside the frame. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { ErrorBoundary, LocationProvider, lazy, Route, Router, useLocation } from 'preact-iso';
import type { App } from '../parts/app.tsx';
import { AppContext, useApp, useWords } from '../parts/app.tsx';
import { Loading } from '../parts/States.tsx';
import { Frame } from './Frame.tsx';

const Fire = lazy(() => import('../fire/FireScreen.tsx'));
const City = lazy(() => import('../city/CityScreen.tsx'));
const Bus = lazy(() => import('../bus/BusScreen.tsx'));
const Parking = lazy(() => import('../parking/ParkingScreen.tsx'));
const Devices = lazy(() => import('../devices/DevicesScreen.tsx'));
const Device = lazy(() => import('../devices/DeviceScreen.tsx'));

export function Root({ app }: { readonly app: App }): JSX.Element {
  return (
    <AppContext.Provider value={app}>
      <LocationProvider>
        <Frame>
          <ErrorBoundary>
            <Router>
              <Route path="/" component={Start} />
              <Route path="/fire/:incident?" component={Fire} />
              <Route path="/city" component={City} />
              <Route path="/bus/:route?" component={Bus} />
              <Route path="/parking" component={Parking} />
              <Route path="/devices" component={Devices} />
              <Route path="/devices/:id" component={Device} />
              <Route default component={NotFound} />
            </Router>
          </ErrorBoundary>
        </Frame>
      </LocationProvider>
    </AppContext.Provider>
  );
}

/** The first page: the fire desk for those who may see it, buses for everybody else. */
function Start(): JSX.Element {
  const { store } = useApp();
  const { route } = useLocation();
  const session = store.session.value;
  useEffect(() => {
    if (session.kind === 'asking') return;
    const isStaff = session.kind === 'known' && session.me.actions.includes('fire.read');
    route(isStaff ? '/fire' : '/bus', true);
  }, [session, route]);
  return <Loading />;
}

function NotFound(): JSX.Element {
  const { t } = useWords();
  return (
    <div class="gate">
      <h1>{t('page.notFound')}</h1>
    </div>
  );
}
