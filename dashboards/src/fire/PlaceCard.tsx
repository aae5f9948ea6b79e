/** What a crew must know of the place: how far to trust the address, the way in, whom to call, who is near, where water is. */
import type { JSX } from 'preact';
import type { IncidentPlaceView } from '../../../hub/domains/fire/view.ts';
import { formatDistance, formatTenths } from '../i18n/format.ts';
import { useWords } from '../parts/app.tsx';
import { Icon } from '../parts/Icon.tsx';

export function PlaceCard({ place }: { readonly place: IncidentPlaceView }): JSX.Element {
  const { t, word } = useWords();
  return (
    <>
      <section class="block">
        <h3>{t('fire.contacts')}</h3>
        {place.contacts.length === 0 ? (
          <p class="quiet">{t('fire.noContacts')}</p>
        ) : (
          <ul class="contacts">
            {place.contacts.map((contact) => (
              <li key={contact.phone}>
                <a href={`tel:${contact.phone.replace(/[^+\d]/g, '')}`}>
                  <Icon name="phone" />
                  <span>{contact.name}</span>
                  <b>{contact.phone}</b>
                </a>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section class="block">
        <h3>{t('fire.place')}</h3>
        <dl class="pairs">
          {place.use !== undefined && <Pair name={t('fire.place.use')}>{word('use', place.use)}</Pair>}
          {place.footMeters !== undefined && (
            <Pair name={t('fire.place.foot')}>{formatDistance(place.footMeters)}</Pair>
          )}
          {place.alleyWidthMeters !== undefined && (
            <Pair name={t('fire.place.alley')}>{formatTenths(place.alleyWidthMeters)} m</Pair>
          )}
          <Pair name={t('fire.place.id')}>
            {place.id}{' '}
            <span class={place.bindingState === 'verified' ? 'quiet' : 'doubts'}>
              {t(`fire.binding.${place.bindingState}`)}
            </span>
          </Pair>
        </dl>
      </section>
      <div class="block two">
        <Near
          title={t('fire.stations')}
          none={t('fire.noStations')}
          items={place.stations.map(({ name, meters, approximate }) => ({
            name: approximate ? `${name} (${t('fire.approximate')})` : name,
            meters,
          }))}
        />
        <Near title={t('fire.water')} none={t('fire.noWater')} items={place.water} />
      </div>
    </>
  );
}

function Pair({
  name,
  children,
}: {
  readonly name: string;
  readonly children: JSX.Element['props']['children'];
}): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Near({
  title,
  none,
  items,
}: {
  readonly title: string;
  readonly none: string;
  readonly items: readonly { readonly name: string; readonly meters: number }[];
}): JSX.Element {
  const { t } = useWords();
  return (
    <section>
      <h3>
        {title} <span class="quiet">{t('fire.crowFlies')}</span>
      </h3>
      {items.length === 0 ? (
        <p class="quiet">{none}</p>
      ) : (
        <ol class="near">
          {items.map((item) => (
            <li key={`${item.name}/${item.meters}`}>
              <span>{item.name}</span>
              <b>{formatDistance(item.meters)}</b>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
