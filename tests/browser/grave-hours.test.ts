/** The hours that matter: an alarm with doubts, a mains failure of a district, more alarms than hands, a broken alarm path. */
import { createServer, type Server } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '../support/axe.ts';
import { alarm, say } from '../support/detector.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { noBrowser, openBrowser, openScreen, type Screen } from './screen.ts';

const panels = Array.from({ length: 24 }, (_, index) => `panel-${index + 1}`);
const loose = Array.from({ length: 11 }, (_, index) => `loose-${index + 1}`);
const tube = { heartbeatMs: 60_000, synthetic: false, domain: 'fire', model: 'panel' };

describe.skipIf(noBrowser !== undefined)(
  `grave hours${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  () => {
    let browser: Browser;
    let hub: TestHub;
    let receiver: Server;
    let screen: Screen;

    beforeAll(async () => {
      // A receiver that wants nothing more.
      receiver = createServer((_request, response) => response.writeHead(410).end());
      await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
      const address = receiver.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      browser = await openBrowser();
      hub = await startTestHub({
        environment: {
          HUB_WEBHOOK_URL: `http://127.0.0.1:${port}/notices`,
          HUB_WEBHOOK_ALLOW: '127.0.0.1',
          HUB_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
        },
        overrides: { watchdogMs: 500 },
      });
      screen = await openScreen(browser, hub.url, '/fire', { token: hub.tokens.fire });
      await screen.page.locator('[data-link="live"]').waitFor();
    });
    afterAll(async () => {
      await screen?.close();
      await browser?.close();
      await hub?.stop();
      receiver?.close();
    });

    test('the incident says what, how sure and why, every doubt with both times, the way in, and who has seen it', async () => {
      const { page } = screen;
      await alarm(hub, 'fd-1', { ts: Date.now() - 420_000 });
      await alarm(hub, 'fd-2', { class: 'heat', point: 'Tầng 2' });
      await page.getByRole('button', { name: /Nhà 12/ }).click();
      const panel = page.getByRole('complementary', { name: 'Nhà 12' });
      await panel.getByText('1 nhiệt + 1 khói').waitFor();
      await panel.getByRole('button', { name: 'Có người báo tin vụ này' }).click();
      await panel.getByRole('button', { name: 'Hàng xóm' }).click();
      // Letters of the words are keys of the desk too: none may reach it.
      await panel.getByLabel('Họ nói gì (có thể bỏ trống)').pressSequentially('Khói đen ở tầng 2');
      await panel.getByRole('button', { name: 'Ghi nhận' }).click();
      await panel.getByText('Khói đen ở tầng 2').first().waitFor();
      await panel.getByText(/Khả năng cháy thật khoảng \d+ %/).waitFor();
      await panel.getByText(/có người báo, hai điểm cùng báo/).waitFor();
      await panel.getByText(/Thiết bị nói \d\d:\d\d:\d\d, trung tâm nhận \d\d:\d\d:\d\d/).waitFor();
      await panel.getByText('Xe dừng, đi bộ 45 m · ngõ rộng 1,4 m').waitFor();
      await panel.getByText('Khói đen ở tầng 2').first().waitFor();
      await panel.getByText('Đã thấy: test fire').waitFor();
      await page.locator('.map-label').getByText('Đội Hoàn Kiếm · 770 m').waitFor();
      const titles = await panel.locator('h3').allTextContents();
      expect(titles.slice(0, 5).map((title) => title.trim())).toEqual([
        'Ở đâu',
        'Lối vào',
        'Người bên trong',
        'Liên hệ',
        'Nguy hiểm',
      ]);
      expect(await violations(page)).toEqual([]);
    });

    test('the next step stays in sight however far the panel is read', async () => {
      const { page } = screen;
      const big = page.getByRole('button', { name: /^Tiếp nhận/ });
      await page.locator('.panel').evaluate('document.querySelector(".panel").scrollTo(0, 0)');
      await expectInView(page, big);
      await page.evaluate('document.querySelector(".panel").scrollTo(0, 10_000)');
      await expectInView(page, big);
    });

    test('who was told outside is shown; a channel that is switched off says so, also after it is tried again', async () => {
      const { page } = screen;
      const notices = page.locator('.notices');
      await notices.getByText('KÊNH BỊ NGẮT').first().waitFor({ timeout: 20_000 });
      await notices.getByRole('button', { name: 'Gửi lại' }).first().click();
      await notices.getByText('test fire đã gửi lại').first().waitFor();
    });

    test('an incident goes out as a page to print', async () => {
      const { page } = screen;
      const [report] = await Promise.all([
        page.context().waitForEvent('page'),
        page.getByRole('button', { name: 'Báo cáo để in' }).click(),
      ]);
      await report.getByText('12 ngõ 34 Hàng Bạc').first().waitFor();
      await report.close();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Dữ liệu JSON' }).click(),
      ]);
      expect(file.suggestedFilename()).toMatch(/\.json$/);
    });

    test('a mains failure of many panels is one line; its devices open by ward, gateway and name', async () => {
      const { page } = screen;
      for (const id of panels) {
        hub.device(id, { ...tube, gateway: 'gateway-7', position: { lat: 21.03, lon: 105.85 } });
        await say(hub, id, { kind: 'trouble', class: 'other', detail: { code: 'mains' } });
      }
      await page.getByRole('button', { name: /24 thiết bị/ }).click({ timeout: 20_000 });
      const panel = page.locator('.panel');
      await panel.getByText('gateway-7').waitFor();
      await panel.getByText('Đám cháy không bao giờ bị gộp vào đây').waitFor();
      await panel.getByRole('button', { name: 'Quá 15 phút' }).click();
      await panel.getByText('Không có thiết bị nào.').waitFor();
      await panel.getByRole('button', { name: 'Chưa hết lỗi' }).click();
      await panel.getByRole('link', { name: 'panel-24' }).waitFor();
      await panel.getByText('24 thiết bị đang hiện').waitFor();
      expect(await violations(page)).toEqual([]);
    });

    test('more alarms than hands: a banner, what can wait folds away, and every fire keeps its row', async () => {
      const { page } = screen;
      await page.getByRole('button', { name: 'Đóng bảng sự cố' }).click();
      for (const id of loose) {
        hub.device(id, { ...tube, name: id, position: { lat: 21.02, lon: 105.84 } });
        await alarm(hub, id);
      }
      await page.getByText(/DỒN BÁO ĐỘNG từ/).waitFor();
      await page.getByText('1 sự cố mức thấp đang gộp').waitFor();
      // New rows wait a moment while the pointer rests on the queue, as it may after the click above.
      await expect.poll(() => page.getByRole('button', { name: /loose-/ }).count(), { timeout: 15_000 }).toBe(11);
      expect(await page.getByRole('button', { name: /24 thiết bị/ }).count()).toBe(0);
      expect(await violations(page)).toEqual([]);
    });

    test('a broken alarm path is a red strip though the page is live, with what to do; it goes with the next beat', async () => {
      const { page } = screen;
      const record = hub.hub.registry.device('hub-watchdog');
      if (record === undefined) throw new Error('the watchdog is not registered');
      hub.hub.registry.removeDevice('hub-watchdog');
      await page.getByText(/ĐƯỜNG BÁO ĐỘNG ĐỨT: \d+ lần thử liền/).waitFor({ timeout: 15_000 });
      expect(await page.locator('[data-link="live"]').count()).toBe(1);
      await page.getByRole('link', { name: 'Việc cần làm' }).click();
      await page.getByText('Trực qua điện thoại 114 và bộ đàm').waitFor();
      await page.getByText(/p99 ≤ /).waitFor();
      await page.getByText('p80 · cần dưới 30 giây').waitFor();
      expect(await violations(page)).toEqual([]);
      hub.hub.registry.putDevice(record);
      await page.getByText(/ĐƯỜNG BÁO ĐỘNG ĐỨT/).waitFor({ state: 'detached', timeout: 15_000 });
    });

    const widths = [390, 1366, 1920] as const;
    const looks = (['vi', 'en'] as const).flatMap((language) => widths.map((width) => ({ language, width })));
    test.each(looks)('nothing scrolls sideways at $width px in $language', async ({ language, width }) => {
      const { body } = await hub.request('/api/v1/incidents?limit=100', { token: hub.tokens.fire });
      const options = { token: hub.tokens.fire, language, width, theme: 'light' } as const;
      const ids = ['place-12', 'area:mains', 'area:other'].flatMap((subject) => idOf(body, subject) ?? []);
      expect(ids.length).toBeGreaterThan(1);
      for (const path of [...ids, 'path', 'windows']) {
        const open = await openScreen(browser, hub.url, `/fire/${path}`, options);
        await open.page.locator('.panel h3').first().waitFor();
        expect(await sideways(open.page), path).toEqual([0, 0, 0]);
        if (width === 1366) expect(await violations(open.page), path).toEqual([]);
        await open.close();
      }
    });
  },
);

async function sideways(page: Page): Promise<unknown> {
  return page.evaluate(`[document.documentElement, document.querySelector('main'), document.querySelector('.panel')].map(
    (one) => Math.max(0, one.scrollWidth - one.clientWidth))`);
}

async function expectInView(page: Page, button: ReturnType<Page['getByRole']>): Promise<void> {
  const box = await button.boundingBox();
  expect(box?.y ?? -1).toBeGreaterThan(0);
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(page.viewportSize()?.height ?? 0);
}

function idOf(page: unknown, subject: string): string | undefined {
  const items: unknown = typeof page === 'object' && page !== null && 'items' in page ? page.items : [];
  const found: unknown = Array.isArray(items) ? items.find((item) => item.subject === subject)?.id : undefined;
  return typeof found === 'string' ? found : undefined;
}
