/** Starts the web app: takes the token, connects to the hub, draws. */
import { render } from 'preact';
import './style/fonts.css';
import './style/base.css';
import './style/frame.css';
import './style/strip.css';
import './style/parts.css';
import './style/forms.css';
import './style/tables.css';
import './style/map.css';
import './style/blocks.css';
import './style/split.css';
import { createRinger } from './fire/ringer.ts';
import { watchAlarms } from './fire/watch.ts';
import { Root } from './frame/Root.tsx';
import { createOutbox } from './live/outbox.ts';
import { openStore } from './live/store.ts';
import { openSettings, takeToken } from './parts/settings.ts';

const settings = openSettings(localStorage);
const store = openStore(takeToken());
const ringer = createRinger(Date.now);
const outbox = createOutbox(store.hub.post, Date.now);
watchAlarms(store, ringer, outbox);

const place = document.querySelector('#app');
if (place === null) throw new Error('The page has no place for the app.');
render(<Root app={{ settings, store, ringer, outbox }} />, place);

// The same link opened again in this tab with another token means another user.
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#token=')) location.reload();
});
