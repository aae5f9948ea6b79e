/** No code of the hub's ever stands on the screen: every word that fire can send has one in both languages. */
import { describe, expect, test } from 'vitest';
import { deskSpeech } from '../../../dashboards/src/fire/desk-words.ts';
import { lineBy, lineName, lineText } from '../../../dashboards/src/fire/line-text.ts';
import { refusalText } from '../../../dashboards/src/fire/refusal.ts';
import { lineTitle, wardsLine } from '../../../dashboards/src/fire/title.ts';
import { isDeskKey } from '../../../dashboards/src/i18n/desk.ts';
import { isTextKey } from '../../../dashboards/src/i18n/translate.ts';
import { FireDoubtSchema, FireEventSchema } from '../../../devices/fire/message.ts';
import { deliveryStates } from '../../../hub/channels/delivery-store.ts';
import { troubleClasses } from '../../../hub/domains/fire/area.ts';
import { chain } from '../../../hub/domains/fire/escalation.ts';
import { FireFactSchema, StageSchema } from '../../../hub/domains/fire/events.ts';
import { ReportSourceSchema } from '../../../hub/domains/fire/person-report.ts';
import { dispositions } from '../../../hub/domains/fire/view.ts';
import { WindowKindSchema } from '../../../hub/domains/fire/window-schema.ts';
import { contactRoles, waterStates } from '../../../hub/registry/records.ts';
import { incident } from './incidents.ts';

const vi = deskSpeech('vi');

describe('every word of the hub has a text', () => {
  const groups: readonly (readonly [string, readonly string[]])[] = [
    // `incident.linked` is written into the time line beside the facts.
    ['event', [...FireFactSchema.anyOf.map(({ properties }) => properties.type.const), 'incident.linked']],
    ['step', ['raised', ...chain.map(({ step }) => step)]],
    ['cause', chain.map(({ reason }) => reason)],
    ['cause', ['callPoint', 'panelVerified', 'twoPoints', 'againAfterReset', 'single']],
    ['cause', ['deviceMoved', 'overdue', 'waterflow', 'commLost', 'noAnswer', 'night', 'sleepingRisk']],
    ['stage', StageSchema.anyOf.map((one) => one.const)],
    ['class', FireEventSchema.properties.class.anyOf.map((one) => one.const)],
    ['class.trouble', troubleClasses],
    ['quality', FireDoubtSchema.anyOf.map((one) => one.const)],
    ['quality', ['late', 'clock', 'binding', 'retained', 'identity']],
    ['standing', ['actual', 'isolated', 'exercise', 'test']],
    ['disposition', dispositions],
    ['cause', ['report']],
    ['doubt', FireDoubtSchema.anyOf.map((one) => one.const).filter((one) => one !== 'clock')],
    ['doubt', ['binding', 'retained', 'identity']],
    [
      'score',
      [
        ...['report', 'callPoint', 'panelVerified', 'twoPoints', 'waterflow', 'againAfterReset'],
        ...['commLost', 'twoKinds', 'detector'],
      ],
    ],
    ['reports.source', ReportSourceSchema.anyOf.map((one) => one.const)],
    ['windows.kind', WindowKindSchema.anyOf.map((one) => one.const)],
    ['role', contactRoles],
    ['water', waterStates],
    ['audience', [...chain.flatMap(({ to }) => to), 'contacts']],
    ['delivery', [...deliveryStates, 'off', 'reached']],
  ];
  test.each(groups)('%s: %j', (group, words) => {
    expect(words.filter((word) => !isTextKey(`${group}.${word}`) && !isDeskKey(`${group}.${word}`))).toEqual([]);
  });

  test('an event of a newer hub has a name too', () => {
    expect(lineName({ type: 'incident.teleported' }, vi)).toBe('Sự kiện khác');
  });
});

