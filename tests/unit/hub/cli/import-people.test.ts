/** `nhip import --kind people`: residents go into their own store, whole or not at all, and their names stay off the screen. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPeopleStore } from '../../../../hub/people/people-store.ts';
import { type Cli, openCli } from './run-nhip.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await openCli();
});
afterAll(() => cli.remove());

test('a wrong line keeps the file out; a right file goes in', async () => {
  await writeFile(join(cli.directory, 'people.csv'), 'place,name,birth_year\nP1,Nguyễn Thị Hoa,1940\nP1,,1950\n');
  const refused = await cli.nhip('import', 'people.csv', '--kind', 'people');
  expect(refused).toMatchObject({ code: 1, out: expect.stringContaining('line 3: name is empty') });
  expect(refused.out).toContain('Nothing was written');
  expect(refused.out).not.toContain('Hoa');

  await writeFile(join(cli.directory, 'people.csv'), 'place,name,birth_year\nP1,Nguyễn Thị Hoa,1940\n');
  expect((await cli.nhip('import', 'people.csv', '--kind', 'people', '--dry-run')).out).toContain(
    'nothing was written',
  );
  const done = await cli.nhip('import', 'people.csv', '--kind', 'people', '--json');
  expect(JSON.parse(done.out)).toEqual({
    kind: 'people',
    file: 'people.csv',
    read: 1,
    places: 1,
    people: 1,
    refused: [],
    written: true,
  });
  const store = openPeopleStore(join(cli.directory, 'data', 'people.db'));
  expect(store.at('P1')).toMatchObject({ people: [{ name: 'Nguyễn Thị Hoa', birthYear: 1940 }] });
  store.close();
});
