/** What leaves the house on paper and in spreadsheets: nothing runs, nothing breaks out. */
import { expect, test } from 'vitest';
import { FireFactSchema } from '../../../../../hub/domains/fire/events.ts';
import { csvCell, csvHeader, csvLine } from '../../../../../hub/domains/fire/incident-csv.ts';
import type { Report } from '../../../../../hub/domains/fire/report.ts';
import { reportPage } from '../../../../../hub/domains/fire/report-page.ts';
import { pageWords, reportWord } from '../../../../../hub/domains/fire/report-words.ts';

const hostile = '"><img src=x onerror=alert(1)>\'&';
const report: Report = {
  generatedAt: '2026-11-24T07:30:00.000Z',
  incident: {
    id: '019abc',
    subject: 'HN-1',
    place: null,
    priority: 1,
    evidence: 'confirmed',
    handling: 'closed',
    source: 'restored',
    synthetic: true,
    points: [
      {
        deviceId: hostile,
        point: hostile,
        class: 'smoke',
        since: '2026-11-24T07:00:00.000Z',
        lastAt: '2026-11-24T07:00:00.000Z',
        count: 3,
      },
    ],
    raisedAt: '2026-11-24T07:00:00.000Z',
    lastEventAt: '2026-11-24T07:00:00.000Z',
    receivedAfterMs: 3,
    quality: [],
    closed: { at: '2026-11-24T07:20:00.000Z', by: hostile, disposition: 'fire', note: hostile },
    timeline: [],
  },
  receipts: [{ hop: 'durable', by: 'journal', at: '2026-11-24T07:00:00.004Z', afterMs: 4 }],
  timeline: [{ at: '2026-11-24T07:00:00.000Z', storedAt: null, type: 'incident.noted', by: hostile, text: hostile }],
  bindings: [{ device: hostile, state: 'disputed', since: null, by: hostile }],
  isWhole: true,
};

test('a report shows hostile words as words', () => {
  const page = reportPage(report, 'vi');
  expect(page).not.toContain('<img');
  expect(page).toContain('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&#39;&amp;');
  expect(page).not.toMatch(/<script|\son\w+="/);
});

test('a report is in Vietnamese, in the time of Vietnam, with its style for paper', () => {
  const page = reportPage(report, 'vi');
  expect(page).toContain('24/11/2026 14:00:00.004');
  expect(page).toContain('THỬ NGHIỆM');
  expect(page).toContain('<dt>Kết luận</dt><dd>cháy thật: ');
  expect(page).toContain('@media print');
});

test('a report is in English when asked', () => {
  const page = reportPage(report, 'en');
  expect(page).toContain('<html lang="en">');
  expect(page).toContain('TEST – not a real incident');
  expect(page).toContain('<dt>Outcome</dt><dd>fire: ');
  expect(page).toContain('<td>On disk</td>'.toLowerCase());
  expect(page).toContain('size: A4');
});

test('a drill is marked as one, on paper and in the spreadsheet', () => {
  const drill = { ...report, incident: { ...report.incident, synthetic: false, status: 'exercise' } };
  expect(reportPage(drill, 'vi')).toContain('<p class="mark">DIỄN TẬP – không phải sự cố thật</p>');
  const column = csvHeader.split(',').indexOf('status');
  expect(csvLine(drill.incident).split(',')[column]).toBe('"exercise"');
  expect(csvLine({ ...report.incident, isolated: true }).split(',')[column]).toBe('"isolated"');
  expect(csvLine(report.incident).split(',')[column]).toBe('"actual"');
});

test('every fact has its words in both languages', () => {
  const types = FireFactSchema.anyOf.map((schema) => schema.properties.type.const);
  const shown = types.filter((type) => /^(incident|signal|window)\./.test(type));
  expect(shown.filter((type) => reportWord('vi', type) === type || reportWord('en', type) === type)).toEqual([]);
  expect(Object.keys(pageWords.vi)).toEqual(Object.keys(pageWords.en));
});

test.each([
  ['=HYPERLINK("http://x")', '"\'=HYPERLINK(""http://x"")"'],
  ['+84900', '"\'+84900"'],
  ['-2+3', '"\'-2+3"'],
  ['@SUM(1)', '"\'@SUM(1)"'],
  ['\t=1', '"\'\t=1"'],
  ['\r=1', '"\'\r=1"'],
  ['\0=1', '"\'\0=1"'],
  ['＝1', '"\'＝1"'],
  ['12 ngõ 34, "Hàng Bạc"', '"12 ngõ 34, ""Hàng Bạc"""'],
])('a spreadsheet takes %j as text', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

test('numbers stay numbers and what is absent stays empty', () => {
  expect([csvCell(-3), csvCell(undefined), csvCell('')]).toEqual(['-3', '', '""']);
  expect(csvHeader.startsWith('\uFEFFid,raised_at,')).toBe(true);
});
