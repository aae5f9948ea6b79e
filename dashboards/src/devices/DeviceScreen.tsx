/** One device: its state, what was stored from it, what was refused and why. */
import type { JSX } from 'preact';
import { useRoute } from 'preact-iso';
import type { DeviceView } from '../../../hub/domains/fleet/view.ts';
import { formatInteger, formatMoment } from '../i18n/format.ts';
import { useApp, useWords } from '../parts/app.tsx';
import { Icon } from '../parts/Icon.tsx';
import { useResource } from '../parts/resource.ts';
import { Loaded } from '../parts/States.tsx';
import { TokenGate } from '../parts/TokenGate.tsx';
import { LinkWord } from './LinkWord.tsx';
import '../style/devices.css';

export default function DeviceScreen(): JSX.Element {
  return (
    <TokenGate action="fleet.read" roles={['fire', 'operator', 'admin']}>
      <DevicePage />
    </TokenGate>
  );
}

function DevicePage(): JSX.Element {
  const { store } = useApp();
  const { t } = useWords();
  const id = useRoute().params.id ?? '';
  const device = useResource<DeviceView>(id, () => store.hub.get(`/devices/${encodeURIComponent(id)}`));
  return (
    <div class="page">
      <a class="button back" href="/devices">
        <Icon name="back" />
        {t('devices.back')}
      </a>
      <h1>{id}</h1>
      <Loaded resource={device}>{(value) => <Facts device={value} />}</Loaded>
      <div class="two">
        <StoredEvents id={id} />
        <DeadLetters id={id} />
      </div>
    </div>
  );
}

function Facts({ device }: { readonly device: DeviceView }): JSX.Element {
  const { t, ago, word } = useWords();
  const facts: readonly (readonly [string, JSX.Element | string])[] = [
    [t('devices.link'), <LinkWord key="link" link={device.link} />],
    [t('devices.last'), device.ageSeconds === null ? t('age.never') : ago(device.ageSeconds * 1000)],
    [t('devices.name'), device.name],
    [t('devices.domain'), word('domain', device.domain)],
    [t('devices.model'), device.model],
    [t('devices.binding'), device.binding === null ? '–' : `${device.binding.target} (${device.binding.state})`],
    [t('devices.battery'), device.battery === null ? '–' : `${formatInteger(device.battery)} %`],
    [t('devices.firmware'), device.firmware ?? '–'],
    [t('devices.messages'), formatInteger(device.messages)],
    [t('devices.refused'), formatInteger(device.refused)],
  ];
  return (
    <dl class="pairs tiles">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

type EventItem = { readonly id: string; readonly at: string; readonly type: string; readonly subject: string };

function StoredEvents({ id }: { readonly id: string }): JSX.Element {
  const { store } = useApp();
  const { t, word } = useWords();
  const events = useResource<{ readonly items: readonly EventItem[] }>(id, () =>
    store.hub.get(`/devices/${encodeURIComponent(id)}/events`),
  );
  return (
    <section class="block">
      <h2>{t('devices.events')}</h2>
      <Loaded resource={events}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="quiet">{t('devices.noEvents')}</p>
          ) : (
            <ol class="timeline">
              {items.map((event) => (
                <li key={event.id}>
                  <time dateTime={event.at}>{formatMoment(Date.parse(event.at), store.now.value)}</time>
                  <span>
                    <b>{word('event', event.type)}</b> · {event.subject}
                  </span>
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </section>
  );
}

type LetterItem = {
  readonly id: number;
  readonly at: string;
  readonly topic: string;
  readonly reason: string;
  readonly detail: string;
};

function DeadLetters({ id }: { readonly id: string }): JSX.Element {
  const { store } = useApp();
  const { t } = useWords();
  const letters = useResource<{ readonly items: readonly LetterItem[] }>(id, () =>
    store.hub.get(`/dead-letters?deviceId=${encodeURIComponent(id)}`),
  );
  return (
    <section class="block">
      <h2>{t('devices.deadLetters')}</h2>
      <Loaded resource={letters}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="quiet">{t('devices.noDeadLetters')}</p>
          ) : (
            <ol class="timeline">
              {items.map((letter) => (
                <li key={letter.id}>
                  <time dateTime={letter.at}>{formatMoment(Date.parse(letter.at), store.now.value)}</time>
                  <span>
                    <b>{letter.reason}</b> · {letter.topic}
                    <q>{letter.detail}</q>
                  </span>
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </section>
  );
}
