/** An ordinary day: somebody burns the rice soon after the start, and again now and then. */
import type { Scenario } from '../scenario.ts';
import { cookingAlarms } from './cooking.ts';

export const calmDay: Scenario = {
  name: 'calm-day',
  title: { vi: 'Một ngày yên bình', en: 'A calm day' },
  slowness: 1,
  busyness: 1,
  stories: (stage) => [cookingAlarms(stage, { firstMs: 12_000, meanMs: 8 * 60_000 })],
};
