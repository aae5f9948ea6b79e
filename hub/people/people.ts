/**
 * Break glass: the residents of a place, inside a live incident, for the unit that is assigned to it, with a reason. Every
 * look is on disk before anything is shown; so is every refusal.
 */
import { type Static, Type } from 'typebox';
import type { Millis } from '../../devices/wire.ts';
import { may, type Principal } from '../access/policy.ts';
import type { Api } from '../domain.ts';
import { HubError } from '../errors.ts';
import { pageByNumber, pageOf, pageQuery } from '../page.ts';
import { openPeopleStore, type PeopleStore } from './people-store.ts';
import { type Answer, PersonSchema } from './person.ts';
import { openPopulation } from './population.ts';

/** What the fire domain says of an incident. */
export type Assignment = {
  readonly placeId: string | undefined;
  readonly isLive: boolean;
  /** Names of those who took it or were sent to it. */
  readonly assigned: readonly string[];
};

export type PeopleOptions = {
  /** Path of `people.db`. */
  readonly path: string;
  /** Address of another system's population data. */
  readonly url?: string;
  now(): Millis;
  /** `undefined` when there is no such incident. */
  assignment(incident: string): Promise<Assignment | undefined>;
  /** Whether nobody else goes by this name: people are assigned by it. */
  isOnlyOne(name: string): boolean;
  readonly log: { warn(details: object, message: string): void };
};

export type People = {
  /** `POST /api/v1/incidents/:id/people`, `GET /api/v1/people/views`. */
  routes(api: Api): void;
  stats(): { readonly places: number; readonly people: number };
  close(): void;
};

const Time = Type.String({ format: 'date-time' });
const State = Type.Union([Type.Literal('known'), Type.Literal('stale'), Type.Literal('unknown')]);
const Shown = Type.Object({
  incident: Type.String(),
  placeId: Type.Union([Type.String(), Type.Null()]),
  people: Type.Union([Type.Array(PersonSchema), Type.Null()], { description: 'null: unknown. An empty list: nobody' }),
  sources: Type.Array(
    Type.Object({
      source: Type.Union([Type.Literal('import'), Type.Literal('population')]),
      state: State,
      asOf: Type.Union([Time, Type.Null()]),
      reason: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
});
const ViewSchema = Type.Object({
  at: Time,
  principal: Type.String({ description: 'id of the token' }),
  name: Type.String(),
  incident: Type.String(),
  placeId: Type.Union([Type.String(), Type.Null()]),
  reason: Type.String(),
  outcome: Type.String({ description: '`shown`, or why not' }),
  people: Type.Integer({ description: 'how many were shown' }),
});
const ReasonBody = Type.Object({ reason: Type.String({ minLength: 3, maxLength: 500, pattern: '\\S{2}' }) });

/** Opens the store. @throws StartError when it cannot be used. */
export function openPeople(options: PeopleOptions): People {
  const { now, log, url } = options;
  const store = openPeopleStore(options.path);
  const population = url === undefined ? undefined : openPopulation({ url, now, log });

  async function breakGlass(incident: string, principal: Principal, reason: string): Promise<Static<typeof Shown>> {
    const assignment = await options.assignment(incident);
    if (assignment === undefined) throw new HubError('notFound', `There is no incident "${incident}".`);
    const place = assignment.placeId;
    const look = { principal: principal.id, name: principal.name, incident, place, reason };
    const refusal = refusalOf(principal, assignment, options.isOnlyOne);
    if (refusal !== undefined) {
      store.addView({ ...look, at: now(), outcome: refusal.message, people: 0 });
      throw refusal;
    }
    const answers = place === undefined ? [] : await ask(place);
    // It took time: who asks while the incident is being closed gets nothing.
    const isStillLive = (await options.assignment(incident))?.isLive === true;
    if (!isStillLive) {
      store.addView({ ...look, at: now(), outcome: closed().message, people: 0 });
      throw closed();
    }
    const shown = shownOf(incident, place, answers);
    store.addView({ ...look, at: now(), outcome: 'shown', people: shown.people?.length ?? 0 });
    return shown;
  }

  async function ask(place: string): Promise<readonly SourceAnswer[]> {
    const imported: SourceAnswer = { source: 'import', answer: store.at(place) };
    if (population === undefined) return [imported];
    return [{ source: 'population', answer: await population.at(place) }, imported];
  }

  return {
    routes(api) {
      addBreakGlass(api, breakGlass);
      addViews(api, store);
    },
    stats: store.count,
    close: store.close,
  };
}

type SourceAnswer = { readonly source: 'import' | 'population'; readonly answer: Answer };

function addBreakGlass(
  api: Api,
  breakGlass: (incident: string, principal: Principal, reason: string) => Promise<Static<typeof Shown>>,
): void {
  api.post(
    '/api/v1/incidents/:id/people',
    {
      config: { action: 'people.read' },
      schema: {
        tags: ['fire'],
        summary: 'Who lives there: for the assigned unit, while the incident is open',
        description: 'Every look is kept with its reason. Clients forget the answer when the incident is closed.',
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        body: ReasonBody,
        response: { 200: Shown },
      },
    },
    ({ params, principal, body }) => breakGlass(params.id, principal, body.reason),
  );
}

function addViews(api: Api, store: Pick<PeopleStore, 'views'>): void {
  api.get(
    '/api/v1/people/views',
    {
      config: { action: 'admin' },
      schema: {
        tags: ['access'],
        summary: 'Who looked at residents, when and why, newest first',
        querystring: Type.Object(pageQuery()),
        response: { 200: pageOf(ViewSchema) },
      },
    },
    async ({ query }) => {
      const views = await pageByNumber(query, store.views, (view) => view.number);
      const items = views.items.map(({ number: _number, at, place, ...view }) => {
        return { ...view, at: iso(at), placeId: place ?? null };
      });
      return { items, next: views.next };
    },
  );
}

/** Why this principal may not look; `undefined` when it may. */
function refusalOf(
  principal: Principal,
  { isLive, assigned }: Assignment,
  isOnlyOne: (name: string) => boolean,
): HubError | undefined {
  if (!may(principal, 'people.read')) return new HubError('forbidden', 'Only the fire service may see residents.');
  if (!isLive) return closed();
  if (!assigned.includes(principal.name)) {
    return new HubError('forbidden', 'You are not assigned: acknowledge the incident, or be named in its dispatch.');
  }
  if (!isOnlyOne(principal.name)) {
    return new HubError(
      'forbidden',
      `Several tokens are named "${principal.name}"; ask for one with a name of its own.`,
    );
  }
  return undefined;
}

function closed(): HubError {
  return new HubError('conflict', 'The incident is closed; residents are no longer shown.');
}

function shownOf(incident: string, place: string | undefined, answers: readonly SourceAnswer[]): Static<typeof Shown> {
  const known = answers.flatMap(({ answer }) => (answer.state === 'unknown' ? [] : [answer.people]));
  return {
    incident,
    placeId: place ?? null,
    people: known.length === 0 ? null : known.flat(),
    sources: answers.map(({ source, answer }) => ({
      source,
      state: answer.state,
      asOf: answer.state === 'unknown' ? null : iso(answer.asOf),
      reason: answer.state === 'unknown' ? answer.reason : null,
    })),
  };
}

function iso(at: Millis): string {
  return new Date(at).toISOString();
}
