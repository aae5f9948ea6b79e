/** The file of `HUB_NOTICE_ROUTES`: who is reached how. Read once, checked whole, every fault told at once. */
import { readFileSync } from 'node:fs';
import { type Static, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { StartError } from '../errors.ts';
import { isNumber } from './phone.ts';
import { readWebhookSecret } from './signature.ts';

/** Everyone that a notice may be for. `everyone` are all of them but the contacts, and the administrator on call. */
export const audiences = [
  'station',
  'wardTeam',
  'shiftLead',
  'neighbourStation',
  'cityCentre',
  'everyone',
  'contacts',
  'admin',
] as const;
export type Audience = (typeof audiences)[number];

/** The steps at which people are told. */
export const steps = [
  ...['raised', 'verify', 'evidence', 'secondChannel', 'voice', 'shiftLead', 'cityCentre', 'everyone'],
  ...['undecided', 'notEnRoute', 'alarmPath'],
];

const kinds = ['webhook', 'mail', 'sms', 'voice'] as const;
const listOf = <T extends TSchema>(item: T) => Type.Array(item, { minItems: 1, maxItems: 200 });

const RouteSchema = Type.Object(
  {
    name: Type.Optional(Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' })),
    to: Type.Array(Type.Enum([...audiences]), { minItems: 1 }),
    ward: Type.Optional(listOf(Type.String({ pattern: '^[0-9]{5}$' }))),
    station: Type.Optional(listOf(Type.String({ minLength: 1, maxLength: 64 }))),
    steps: Type.Optional(listOf(Type.Enum(steps))),
    channel: Type.Enum([...kinds]),
    url: Type.Optional(Type.String({ maxLength: 2_000 })),
    secrets: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 2 })),
    addresses: Type.Optional(listOf(Type.String({ pattern: '^[^\\s@<>,]+@[^\\s@<>,]+$' }))),
    numbers: Type.Optional(listOf(Type.String())),
  },
  { additionalProperties: false },
);
export type RouteRecord = Static<typeof RouteSchema>;

const TableSchema = Type.Object(
  { hub: Type.Optional(Type.String()), routes: Type.Array(RouteSchema, { minItems: 1, maxItems: 2_000 }) },
  { additionalProperties: false },
);
export type RouteTable = Static<typeof TableSchema>;

/** What else the settings hold that a route may rest on. */
export type RouteSettings = {
  readonly hasWebhook: boolean;
  readonly hasSecret: boolean;
  readonly hasMail: boolean;
  /** Hosts that may be without TLS. */
  readonly allow: readonly string[];
};

const tableCheck = Compile(TableSchema);

/** @throws StartError with one message that lists every fault of the file. */
export function readRouteTable(file: string, settings: RouteSettings): RouteTable {
  const value = parse(file);
  const { table, faults } = checkRouteTable(value, settings);
  if (table === undefined || faults.length > 0) {
    throw new StartError(`HUB_NOTICE_ROUTES: ${file} cannot be used:\n  - ${faults.join('\n  - ')}`);
  }
  return table;
}

/** The table, if its shape is right, and all that is wrong with it. Pure. */
export function checkRouteTable(
  value: unknown,
  settings: RouteSettings,
): { readonly table?: RouteTable; readonly faults: readonly string[] } {
  if (!tableCheck.Check(value)) {
    return {
      faults: tableCheck
        .Errors(value)
        .filter(({ keyword }) => keyword !== 'boolean')
        .map(shapeFault),
    };
  }
  const faults = value.routes.flatMap((route, index) =>
    routeFaults(route, settings).map((fault) => `route ${index + 1}: ${fault}`),
  );
  if (value.hub !== undefined && !/^https?:\/\/[^\s?#]+$/.test(value.hub)) {
    faults.push('hub must be the address that people reach the hub by, e.g. https://nhip.example.org');
  }
  return { table: value, faults };
}

function routeFaults(route: RouteRecord, { hasWebhook, hasSecret, hasMail, allow }: RouteSettings): string[] {
  const { channel, to, url, secrets, addresses, numbers } = route;
  const isPhone = channel === 'sms' || channel === 'voice';
  const isContacts = to.includes('contacts');
  const says = (isWrong: boolean, fault: string): string[] => (isWrong ? [fault] : []);
  return [
    ...says(channel !== 'webhook' && (url ?? secrets) !== undefined, 'url and secrets belong to a webhook'),
    ...says(channel !== 'mail' && addresses !== undefined, 'addresses belong to mail'),
    ...says(!isPhone && numbers !== undefined, 'numbers belong to sms and voice'),
    ...(channel === 'webhook' ? webhookFaults(url, secrets, { hasWebhook, hasSecret, allow }) : []),
    ...says(channel === 'mail' && addresses === undefined, 'mail needs addresses'),
    ...says(channel === 'mail' && !hasMail, 'mail needs HUB_SMTP_URL and HUB_MAIL_FROM'),
    ...says(isPhone && isContacts && to.length > 1, 'contacts are called by a route of their own'),
    ...says(isPhone && isContacts && numbers !== undefined, 'the numbers of contacts are those of the place'),
    ...says(isPhone && !isContacts && numbers === undefined, `${channel} needs numbers`),
    ...(numbers ?? [])
      .filter((number) => !isNumber(number))
      .map((number) => `"${number}" is no number: digits only, with + in front for other countries`),
  ];
}

function webhookFaults(
  url: string | undefined,
  secrets: readonly string[] | undefined,
  { hasWebhook, hasSecret, allow }: Pick<RouteSettings, 'hasWebhook' | 'hasSecret' | 'allow'>,
): string[] {
  const faults: string[] = [];
  if (url === undefined && !hasWebhook) faults.push('webhook needs a url, or HUB_WEBHOOK_URL');
  if (secrets?.some((secret) => readWebhookSecret(secret) === undefined)) {
    faults.push('a secret is whsec_ and 24 to 64 bytes in base64');
  }
  if (url !== undefined && secrets === undefined && !hasSecret) {
    faults.push('webhook needs secrets, or HUB_WEBHOOK_SECRET');
  }
  if (url === undefined) return faults;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) return [...faults, 'url is no web address'];
  if (parsed.protocol === 'http:' && !allow.includes(parsed.hostname)) {
    faults.push('url must begin with https://, or HUB_WEBHOOK_ALLOW name its host');
  }
  return faults;
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    // JSON.parse repeats the text around the fault: that may be a secret.
    const reason = cause instanceof SyntaxError ? 'it is no JSON' : cause instanceof Error ? cause.message : 'unknown';
    throw new StartError(`HUB_NOTICE_ROUTES: ${file} cannot be read (${reason})`);
  }
}

type ShapeError = { readonly instancePath: string; readonly message: string; readonly params: object };

/** `/routes/2/to/0` is in the third route. */
function shapeFault({ instancePath, message, params }: ShapeError): string {
  const [, list = '', index, ...rest] = instancePath.split('/');
  const where = list === 'routes' && index !== undefined ? [`route ${Number(index) + 1}`, ...rest] : [list];
  const words =
    'allowedValues' in params
      ? params.allowedValues
      : 'additionalProperties' in params
        ? params.additionalProperties
        : '';
  return `${where.join(' ') || 'the file'}: ${message}${words === '' ? '' : `: ${String(words)}`}`;
}
