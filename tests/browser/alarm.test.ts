/** From a detector's message to the dispatcher's key, through a real hub and a real browser. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { alarm, restore } from '../support/detector.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { noBrowser, openBrowser, openScreen, type Screen } from './screen.ts';

describe.skipIf(noBrowser !== undefined)(
  `the fire desk${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  () => {
    let browser: Browser;
    let hub: TestHub;
    const screens: Screen[] = [];

    beforeAll(async () => {
      browser = await openBrowser();
      hub = await startTestHub();
    });
    afterEach(async () => {
      for (const screen of screens.splice(0)) await screen.close();
    });
    afterAll(async () => {
      await browser?.close();
      await hub?.stop();
    });

    async function desk(): Promise<Screen> {
      const screen = await openScreen(browser, hub.url, '/fire', { token: hub.tokens.fire });
      screens.push(screen);
      await screen.page.locator('[data-link="live"]').waitFor();
      return screen;
    }

    test('the token leaves the address at once and the empty queue explains its silence', async () => {
      const { page } = await desk();
      expect(page.url()).not.toContain('token');
      await page.getByText('Không có báo động mở.').waitFor();
      await page.getByText(/\d+\/\d+ đầu báo đang gửi/).waitFor();
    });

    test('a new alarm is painted, rings, is accepted by one key and so for the second console', async () => {
      const first = await desk();
      const second = await desk();
      await first.page.getByRole('button', { name: 'Bật âm thanh & thử' }).click();
      await first.page.getByRole('button', { name: 'Âm thanh bật' }).waitFor();
      // Counts what the bell plays: each note is one oscillator.
      await first.page.evaluate(`
      window.notes = 0;
      const start = OscillatorNode.prototype.start;
      OscillatorNode.prototype.start = function (...args) { window.notes += 1; return start.apply(this, args); };
    `);

      await alarm(hub, 'fd-1');
      const row = first.page.getByRole('button', { name: /Khói · Nhà 12/ });
      await row.waitFor();
      await first.page.getByRole('heading', { name: 'Khẩn cấp chưa tiếp nhận' }).waitFor();
      await first.page.waitForFunction('window.notes >= 3');
      expect(await first.page.locator('.map-ring').count()).toBe(1);
      await second.page.getByRole('button', { name: /Khói · Nhà 12/ }).waitFor();

      await first.page.keyboard.press('j');
      await first.page.keyboard.press('Enter');
      await first.page.getByRole('complementary', { name: 'Nhà 12' }).waitFor();
      await first.page.keyboard.press('a');
      await first.page.getByRole('button', { name: /Tiếp nhận/, disabled: true }).waitFor();
      await second.page.getByRole('button', { name: /Đã tiếp nhận/ }).waitFor();
      expect(await second.page.locator('.map-ring').count()).toBe(0);

      const stored = await hub.request('/api/v1/incidents?state=open', { token: hub.tokens.fire });
      expect(stored.body).toMatchObject({ items: [{ handling: 'acknowledged', acknowledged: { by: 'test fire' } }] });
    });

    test('the whole incident is worked by keyboard: note, dispatch, resolve, close with a disposition', async () => {
      const { page } = await desk();
      await alarm(hub, 'fd-4');
      await page.getByRole('button', { name: /Chung cư mini 99/ }).click();
      const panel = page.getByRole('complementary', { name: 'Chung cư mini 99' });
      await panel.waitFor();
      await page.keyboard.press('n');
      await page.keyboard.type('Chủ nhà không nghe máy');
      await page.keyboard.press('Enter');
      await panel.getByText('Chủ nhà không nghe máy').waitFor();
      await page.keyboard.press('d');
      await page.keyboard.type('Đội Thanh Xuân, xe 2');
      await page.keyboard.press('Enter');
      await panel.getByText('Đã điều xe', { exact: true }).waitFor();
      await panel.getByRole('button', { name: 'Tới nơi' }).click();
      await panel.getByRole('button', { name: /Tới nơi \d\d:\d\d:\d\d/, disabled: true }).waitFor();
      await panel.getByText('Lực lượng báo về').waitFor();
      await restore(hub, 'fd-4');
      await panel.getByText('đã hết báo', { exact: true }).waitFor();
      await page.keyboard.press('r');
      await page.keyboard.press('Enter');
      await panel.getByRole('button', { name: /Đã xử lý/, disabled: true }).waitFor();
      await page.keyboard.press('e');
      await page.getByRole('dialog').getByLabel('Báo giả do môi trường').check();
      await page.keyboard.press('Enter');
      await panel.locator('.panel-state').getByText('Báo giả do môi trường').waitFor();
      await panel.locator('q').getByText('Báo giả do môi trường').waitFor();
      await page.getByRole('button', { name: /Chung cư mini 99/ }).waitFor({ state: 'detached' });
    });
  },
);
