/** The devices as a table of any length. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { DeviceView } from '../../../hub/domains/fleet/view.ts';
import { formatInteger } from '../i18n/format.ts';
import type { Words } from '../parts/app.tsx';
import { useWords } from '../parts/app.tsx';
import type { Column } from '../parts/VirtualTable.tsx';
import { VirtualTable } from '../parts/VirtualTable.tsx';
import { LinkWord } from './LinkWord.tsx';

export function DeviceTable({ devices }: { readonly devices: readonly DeviceView[] }): JSX.Element {
  const words = useWords();
  const { language } = words;
  // The words change only with the language.
  const columns = useMemo(() => columnsIn(words), [language]);
  return (
    <VirtualTable label={words.t('devices.title')} columns={columns} rows={devices} keyOf={(device) => device.id} />
  );
}

function columnsIn({ t, ago, word }: Words): readonly Column<DeviceView>[] {
  return [
    { key: 'id', title: t('devices.id'), cell: (device) => <a href={`/devices/${device.id}`}>{device.id}</a> },
    { key: 'link', title: t('devices.link'), cell: (device) => <LinkWord link={device.link} /> },
    {
      key: 'last',
      title: t('devices.last'),
      cell: (device) => (device.ageSeconds === null ? t('age.never') : ago(device.ageSeconds * 1000)),
    },
    {
      key: 'name',
      title: t('devices.name'),
      isMinor: true,
      cell: (device) => (
        <>
          {device.name} {device.synthetic && <span class="tag">{t('devices.synthetic')}</span>}
        </>
      ),
    },
    { key: 'domain', title: t('devices.domain'), isMinor: true, cell: (device) => word('domain', device.domain) },
    { key: 'model', title: t('devices.model'), isMinor: true, cell: (device) => device.model },
    { key: 'binding', title: t('devices.binding'), isMinor: true, cell: (device) => device.binding?.target ?? '–' },
    {
      key: 'battery',
      title: t('devices.battery'),
      isNumber: true,
      isMinor: true,
      cell: (device) => (device.battery === null ? '–' : `${formatInteger(device.battery)} %`),
    },
    {
      key: 'messages',
      title: t('devices.messages'),
      isNumber: true,
      isMinor: true,
      cell: (device) => formatInteger(device.messages),
    },
    {
      key: 'refused',
      title: t('devices.refused'),
      isNumber: true,
      cell: (device) => (device.refused === 0 ? <span class="quiet">0</span> : <b>{formatInteger(device.refused)}</b>),
    },
  ];
}
