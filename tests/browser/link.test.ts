/** Live means live: a dead hub freezes the screen, and what happened meanwhile comes once it is back. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { noBrowser, openBrowser, openScreen } from './screen.ts';

describe.skipIf(noBrowser !== undefined)(`the link${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`, () => {
  let browser: Browser;
  const directory = mkdtempSync(join(tmpdir(), 'nhip-browser-'));

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  test('a hub that dies freezes the picture; the alarm raised while away is there when it is back, and counted', async () => {
    const before = await startTestHub({ directory });
    const port = new URL(before.url).port;
    const { page, close } = await openScreen(browser, before.url, '/fire', { token: before.tokens.fire });
    await page.locator('[data-link="live"]').waitFor();
    await page.getByText('Không có báo động mở.').waitFor();

    await before.stop();
    await page.locator('[data-link="broken"]').waitFor({ timeout: 10_000 });
    await page.getByText(/Mất kết nối \d+ s – số liệu đóng băng lúc \d\d:\d\d:\d\d/).waitFor();
    await page.locator('[data-link="frozen"]').waitFor({ timeout: 15_000 });
    await page.getByText(/ĐÓNG BĂNG lúc \d\d:\d\d:\d\d/).waitFor();

    const after = await startTestHub({ directory, environment: { HUB_HTTP_PORT: port } });
    try {
      await raise(after);
      await page.locator('[data-link="live"]').waitFor({ timeout: 20_000 });
      await page.getByRole('button', { name: /Khói · Nhà 12/ }).waitFor();
      expect(await page.getByRole('button', { name: /Khói · Nhà 12/ }).count()).toBe(1);
      await page.getByText(/Đã nối lại\. Đã bù \d+ sự kiện/).waitFor();
    } finally {
      await close();
      await after.stop();
    }
  });

  test('a bus page without a token says so too, and lives again', async () => {
    const before = await startTestHub({ directory });
    const { page, close } = await openScreen(browser, before.url, '/bus');
    await page.getByRole('heading', { name: 'Xe buýt theo tuyến' }).first().waitFor();
    await before.stop();
    await page.getByText(/số liệu đóng băng lúc/).waitFor({ timeout: 10_000 });
    const after = await startTestHub({ directory, environment: { HUB_HTTP_PORT: new URL(before.url).port } });
    try {
      await page.getByText(/số liệu đóng băng lúc/).waitFor({ state: 'detached', timeout: 20_000 });
    } finally {
      await close();
      await after.stop();
    }
  });
});

async function raise(hub: TestHub): Promise<void> {
  const client = await mqtt.connectAsync(hub.mqttUrl, { ...hub.device('fd-1'), clientId: 'fd-1' });
  const event = { id: 'away-1', ts: Date.now(), boot: 'boot-2', seq: 1, kind: 'alarm', class: 'smoke', point: '1' };
  await client.publishAsync('city/v1/fire/fd-1/event', JSON.stringify(event), { qos: 1 });
  await client.endAsync();
}
