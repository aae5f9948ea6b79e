/** The report on paper: one page without scripts, its style inside, every word escaped. Pure. */
import type { Report } from './report.ts';
import { escapeMarkup } from './xml.ts';

/** The whole HTML document, in Vietnamese. */
export function reportPage(report: Report): string {
  const { incident, timeline, receipts } = report;
  const { place } = incident;
  const title = `Báo cáo sự cố · ${place?.name ?? incident.subject}`;
  return `<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${text(title)}</h1>
${incident.synthetic ? '<p class="mark">THỬ NGHIỆM – không phải sự cố thật</p>' : ''}
<dl>
${row('Mã sự cố', incident.id)}
${row('Địa chỉ', [place?.address, place?.wardName ?? place?.wardCode].filter(Boolean).join(', ') || 'chưa rõ')}
${row('Bắt đầu', localTime(incident.raisedAt))}
${row('Mức ưu tiên', `P${incident.priority}`)}
${row('Bằng chứng', word(evidenceWords, incident.evidence))}
${row('Xử lý', word(handlingWords, incident.handling))}
${row('Tín hiệu', incident.source === 'active' ? 'còn báo động' : 'đã trở lại bình thường')}
${incident.closed === undefined ? '' : row('Kết luận', [word(dispositionWords, incident.closed.disposition), incident.closed.note].filter(Boolean).join(': '))}
</dl>
<h2>Đường đi của báo động đầu tiên</h2>
${table(
  ['Chặng', 'Bởi', 'Thời gian', 'Sau (ms)'],
  receipts.map((hop) => [
    word(hopWords, hop.hop),
    hop.by,
    hop.at === null ? '–' : localTime(hop.at),
    hop.afterMs === null ? '–' : String(hop.afterMs),
  ]),
)}
<h2>Điểm báo</h2>
${table(
  ['Thiết bị', 'Điểm', 'Loại', 'Từ', 'Đến', 'Số lần'],
  incident.points.map((point) => [
    point.deviceId,
    point.point,
    point.class,
    localTime(point.since),
    point.restoredAt === undefined ? 'còn báo động' : localTime(point.restoredAt),
    String(point.count),
  ]),
)}
<h2>Diễn biến</h2>
${table(
  ['Thời gian', 'Việc', 'Bởi', 'Chi tiết'],
  timeline.map((line) => [localTime(line.at), word(eventWords, line.type), line.by, line.text ?? '']),
)}
${report.isWhole ? '' : '<p class="mark">Sự cố có nhiều diễn biến hơn một báo cáo chứa được; phần còn lại nằm trong nhật ký.</p>'}
<footer>Lập lúc ${text(localTime(report.generatedAt))} (giờ Việt Nam)</footer>
</main>
</body>
</html>
`;
}

const style = `
body { font: 14px/1.45 system-ui, sans-serif; color: #14181d; background: #fff; margin: 0 }
main { max-width: 60rem; margin: 1.5rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-top: 1.8rem; break-after: avoid }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem } dt { color: #4a5560 } dd { margin: 0 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid #cbd3da; overflow-wrap: anywhere }
td:first-child { font-variant-numeric: tabular-nums } tr { break-inside: avoid } thead { display: table-header-group }
.mark { border: 2px solid; padding: .4rem .8rem; font-weight: 600 }
footer { margin: 2rem 0; color: #4a5560 }
@media print { main { max-width: none; margin: 0; padding: 0 } @page { margin: 15mm } }
`;

function row(name: string, value: string): string {
  return `<dt>${text(name)}</dt><dd>${text(value)}</dd>`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '<p>Không có.</p>';
  const cells = (tag: string, values: readonly string[]) =>
    values.map((value) => `<${tag}>${text(value)}</${tag}>`).join('');
  const body = rows.map((values) => `<tr>${cells('td', values)}</tr>`).join('\n');
  return `<table>\n<thead><tr>${cells('th', heads)}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>`;
}

const text = escapeMarkup;

/** `22/11/2026 10:00:00.123`, wall-clock time in Vietnam (UTC+7, no summer time). */
function localTime(time: string): string {
  const local = new Date(Date.parse(time) + 7 * 3_600_000).toISOString();
  const [year, month, day] = local.slice(0, 10).split('-');
  return `${day}/${month}/${year} ${local.slice(11, 23)}`;
}

type Words = Readonly<Record<string, string>>;

/** A word that has no translation yet is shown as it is: a report leaves nothing out. */
function word(words: Words, key: string): string {
  return Object.hasOwn(words, key) ? (words[key] ?? key) : key;
}

const evidenceWords: Words = {
  unverified: 'chưa xác minh',
  corroborated: 'nhiều tín hiệu khớp nhau',
  confirmed: 'đã xác nhận',
  refuted: 'đã bác bỏ',
};
const handlingWords: Words = {
  raised: 'mới báo',
  acknowledged: 'đã tiếp nhận',
  dispatched: 'đã điều xe',
  resolved: 'đã xử lý',
  closed: 'đã đóng',
};
const dispositionWords: Words = {
  fire: 'cháy',
  unwanted: 'báo động không mong muốn',
  fault: 'lỗi thiết bị',
  malicious: 'cố ý báo giả',
  accidentalCallPoint: 'ấn nhầm nút báo cháy',
  exercise: 'diễn tập',
  test: 'kiểm tra',
  unknown: 'không rõ',
};
const hopWords: Words = {
  received: 'hub nhận',
  durable: 'đã ghi đĩa',
  emitted: 'đã gửi',
  receivedByApp: 'ứng dụng đã nhận',
  accepted: 'có người tiếp nhận',
};
const eventWords: Words = {
  'incident.raised': 'Báo động',
  'incident.joined': 'Thêm điểm báo',
  'incident.repeated': 'Báo lặp lại',
  'incident.pointRestored': 'Một điểm trở lại bình thường',
  'incident.restored': 'Hết tín hiệu báo động',
  'incident.reactivated': 'Báo động trở lại',
  'incident.evidenceRaised': 'Tăng mức bằng chứng',
  'incident.reopened': 'Mở lại',
  'incident.delivered': 'Màn hình đã nhận',
  'incident.acknowledged': 'Tiếp nhận',
  'incident.verified': 'Xác nhận cháy',
  'incident.dispatched': 'Điều xe',
  'incident.refuted': 'Bác bỏ',
  'incident.noted': 'Ghi chú',
  'incident.escalated': 'Báo lên cấp trên',
  'incident.progressed': 'Diễn biến tại hiện trường',
  'incident.resolved': 'Xử lý xong',
  'incident.closed': 'Đóng sự cố',
};
