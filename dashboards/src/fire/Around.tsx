/** Who can be called, what burns, where water and stations are. */
import type { JSX } from 'preact';
import type { IncidentPlaceView } from '../../../hub/domains/fire/view.ts';
import { formatDistance } from '../i18n/format.ts';
import { Icon } from '../parts/Icon.tsx';
import { useDeskWords } from './desk-words.ts';

type Props = { readonly place: IncidentPlaceView };

export function Contacts({ place }: Props): JSX.Element {
  const { t, word } = useDeskWords();
  const { contacts, contactsWithheld = 0 } = place;
  return (
    <section class="block">
      <h3>{t('fire.contacts')}</h3>
      {contacts.length + contactsWithheld === 0 && <p class="quiet">{t('fire.noContacts')}</p>}
      {contacts.length > 0 && (
        <ul class="contacts">
          {contacts.map(({ name, phone, role }) => (
            <li key={phone}>
              <a href={`tel:${phone.replace(/[^+\d]/g, '')}`}>
                <Icon name="phone" />
                <span>
                  {name}
                  {role !== undefined && <span class="quiet"> · {word('role', role)}</span>}
                </span>
                <b>{phone}</b>
              </a>
            </li>
          ))}
        </ul>
      )}
      {contactsWithheld > 0 && <p class="quiet">{t('contacts.withheld', { n: contactsWithheld })}</p>}
    </section>
  );
}

export function Around({ place }: Props): JSX.Element {
  const { t, word } = useDeskWords();
  const { hazards = [] } = place;
  return (
    <>
      <section class="block">
        <h3>{t('around.hazards')}</h3>
        {hazards.length === 0 ? (
          <p class="quiet">{t('around.hazardsUnknown')}</p>
        ) : (
          <ul class="hazards">
            {hazards.map((hazard) => (
              <li key={hazard}>{hazard}</li>
            ))}
          </ul>
        )}
      </section>
      <div class="block two">
        <Near
          title={t('fire.water')}
          none={t('fire.noWater')}
          items={place.water.map(({ name, meters, state }) => ({
            name,
            meters,
            doubt: state === undefined ? t('water.unknown') : state === 'working' ? '' : word('water', state),
          }))}
        />
        <Near
          title={t('fire.stations')}
          none={t('fire.noStations')}
          items={place.stations.map(({ name, meters, approximate }) => ({
            name,
            meters,
            doubt: approximate ? t('fire.approximate') : '',
          }))}
        />
      </div>
    </>
  );
}

type NearProps = {
  readonly title: string;
  readonly none: string;
  readonly items: readonly { readonly name: string; readonly meters: number; readonly doubt: string }[];
};

function Near({ title, none, items }: NearProps): JSX.Element {
  const { t } = useDeskWords();
  return (
    <section>
      <h3>
        {title} <span class="quiet">{t('fire.crowFlies')}</span>
      </h3>
      {items.length === 0 ? (
        <p class="quiet">{none}</p>
      ) : (
        <ol class="near">
          {items.map(({ name, meters, doubt }) => (
            <li key={`${name}/${meters}`}>
              <span>
                {name}
                {doubt !== '' && <span class="sub doubt-word">{doubt}</span>}
              </span>
              <b>{formatDistance(meters)}</b>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
