/** Residents: reading a file, asking another system, and what is not known. */
import { statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPeopleStore } from '../../../../hub/people/people-store.ts';
import { openPopulation } from '../../../../hub/people/population.ts';
import { readPeople } from '../../../../hub/people/read-people.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

const folder = temporaryFolder();
const noon = 1_795_316_400_000;
const quiet = { warn: () => undefined };

describe('a file', () => {
  test('in Vietnamese, as a spreadsheet saves it', async () => {
    const file = await readPeople(
      '\uFEFFMã nhà;Họ tên;Số điện thoại;Năm sinh;Cần hỗ trợ;Ghi chú\r\nP1;Nguyễn Thị Hoa;0900000001;1940;xe lăn|thở ô-xy;tầng 3\r\nP1;Trần An;;2025;;\r\nP2;;;;;\r\n',
    );
    expect([...file.residents]).toEqual([
      [
        'P1',
        [
          {
            name: 'Nguyễn Thị Hoa',
            phone: '0900000001',
            birthYear: 1940,
            needs: ['xe lăn', 'thở ô-xy'],
            note: 'tầng 3',
          },
          { name: 'Trần An', birthYear: 2025, needs: [] },
        ],
      ],
    ]);
    expect(file.refused).toEqual([{ line: 4, reason: 'name is empty' }]);
  });

  test('without a needed column is refused', async () => {
    await expect(readPeople('place,phone\nP1,1\n')).rejects.toThrow('no column name');
  });
});

test('the store replaces the places of a file and tells unknown from empty', () => {
  const path = join(folder, 'people.db');
  const store = openPeopleStore(path);
  store.replace(
    new Map([
      ['P1', [{ name: 'Hoa', needs: [] }]],
      ['P2', []],
    ]),
    noon,
  );
  store.replace(new Map([['P1', [{ name: 'An', needs: [] }]]]), noon + 1);
  expect(store.at('P1')).toEqual({ state: 'known', asOf: noon + 1, people: [{ name: 'An', needs: [] }] });
  expect(store.at('P2')).toEqual({ state: 'known', asOf: noon, people: [] });
  expect(store.at('P3')).toEqual({ state: 'unknown', reason: 'no imported file names this place' });
  expect(store.count()).toEqual({ places: 2, people: 1 });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  store.close();
});

describe('another system', () => {
  let server: Server;
  let url: string;
  let asked: string[] = [];
  let answer: { status: number; body: string; isSilent?: boolean; location?: string };
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.headers.authorization ?? ''} ${request.url}`);
      if (answer.isSilent) return;
      response.writeHead(answer.status, answer.location === undefined ? {} : { location: answer.location });
      response.end(answer.body);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    url = `http://me:secret@127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/residents?v=1`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const hoa = JSON.stringify({ people: [{ name: 'Hoa', needs: [] }] });

  test('is asked once for several looks, with its password in a header', async () => {
    asked = [];
    answer = { status: 200, body: hoa };
    const population = openPopulation({ url, now: () => noon, log: quiet });
    const first = await population.at('P/1&x');
    expect(await population.at('P/1&x')).toEqual(first);
    expect(first).toEqual({ state: 'known', asOf: noon, people: [{ name: 'Hoa', needs: [] }] });
    expect(asked).toEqual(['Basic bWU6c2VjcmV0 /residents?v=1&place=P%2F1%26x']);
  });

  test('that fails later leaves its older answer, marked, for a day', async () => {
    let now = noon;
    answer = { status: 200, body: hoa };
    const population = openPopulation({ url, now: () => now, log: quiet });
    await population.at('P1');
    answer = { status: 503, body: '' };
    now += 3_600_000;
    expect(await population.at('P1')).toMatchObject({ state: 'stale', asOf: noon, people: [{ name: 'Hoa' }] });
    now += 24 * 3_600_000;
    expect(await population.at('P1')).toEqual({ state: 'unknown', reason: 'the population system answered 503' });
  });

  test.each([
    [{ status: 404, body: '' }, 'the population system answered 404'],
    [{ status: 200, body: 'Hoa' }, 'the population system answered no JSON'],
    [{ status: 200, body: '{"people":[{"name":1}]}' }, 'the population system answered something else than people'],
    [{ status: 200, body: ' '.repeat(300_000) }, 'the population system answered more than 256 KiB'],
    [{ status: 302, body: '', location: 'http://127.0.0.1:1/' }, 'the population system cannot be reached'],
    [{ status: 200, body: '', isSilent: true }, 'the population system did not answer in time'],
  ])('that answers wrongly is unknown, never nobody', async (wrong, reason) => {
    answer = wrong;
    const population = openPopulation({ url, now: () => noon, timeoutMs: 200, log: quiet });
    expect(await population.at('P1')).toEqual({ state: 'unknown', reason });
  });
});
