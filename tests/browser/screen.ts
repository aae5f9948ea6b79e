/** A Chromium, and screens in it that note what they ask for and what goes wrong. */
import { existsSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

const executable = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** Why these tests cannot run here; undefined when they can. */
export const noBrowser = existsSync(executable) ? undefined : `no Chromium at ${executable}; set CHROMIUM_PATH`;

export function openBrowser(): Promise<Browser> {
  // As on a console: no sound before the first click.
  const args = ['--no-sandbox', '--disable-gpu', '--autoplay-policy=user-gesture-required'];
  return chromium.launch({ executablePath: executable, args });
}

export type ScreenOptions = {
  readonly token?: string;
  readonly width?: number;
  readonly language?: 'vi' | 'en';
  readonly theme?: 'dark' | 'light';
};

export type Screen = {
  readonly page: Page;
  /** Addresses asked for outside the hub. Must stay empty. */
  readonly foreign: readonly string[];
  /** Errors that the page threw or logged. */
  readonly errors: readonly string[];
  close(): Promise<void>;
};

/** Opens a screen of the app at `path`. */
export async function openScreen(
  browser: Browser,
  url: string,
  path: string,
  options: ScreenOptions = {},
): Promise<Screen> {
  const width = options.width ?? 1366;
  const context = await browser.newContext({ viewport: { width, height: width < 500 ? 844 : 768 } });
  const page = await context.newPage();
  const foreign: string[] = [];
  const errors: string[] = [];
  const own = new URL(url).host;
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol !== 'data:' && protocol !== 'blob:' && host !== own) foreign.push(request.url());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.addInitScript(`
    localStorage.setItem('language', '${options.language ?? 'vi'}');
    localStorage.setItem('theme', '${options.theme ?? 'dark'}');
  `);
  await page.goto(url + path + (options.token === undefined ? '' : `#token=${options.token}`));
  return { page, foreign, errors, close: () => context.close() };
}
