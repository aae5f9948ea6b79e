/** Every screen in both languages and both lights: accessible, at home, and never wider than the glass. */
import mqtt from 'mqtt';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from '../support/axe.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { noBrowser, openBrowser, openScreen } from './screen.ts';

const screens = [
  { path: '/fire', role: 'fire', heading: { vi: 'Hàng đợi báo động', en: 'Alarm queue' } },
  { path: '/city', role: 'operator', heading: { vi: 'Bất thường', en: 'Exceptions' } },
  { path: '/bus', role: undefined, heading: { vi: 'Xe buýt theo tuyến', en: 'Buses by line' } },
  { path: '/parking', role: undefined, heading: { vi: 'Bãi đỗ xe', en: 'Parking' } },
  { path: '/devices', role: 'operator', heading: { vi: 'Thiết bị', en: 'Devices' } },
  { path: '/devices/fd-1', role: 'operator', heading: { vi: 'fd-1', en: 'fd-1' } },
  {
    path: '/fire',
    role: undefined,
    heading: { vi: 'Màn hình này cần mã truy cập', en: 'This screen needs an access token' },
  },
] as const;

describe.skipIf(noBrowser !== undefined)(`screens${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`, () => {
  let browser: Browser;
  let hub: TestHub;

  beforeAll(async () => {
    browser = await openBrowser();
    hub = await startTestHub();
    const client = await mqtt.connectAsync(hub.mqttUrl, { ...hub.device('fd-1'), clientId: 'fd-1' });
    const event = { id: 'shown-1', ts: Date.now(), boot: 'boot-1', seq: 1, kind: 'alarm', class: 'smoke', point: '1' };
    await client.publishAsync('city/v1/fire/fd-1/event', JSON.stringify(event), { qos: 1 });
    await client.endAsync();
  });
  afterAll(async () => {
    await browser?.close();
    await hub?.stop();
  });

  const looks = (['vi', 'en'] as const).flatMap((language) =>
    (['dark', 'light'] as const).map((theme) => ({ language, theme })),
  );

  describe.each(screens)('$path as $role', ({ path, role, heading }) => {
    test.each(looks)(
      'has no serious axe violation and asks nobody else ($language, $theme)',
      async ({ language, theme }) => {
        const token = role === undefined ? {} : { token: hub.tokens[role] };
        const screen = await openScreen(browser, hub.url, path, { ...token, language, theme });
        try {
          await screen.page.getByRole('heading', { name: heading[language] }).first().waitFor();
          expect(await violations(screen.page)).toEqual([]);
          expect(screen.foreign).toEqual([]);
          expect(screen.errors).toEqual([]);
        } finally {
          await screen.close();
        }
      },
    );

    test.each([390, 1366, 1920])('never scrolls sideways at %i px', async (width) => {
      const token = role === undefined ? {} : { token: hub.tokens[role] };
      const screen = await openScreen(browser, hub.url, path, { ...token, width });
      try {
        await screen.page.getByRole('heading', { name: heading.vi }).first().waitFor();
        expect(await screen.page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
        expect(
          await screen.page.evaluate(
            'document.querySelector("main").scrollWidth - document.querySelector("main").clientWidth',
          ),
        ).toBeLessThanOrEqual(0);
      } finally {
        await screen.close();
      }
    });
  });

  test('the open incident has no serious axe violation', async () => {
    const screen = await openScreen(browser, hub.url, '/fire', { token: hub.tokens.fire });
    try {
      await screen.page.getByRole('button', { name: /Nhà 12/ }).click();
      await screen.page.getByRole('complementary', { name: 'Nhà 12' }).waitFor();
      expect(await violations(screen.page)).toEqual([]);
    } finally {
      await screen.close();
    }
  });

  test('someone who asked for reduced motion sees nothing flash', async () => {
    const screen = await openScreen(browser, hub.url, '/fire', { token: hub.tokens.fire });
    try {
      await screen.page.emulateMedia({ reducedMotion: 'reduce' });
      await screen.page.getByRole('button', { name: /Nhà 12/ }).waitFor();
      const running = `document.getAnimations().filter((one) => one.playState === 'running').length`;
      expect(await screen.page.evaluate(running)).toBe(0);
      await screen.page.getByText('MỚI', { exact: true }).first().waitFor();
    } finally {
      await screen.close();
    }
  });

  test('the map moves and zooms by keyboard, its view is in the address, and its things are a list', async () => {
    const screen = await openScreen(browser, hub.url, '/fire', { token: hub.tokens.fire });
    try {
      const { page } = screen;
      await page.getByRole('button', { name: /Nhà 12/ }).waitFor();
      await page.getByRole('application').focus();
      await page.keyboard.press('-');
      await page.keyboard.press('ArrowRight');
      await page.waitForURL(/[?&]map=2\d\.\d+,105\.\d+,\d+/);
      await page.getByText(/Danh sách trên bản đồ \(1\)/).click();
      await page.getByRole('button', { name: /Khói · Nhà 12 · 12 ngõ 34/ }).click();
      await page.getByRole('complementary', { name: 'Nhà 12' }).waitFor();
      await page.getByText('Sơ đồ – không dùng để dẫn đường').waitFor();
    } finally {
      await screen.close();
    }
  });
});
