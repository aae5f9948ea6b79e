/** Frames of real panels and of the standard, and what each must mean. CR and LF are left out. */
import type { FireEvent } from '../../../../devices/fire/message.ts';

/** What a frame says, in the fewest words. */
export type Said = readonly (readonly [
  kind: FireEvent['kind'] | 'heartbeat',
  sensor?: FireEvent['class'],
  point?: string,
])[];

export type Vector = {
  readonly name: string;
  readonly frame: string;
  readonly key?: string;
  readonly answer: 'ack' | 'nak' | 'duh' | 'none';
  readonly device?: string;
  readonly said: Said;
  readonly quality?: readonly string[];
  /** The panel's time, where it is believable. */
  readonly time?: string;
};

const hexKey = '3A1F6B8C9D4E7F20123456789ABCDEF0';

export const vectors: readonly Vector[] = [
  {
    name: 'S1 the standard’s SIA example',
    frame: 'CE110032"SIA-DCS"9876R579BDFL789ABC#12345A[#12345A|NFA129]',
    answer: 'ack',
    device: 'dc09-12345A',
    said: [['alarm', 'other', '129']],
  },
  {
    name: 'S2 the standard’s Contact ID example',
    frame: '87CD0037"ADM-CID"9876R579BDFL789ABC#12345A[#12345A|1110 00 129]',
    answer: 'ack',
    device: 'dc09-12345A',
    said: [['alarm', 'other', '129']],
  },
  {
    name: 'S3 power up with text',
    frame: 'F4D20029"SIA-DCS"0001RF3L77#1234[#1234|NRR|Atest]',
    answer: 'ack',
    device: 'dc09-1234',
    said: [['troubleRestore', 'other', 'info RR']],
  },
  {
    name: 'S4 no data',
    frame: '96ED0016"SIA-DCS"0001L0#1234[]',
    answer: 'ack',
    device: 'dc09-1234',
    said: [['heartbeat']],
  },
  { name: 'S5 a NAK', frame: 'E4410025"NAK"0000R0L0A0[]_16:20:01,09-24-2025', answer: 'none', said: [] },
  {
    name: 'S6 without the L field',
    frame: '3BAC0029"SIA-DCS"0002#0123[#0123|Nti20:50:26RP99]',
    answer: 'ack',
    device: 'dc09-0123',
    said: [['test', 'other', '99']],
  },
  {
    name: 'S7 a captured heartbeat',
    frame: '85420026"NULL"0000L0#000[]_21:58:31,08-08-2019',
    answer: 'ack',
    device: 'dc09-000',
    said: [['heartbeat']],
    time: '2019-08-08T21:58:31.000Z',
  },
  {
    name: 'S8 remote arming',
    frame: 'F92F0043"ADM-CID"0020R7896L7896#3456[#3456|1407 00 001]_17:01:14,07-26-2024',
    answer: 'ack',
    device: 'dc09-3456',
    said: [['troubleRestore', 'other', 'info 1407 1']],
    time: '2024-07-26T17:01:14.000Z',
  },
  {
    name: 'S9 a captured heartbeat with receiver',
    frame: 'D730002F"NULL"0000R7896L7896#3456[]_17:01:26,07-26-2024',
    answer: 'ack',
    device: 'dc09-3456',
    said: [['heartbeat']],
  },
  {
    name: 'S11 lower-case CRC and raw DC-05 with its checksum',
    frame: '56b8003c"ADM-CID"1569L1#6827[#6827|18160201000D]_00:00:00,02-21-2024',
    answer: 'ack',
    device: 'dc09-6827',
    said: [['test', 'other', '1/0']],
    time: '2024-02-21T00:00:00.000Z',
  },
  {
    name: 'S12 a clock 24 years off',
    frame: '39660039"SIA-DCS"0512L1#9764[#9764|Nri1/OP03]_00:41:51,06-13-2000',
    answer: 'ack',
    device: 'dc09-9764',
    said: [['troubleRestore', 'other', 'info OP 1/3']],
    quality: ['clock'],
  },
  {
    name: 'S13 a heartbeat without time',
    frame: 'FE2E0013"NULL"0000L0#8312[]',
    answer: 'ack',
    device: 'dc09-8312',
    said: [['heartbeat']],
  },
  {
    name: 'S17 encrypted, key unknown',
    frame:
      '6EDD0075"*SIA-DCS"8959L0#AAA[A99CB4359155815BB119C65A30ED125F79717A05AB0595EC96DCDBE571370C7E20B115644551DDA6FAD3449AB6E73703',
    answer: 'nak',
    device: 'dc09-AAA',
    said: [['trouble', 'other', 'frame']],
    quality: ['decrypt'],
  },
  {
    name: 'S19 encrypted Contact ID, key unknown',
    frame:
      'D0850078"*ADM-CID"6879R0L0#123F[64F7ADD9BA9377DBF2C014BC709329BEEE345B5F20C60B7EB9D2C6B8C222666B13D0B4A114B448B0AC555FCC658DB6EE',
    answer: 'nak',
    device: 'dc09-123F',
    said: [['trouble', 'other', 'frame']],
    quality: ['decrypt'],
  },
  {
    name: 'E1 an encrypted heartbeat without a bar',
    frame: '76D80055"*NULL"0000R0L0#AAAB[B4BC8B40D0E6D959D6BEA78E88CC0B2155741A3C44FBB96D476A3E557CAD64D9',
    key: 'AAAAAAAAAAAAAAAA',
    answer: 'ack',
    device: 'dc09-AAAB',
    said: [['heartbeat']],
    time: '2020-07-05T18:24:52.000Z',
  },
  {
    name: 'E2 encrypted with a whole block of padding',
    frame:
      '05BB0076"*SIA-DCS"7654L0#1111[C07DA1EB73C617857476EE5D79436CEE5E0084485E79EC56B0D5D1F3F6E648B278050BBCCBC8FE5DCA7E3C80DBDD4945',
    key: 'AAAAAAAAAAAAAAAA',
    answer: 'ack',
    device: 'dc09-1111',
    // A water leak is nobody's fire.
    said: [['supervisory', 'other', '1/0']],
    time: '2020-07-09T16:04:02.000Z',
  },
  {
    name: 'L1 a length that is wrong: closing',
    frame: '57150047"ADM-CID"0247R4F39L4F39#4F39[#4F39|3401 01 057]',
    answer: 'ack',
    device: 'dc09-4F39',
    said: [['troubleRestore', 'other', 'info 3401 1/57']],
    quality: ['length'],
  },
  {
    name: 'L4 a decimal length, no account inside',
    frame: 'E5D50078"SIA-DCS"6002L0#AAA[|Nri1/CL501]_14:12:04,09-25-2019',
    answer: 'ack',
    device: 'dc09-AAA',
    said: [['troubleRestore', 'other', 'info CL 1/501']],
    quality: ['length'],
    time: '2019-09-25T14:12:04.000Z',
  },
  {
    name: 'L5 encrypted, a decimal length, key unknown',
    frame:
      '60AB0078"*SIA-DCS"5994L0#AAA[5AB718E008C616BF16F6468033A11326B0F7546CAB230910BCA10E4DEBA42283C436E4F8EFF50931070DDE36D5BB5F0C',
    answer: 'nak',
    device: 'dc09-AAA',
    said: [['trouble', 'other', 'frame']],
    quality: ['decrypt'],
  },
  {
    name: 'a captured heartbeat with six-digit receiver and line',
    frame: '13B10036"NULL"0000R000001L010000#2104814[]_09:31:47,05-27-2026',
    answer: 'ack',
    device: 'dc09-2104814',
    said: [['heartbeat']],
    time: '2026-05-27T09:31:47.000Z',
  },
  {
    name: 'F1 fire',
    frame: 'E201003B"ADM-CID"0001L0#1234[#1234|1110 01 005]_02:15:00,03-01-2026',
    answer: 'ack',
    device: 'dc09-1234',
    said: [['alarm', 'other', '1/5']],
    time: '2026-03-01T02:15:00.000Z',
  },
  {
    name: 'F2 smoke',
    frame: '9488003B"ADM-CID"0002L0#1234[#1234|1111 01 005]_02:15:01,03-01-2026',
    answer: 'ack',
    device: 'dc09-1234',
    said: [['alarm', 'smoke', '1/5']],
  },
  {
    name: 'F4 call point',
    frame: 'DE42003B"ADM-CID"0004L0#1234[#1234|1115 01 010]_02:15:03,03-01-2026',
    answer: 'ack',
    device: 'dc09-1234',
    said: [['alarm', 'callPoint', '1/10']],
  },
  {
    name: 'F5 fire restore',
    frame: '3AF2003B"ADM-CID"0005L0#1234[#1234|3110 01 005]_02:25:00,03-01-2026',
    answer: 'ack',
    device: 'dc09-1234',
    said: [['restore', 'other', '1/5']],
  },
  {
    name: 'F6 supervisory',
    frame: 'BF4B003B"ADM-CID"0006L0#1234[#1234|1200 01 020]_02:15:04,03-01-2026',
    answer: 'ack',
    device: 'dc09-1234',
    said: [['supervisory', 'other', '1/20']],
  },
  {
    name: 'F8 fire loop trouble',
    frame: '4664003B"ADM-CID"0008L0#1234[#1234|1373 01 005]_02:15:06,03-01-2026',
    answer: 'ack',
    device: 'dc09-1234',
    said: [['trouble', 'other', '1/5']],
  },
  {
    name: 'F9 periodic test',
    frame: '1A8D003B"ADM-CID"0009L0#1234[#1234|1602 00 000]_02:15:07,03-01-2026',
    answer: 'ack',
    device: 'dc09-1234',
    said: [['test', 'other', '0']],
  },
  {
    name: 'F11 SIA fire alarm',
    frame: '4854003A"SIA-DCS"0011L0#1234[#1234|Nri1/FA005]_02:15:09,03-01-2026',
    answer: 'ack',
    device: 'dc09-1234',
    said: [['alarm', 'other', '1/5']],
  },
  {
    name: 'F12 SIA fire alarm restore',
    frame: 'D304003A"SIA-DCS"0012L0#1234[#1234|Nri1/FH005]_02:15:10,03-01-2026',
    answer: 'ack',
    device: 'dc09-1234',
    said: [['restore', 'other', '1/5']],
  },
  {
    name: 'F14 a heartbeat',
    frame: '73840027"NULL"0000L0#1234[]_02:16:00,03-01-2026',
    answer: 'ack',
    device: 'dc09-1234',
    said: [['heartbeat']],
    time: '2026-03-01T02:16:00.000Z',
  },
  {
    name: 'F15 encrypted fire',
    frame:
      'F4D40076"*ADM-CID"0021L0#1234[E6B28A1C0C280C01D67D238D0FF7F727824A77177D05FD952F55DBF967EDCB841F6F2B9E8E549E13C9F79745768BDE16',
    key: hexKey,
    answer: 'ack',
    device: 'dc09-1234',
    said: [['alarm', 'other', '1/5']],
    time: '2026-03-01T02:15:00.000Z',
  },
  {
    name: 'F16 encrypted heartbeat',
    frame: '31DE0053"*NULL"0000L0#1234[3F4DA2EDB9006DCCE4FE6A47A01F83AF4F4AC1A7B435A786CCE77F45072A8513',
    key: hexKey,
    answer: 'ack',
    device: 'dc09-1234',
    said: [['heartbeat']],
    time: '2026-03-01T02:16:00.000Z',
  },
];

/** Wrong checksums: the claimed one is at the front, the true one beside it. */
export const wrongCrc: readonly (readonly [frame: string, trueCrc: string])[] = [
  ['9618004D"SIA-DCS"7960L0#123456[#123456|Nri1CL0^VX FRONTE ^]_22:40:48,04-11-2021', 'B7C9'],
  ['C4160279"SIA-DCS"5268L0#AAA[Nri1/WA000]_08:40:47,07-08-2020', 'E9A4'],
  ['7D290038"NULL"0000R000001L010000#99123456[]_06:39:58,08-16-2022', '9744'],
];
