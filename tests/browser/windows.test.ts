/** Drills, tests and isolations by hand, and how what happens in them looks and counts. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '../support/axe.ts';
import { alarm } from '../support/detector.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { noBrowser, openBrowser, openScreen, type Screen } from './screen.ts';

describe.skipIf(noBrowser !== undefined)(`windows${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`, () => {
  let browser: Browser;
  let hub: TestHub;
  let desk: Screen;
  let other: Screen;

  beforeAll(async () => {
    browser = await openBrowser();
    hub = await startTestHub();
    desk = await openScreen(browser, hub.url, '/fire', { token: hub.tokens.fire });
    other = await openScreen(browser, hub.url, '/devices', { token: hub.tokens.operator, language: 'en' });
    await desk.page.locator('[data-link="live"]').waitFor();
  });
  afterAll(async () => {
    await desk?.close();
    await other?.close();
    await browser?.close();
    await hub?.stop();
  });

  test('an isolation names its devices and what stands in; every screen counts it at once', async () => {
    const { page } = desk;
    await page.getByRole('link', { name: '0 cô lập' }).click();
    const drawer = page.getByRole('complementary', { name: 'Diễn tập, thử, cô lập' });
    await drawer.getByText('mọi báo động đều là thật').waitFor();
    await drawer.getByRole('button', { name: 'Mở khung giờ mới…' }).click();
    await drawer.getByRole('button', { name: 'Cô lập', exact: true }).click();
    await drawer.getByRole('button', { name: 'Bắt đầu' }).click();
    await drawer.getByText('Chọn từng thiết bị cần cô lập.').waitFor();
    await drawer.getByLabel('Tìm thiết bị cần cô lập').fill('khoi 2');
    await drawer.getByLabel('Tìm thiết bị cần cô lập').fill('fd-2');
    await drawer.getByRole('button', { name: /^fd-2/ }).click();
    await drawer.getByLabel('Lý do').fill('Sơn lại phòng');
    await drawer.getByRole('button', { name: 'Bắt đầu' }).click();
    await drawer.getByText('Ghi cái gì trông thay').waitFor();
    await drawer.getByLabel(/Trông thay bằng gì/).fill('Bảo vệ đi tuần');
    await drawer.getByRole('button', { name: 'Bắt đầu' }).click();
    await drawer.getByText('Trông thay bằng: Bảo vệ đi tuần').waitFor();
    await page.getByRole('link', { name: '1 cô lập' }).waitFor();
    await other.page.getByRole('link', { name: '1 isolated' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test('a drill of a whole place is marked everywhere and counted with no alarm; what is isolated is grey', async () => {
    const { page } = desk;
    const drawer = page.getByRole('complementary', { name: 'Diễn tập, thử, cô lập' });
    await drawer.getByRole('button', { name: 'Mở khung giờ mới…' }).click();
    await drawer.getByLabel('Tìm nơi hoặc thiết bị').fill('khuong ha');
    await drawer.getByRole('button', { name: /Chung cư mini 99/ }).click();
    await drawer.getByLabel('Lý do').fill('Diễn tập quý IV');
    await drawer.getByRole('button', { name: 'Bắt đầu' }).click();
    await page.getByRole('link', { name: '1 cô lập 1 diễn tập' }).waitFor();
    await alarm(hub, 'fd-4');
    await alarm(hub, 'fd-2');
    const rows = page.getByRole('region', { name: 'Hàng đợi báo động' }).getByRole('listitem');
    const drill = rows.filter({ hasText: 'Chung cư mini 99' }).filter({ hasText: 'DIỄN TẬP' });
    await drill.waitFor();
    await rows.filter({ hasText: 'Nhà 12' }).filter({ hasText: 'CÔ LẬP' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Khẩn cấp chưa tiếp nhận' }).count()).toBe(0);
    await page.locator('.counts').getByTitle('Mức 1: 0 chưa tiếp nhận trên 0 đang mở').waitFor();
    await drill.getByRole('button').click();
    const panel = page.getByRole('complementary', { name: 'Chung cư mini 99' });
    await panel.getByText('không phải cháy thật, không điều xe thật').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test('a second window for the same devices is refused in words', async () => {
    const { page } = desk;
    await page.goto(`${hub.url}/fire/windows?device=fd-2`);
    await page.getByLabel('Lý do').fill('Lần nữa');
    await page.getByLabel(/Trông thay bằng gì/).fill('Bảo vệ');
    await page.getByRole('button', { name: 'Bắt đầu' }).click();
    await page.getByText('Các thiết bị này đang trong một khung giờ khác của test fire.').waitFor();
    await page.getByRole('button', { name: 'Thôi' }).click();
  });

  test('a window is extended, and its end says which points were heard and which never', async () => {
    const { page } = desk;
    await hub.request('/api/v1/fire/windows', {
      token: hub.tokens.fire,
      body: { kind: 'walkTest', place: 'place-12', devices: ['fd-1'], reason: 'Kiểm tra tháng 11' },
    });
    const walk = page.getByRole('listitem').filter({ hasText: 'Đi thử từng điểm' });
    await walk.getByText('Đã báo thử 0/1 điểm').waitFor();
    await walk.getByRole('button', { name: 'Gia hạn' }).click();
    await walk.getByLabel('Trong bao lâu').selectOption('480');
    await walk.getByLabel('Lý do').fill('Chưa kịp');
    await walk.getByRole('button', { name: 'Gia hạn' }).click();
    await walk.getByText(/còn 7:5\d:\d\d/).waitFor();
    await walk.getByRole('button', { name: 'Kết thúc' }).click();
    await walk.getByRole('button', { name: 'Kết thúc' }).click();
    await page.getByRole('status').getByText('0/1 điểm đã báo, 1 chưa').waitFor();
    await page.getByText('Đã kết thúc gần đây').click();
    await page.locator('details').getByText('0/1 điểm đã báo, 1 chưa').waitFor();
  });

  test.each([390, 1366, 1920])('the drawer never scrolls sideways at %i px', async (width) => {
    const screen = await openScreen(browser, hub.url, '/fire/windows', { token: hub.tokens.fire, width });
    await screen.page.getByText('Trông thay bằng: Bảo vệ đi tuần').waitFor();
    expect(await sideways(screen.page)).toEqual([0, 0]);
    await screen.close();
  });
});

async function sideways(page: Page): Promise<unknown> {
  return page.evaluate(`[document.documentElement, document.querySelector('.panel')].map(
    (one) => Math.max(0, one.scrollWidth - one.clientWidth))`);
}
