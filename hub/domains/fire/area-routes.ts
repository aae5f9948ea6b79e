/** REST of an area incident's devices: `/api/v1/incidents/:id/members`, the list of who still needs a visit. */
import { type Static, Type } from 'typebox';
import type { Api, DomainKit } from '../../domain.ts';
import { HubError } from '../../errors.ts';
import { pageByKey, pageOf, pageQuery } from '../../page.ts';
import { isOverdue } from './area-count.ts';
import { subjectOf } from './hearing.ts';
import { eachMember, type Member } from './members.ts';
import type { FireState } from './state.ts';

type Kit = DomainKit<FireState>;

const Time = Type.String({ format: 'date-time' });
const MemberState = Type.Union([Type.Literal('standing'), Type.Literal('overdue'), Type.Literal('restored')], {
  description: '`overdue`: in trouble for more than 15 minutes',
});
const RestMember = Type.Object({
  device: Type.String(),
  place: Type.Union([Type.Null(), Type.Object({ id: Type.String(), address: Type.String() })]),
  ward: Type.Union([Type.Null(), Type.String()]),
  gateway: Type.Union([Type.Null(), Type.String()]),
  state: MemberState,
  since: Time,
  restoredAt: Type.Union([Type.Null(), Time]),
});

/** Registers the route. */
export function registerAreaRoutes(api: Api, kit: Kit): void {
  api.get(
    '/api/v1/incidents/:id/members',
    {
      config: { action: 'fire.read' },
      schema: {
        tags: ['fire'],
        summary: 'The devices of an open area incident, those in trouble longest first',
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        querystring: Type.Object({
          ...pageQuery(1_000),
          state: Type.Optional(
            Type.Union([...MemberState.anyOf], { description: 'only these; `standing` holds the overdue too' }),
          ),
        }),
        response: { 200: pageOf(RestMember) },
      },
    },
    ({ params, query }) => {
      const now = kit.now();
      const members = [...eachMember(areaOf(kit, params.id).members)]
        .map(([device, member]) => ({ device, member, state: stateOf(member, now) }))
        .filter(({ state }) => isAskedFor(state, query.state))
        .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
      const page = pageByKey(members, keyOf, query);
      return { items: page.items.map((row) => restMember(kit, row)), next: page.next };
    },
  );
}

type MemberWord = Static<typeof MemberState>;
type Row = { readonly device: string; readonly member: Member; readonly state: MemberWord };

/** By time, then by name: a fixed order while members come and go. */
const keyOf = ({ member, device }: Row): string => `${String(member.at).padStart(15, '0')} ${device}`;

function areaOf(kit: Kit, id: string) {
  for (const { open, area } of kit.states.values()) {
    if (open?.id !== id) continue;
    if (area !== undefined) return area;
    throw new HubError('unprocessable', 'This incident is of one place; its points stand in the incident itself.');
  }
  throw new HubError('notFound', `There is no open area incident "${id}"; members are forgotten when it is closed.`);
}

function stateOf(member: Member, now: number): MemberWord {
  if (member.restoredAt !== null) return 'restored';
  return isOverdue(member, now) ? 'overdue' : 'standing';
}

function isAskedFor(state: MemberWord, asked: MemberWord | undefined): boolean {
  return asked === undefined || state === asked || (asked === 'standing' && state === 'overdue');
}

function restMember({ registry }: Kit, { device, member, state }: Row): Static<typeof RestMember> {
  const record = registry.device(device);
  const place = record === undefined ? undefined : registry.place(subjectOf(record));
  const { at, ward, gateway, restoredAt } = member;
  return {
    device,
    place: place === undefined ? null : { id: place.id, address: place.address },
    ward,
    gateway,
    state,
    since: new Date(at).toISOString(),
    restoredAt: restoredAt === null ? null : new Date(restoredAt).toISOString(),
  };
}
