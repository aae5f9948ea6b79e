/** Who is inside: shown to the unit that has the incident, with a reason, and gone wherever it must be gone. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPeopleStore } from '../../hub/people/people-store.ts';
import { alarm, restore } from '../support/detector.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { noBrowser, openBrowser, openScreen, type Screen } from './screen.ts';

const grandmother = 'Cụ Nguyễn Thị Tư';

describe.skipIf(noBrowser !== undefined)(
  `people inside${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  () => {
    let browser: Browser;
    let hub: TestHub;
    let screen: Screen;

    beforeAll(async () => {
      browser = await openBrowser();
      hub = await startTestHub();
      const store = openPeopleStore(join(hub.directory, 'people.db'));
      const people = [
        { name: 'Anh Bình', needs: [], birthYear: 1990, phone: '0900 111 222' },
        { name: 'Bé Na', needs: [], birthYear: 2022 },
        { name: grandmother, needs: ['xe lăn'], birthYear: 1940 },
      ];
      store.replace(new Map([['place-12', people]]), Date.now());
      store.close();
      await alarm(hub, 'fd-1');
      await alarm(hub, 'fd-4');
      screen = await openScreen(browser, hub.url, '/fire', { token: hub.tokens.fire });
      await screen.page.locator('[data-link="live"]').waitFor();
    });
    afterAll(async () => {
      await screen?.close();
      await browser?.close();
      await hub?.stop();
    });

    test('before the incident is accepted the refusal says what to do; a reason is needed', async () => {
      const { page } = screen;
      await page.getByRole('button', { name: /Nhà 12/ }).click();
      await page.getByText('Mỗi lần xem đều bị ghi lại').waitFor();
      await page.getByRole('button', { name: /Xem người đang ở trong nhà/ }).click();
      await page.getByRole('button', { name: 'Xem và ghi lại' }).click();
      await page.getByText('Ghi lý do, ít nhất ba chữ cái.').waitFor();
      await page.getByRole('button', { name: 'Tìm cứu người mắc kẹt' }).click();
      await page.getByRole('button', { name: 'Xem và ghi lại' }).click();
      await page.getByText('Hãy bấm Tiếp nhận trước').waitFor();
      expect(await page.getByText(grandmother).count()).toBe(0);
    });

    test('the assigned unit sees those first who cannot get out alone; nothing of it is kept or put in the address', async () => {
      const { page } = screen;
      await page.getByRole('button', { name: /^Tiếp nhận/ }).click();
      await page.getByRole('button', { name: /^Tiếp nhận/, disabled: true }).waitFor();
      await showPeople(page);
      const names = await page.locator('.resident b:first-child').allTextContents();
      expect(names).toEqual([grandmother, 'Bé Na', 'Anh Bình']);
      const kept: unknown = await page.evaluate(
        'JSON.stringify([location.href, history.state, {...localStorage}, {...sessionStorage}, document.cookie])',
      );
      expect(kept).not.toContain(grandmother);
      expect(kept).not.toContain('mắc kẹt');
      const views = await hub.request('/api/v1/people/views', { token: hub.tokens.admin });
      expect(views.body).toMatchObject({
        items: [{ outcome: 'shown', people: 3, reason: 'Tìm cứu người mắc kẹt' }, { people: 0 }],
      });
    });

    test('another incident, another page and signing out drop it', async () => {
      const { page } = screen;
      await page.getByRole('button', { name: /Chung cư mini 99/ }).click();
      await page.getByRole('complementary', { name: 'Chung cư mini 99' }).waitFor();
      await gone(page);
      await page.getByRole('button', { name: /Khói · Nhà 12/ }).click();
      await gone(page);
      await showPeople(page);
      await page.getByRole('link', { name: 'Thiết bị', exact: true }).click();
      await page.getByRole('heading', { name: 'Thiết bị', exact: true }).waitFor();
      await gone(page);
      await page.goBack();
      await page.getByRole('button', { name: /Xem người đang ở trong nhà/ }).waitFor();
      await gone(page);
      await showPeople(page);
      await page.locator('.menu summary').click();
      await page.getByRole('button', { name: 'Đăng xuất' }).click();
      await page.getByRole('heading', { name: 'Xe buýt theo tuyến' }).first().waitFor();
      await page.goBack();
      await page.getByRole('heading', { name: 'Màn hình này cần mã truy cập' }).waitFor();
      await gone(page);
    });

    test('a place that nobody knows of is unknown, not empty; closing the incident takes the panel away', async () => {
      const open = await openScreen(browser, hub.url, '/fire', { token: hub.tokens.fire });
      const { page } = open;
      await page.getByRole('button', { name: /Chung cư mini 99/ }).click();
      await page.getByRole('button', { name: /^Tiếp nhận/ }).click();
      await page.getByRole('button', { name: /^Tiếp nhận/, disabled: true }).waitFor();
      await ask(page);
      await page.getByText('CHƯA RÕ có ai bên trong.').waitFor();
      await restore(hub, 'fd-1');
      await page.getByRole('button', { name: /Khói · Nhà 12/ }).click();
      await showPeople(page);
      const { body } = await hub.request('/api/v1/incidents', { token: hub.tokens.fire });
      await hub.request(`/api/v1/incidents/${incidentAt(body, 'place-12')}/close`, {
        token: hub.tokens.fire,
        body: { disposition: 'unwanted' },
      });
      await page.locator('.panel').getByText('Báo giả do môi trường').first().waitFor();
      await gone(page);
      expect(await page.getByRole('button', { name: /Xem người đang ở trong nhà/ }).count()).toBe(0);
      expect(open.errors).toEqual([]);
      await open.close();
    });
  },
);

async function ask(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Xem người đang ở trong nhà|Thử lại/ }).click();
  await page.getByRole('button', { name: 'Tìm cứu người mắc kẹt' }).click();
  await page.getByRole('button', { name: 'Xem và ghi lại' }).click();
}

async function showPeople(page: Page): Promise<void> {
  await ask(page);
  await page.getByText(grandmother).waitFor();
}

async function gone(page: Page): Promise<void> {
  expect(await page.getByText(grandmother).count()).toBe(0);
}

function incidentAt(page: unknown, subject: string): string {
  const items: unknown = typeof page === 'object' && page !== null && 'items' in page ? page.items : [];
  const found: unknown = Array.isArray(items) ? items.find((item) => item.subject === subject)?.id : undefined;
  if (typeof found !== 'string') throw new Error(`There is no open incident at ${subject}.`);
  return found;
}
