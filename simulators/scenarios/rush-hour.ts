/** Quarter past seven in the morning: slow buses, busy gates, and breakfast on the stove. */
import type { Scenario } from '../scenario.ts';
import { cookingAlarms } from './cooking.ts';

export const rushHour: Scenario = {
  name: 'rush-hour',
  title: { vi: 'Giờ cao điểm', en: 'Rush hour' },
  startSeconds: 7.25 * 3600,
  slowness: 1.3,
  busyness: 2.5,
  stories: (stage) => [cookingAlarms(stage, { firstMs: 45_000, meanMs: 6 * 60_000 })],
};