describe('the time line', () => {
  test.each([
    ['incident.raised', 'smoke', 'Khói'],
    ['incident.joined', 'Tầng 3', 'Tầng 3'],
    ['incident.joined', '4', 'điểm 4'],
    ['incident.reported', 'call114: khói đen', 'Gọi 114: khói đen'],
    ['incident.repeated', '4', '4 lần'],
    ['incident.areaRaised', 'mains: 9873', 'Mất điện lưới: 9873'],
    ['incident.areaChanged', '12/9873', '12/9873'],
    ['incident.standingChanged', 'test → actual', 'thử → thật'],
    ['incident.reopened', 'refuted', 'Đã bác bỏ'],
    ['incident.reopened', 'resolved', 'Đã xử lý'],
    ['incident.evidenceRaised', 'corroborated: twoPoints', 'Xử lý như cháy thật: hai điểm cùng báo'],
    ['incident.escalated', 'shiftLead: notAcknowledged', 'trưởng ca: chưa ai tiếp nhận'],
    ['incident.progressed', 'onScene', 'Tới nơi'],
    ['incident.closed', 'unwanted: khói: bếp', 'Báo giả do môi trường: khói: bếp'],
    ['incident.closed', 'fire', 'Cháy thật'],
    ['incident.noted', 'Đã gọi chủ nhà', 'Đã gọi chủ nhà'],
    ['incident.restored', '', ''],
  ])('%s "%s" reads "%s"', (type, text, expected) => {
    expect(lineText({ at: 1, type, by: 'hub', text }, vi)).toBe(expected);
  });

  test('the hub has a name', () => {
    expect(lineBy({ by: 'hub' }, vi)).toBe('Trung tâm');
    expect(lineBy({ by: 'Trực ban 1' }, vi)).toBe('Trực ban 1');
  });
});

describe('an area', () => {
  const area = incident({
    subject: 'area:mains',
    points: [],
    area: {
      class: 'mains',
      members: 9_873,
      standing: 9_000,
      gateways: [],
      overdue: 0,
      wards: [
        { code: '00070', name: 'Hoàn Kiếm', members: 5_000 },
        { code: '00004', name: 'Ba Đình', members: 4_000 },
        { code: '99999', members: 873 },
      ],
    },
  });

  test('is one line: the trouble and how many', () => {
    expect(lineTitle(area, vi)).toBe('Mất điện lưới: 9.873 thiết bị');
    expect(lineTitle(area, deskSpeech('en'))).toBe('Mains power lost: 9.873 devices');
  });

  test('names the wards with most devices, and a ward without a name by its code', () => {
    expect(wardsLine(area, vi, 1)).toBe('Hoàn Kiếm 5.000 và 2 phường, xã nữa');
    expect(wardsLine(area, vi, 3)).toBe('Hoàn Kiếm 5.000, Ba Đình 4.000, phường/xã 99999 873');
  });

  test('still has its name when it is closed', () => {
    expect(lineTitle(incident({ subject: 'area:comm', points: [] }), vi)).toBe('Mất đường truyền');
  });
});

describe('the hub’s refusals', () => {
  test.each([
    ['Already en route by Trực ban 1 at 14:02:10.', 'Trực ban 1 đã làm việc này lúc 14:02:10.'],
    ['No unit was dispatched yet; dispatch first.', 'Chưa điều xe. Hãy điều xe trước.'],
    [
      '3 points are in alarm; an alarm of two or more points cannot be refuted until they are restored.',
      '3 điểm đang báo. Chưa bác bỏ được khi các điểm chưa hết báo.',
    ],
    [
      'Still in alarm: fd-1 smoke, fd-2 heat and 3 more. Restore the devices on site before closing.',
      'Vẫn đang báo: fd-1 smoke, fd-2 heat +3. Hãy đặt lại thiết bị tại chỗ trước khi kết thúc.',
    ],
    ['There is no open incident with this id at this place.', 'Sự cố này không còn mở.'],
    ['Something new.', 'trung tâm từ chối (Something new.)'],
  ])('%s', (reason, expected) => {
    expect(refusalText(vi.t, { reason, code: 'conflict' })).toBe(expected);
  });
});
