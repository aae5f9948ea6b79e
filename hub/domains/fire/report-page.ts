/** The report on paper: one page without scripts, its style inside, every word escaped. Pure. */
import type { Report } from './report.ts';
import { between } from './report-lines.ts';
import { pageWords, type ReportLanguage, reportWord } from './report-words.ts';
import { escapeMarkup } from './xml.ts';

/** The whole HTML document; A4 when printed. */
export function reportPage(report: Report, language: ReportLanguage): string {
  const { incident } = report;
  const say = pageWords[language];
  const title = `${say.title} · ${incident.place?.name ?? incident.subject}`;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${text(title)}</h1>
${markOf(report, language)}
${summary(report, language)}
${tables(report, language)}
${report.isWhole ? '' : `<p class="mark">${text(say.cut)}</p>`}
<footer>${text(say.made)} ${text(localTime(report.generatedAt))} (${text(say.zone)}) · ${text(incident.id)}</footer>
</main>
</body>
</html>
`;
}

/** What nobody may overlook: that it was none. */
function markOf({ incident }: Report, language: ReportLanguage): string {
  const say = pageWords[language];
  const mark =
    incident.status === 'exercise'
      ? say.exercise
      : incident.synthetic || incident.status === 'test'
        ? say.test
        : incident.isolated
          ? say.isolated
          : undefined;
  return mark === undefined ? '' : `<p class="mark">${text(mark)}</p>`;
}

function summary({ incident }: Report, language: ReportLanguage): string {
  const say = pageWords[language];
  const word = (one: string): string => reportWord(language, one);
  const { place, closed, quality } = incident;
  const rows: readonly (readonly [string, string] | undefined)[] = [
    [say.id, incident.id],
    [say.address, [place?.address, place?.wardName ?? place?.wardCode].filter(Boolean).join(', ') || say.unknown],
    place === null ? undefined : [say.binding, word(place.bindingState)],
    [say.raised, localTime(incident.raisedAt)],
    [say.priority, `P${incident.priority}`],
    [say.evidence, word(incident.evidence)],
    [say.handling, word(incident.handling)],
    [say.source, word(incident.source)],
    quality.length === 0 ? undefined : [say.quality, quality.map(word).join(', ')],
    closed && [say.end, [word(closed.disposition), closed.note].filter(Boolean).join(': ')],
  ];
  const lines = rows.map((one) => (one === undefined ? '' : `<dt>${text(one[0])}</dt><dd>${text(one[1])}</dd>`));
  return `<dl>\n${lines.filter(Boolean).join('\n')}\n</dl>`;
}

function tables({ receipts, bindings, timeline, incident }: Report, language: ReportLanguage): string {
  const say = pageWords[language];
  const word = (one: string): string => reportWord(language, one);
  const time = (at: string | null | undefined): string => (at == null ? '–' : localTime(at));
  // A part is a word of the hub, a word with a time, or what somebody wrote.
  const part = (one: string): string => {
    const [, name, at] = /^(\w+) (\d{4}-\d\d-\d\dT[\d:.]{12}Z)$/.exec(one) ?? [];
    return name === undefined || at === undefined ? word(one) : `${word(name)} ${localTime(at)}`;
  };
  const parts = (line: string): string => line.split(between).map(part).join(between);
  return [
    section(
      say.path,
      [say.hop, say.by, say.time, say.after],
      receipts.map((hop) => [word(hop.hop), hop.by, time(hop.at), hop.afterMs === null ? '–' : String(hop.afterMs)]),
      say.none,
    ),
    section(
      say.points,
      [say.device, say.point, say.class, say.from, say.to, say.count],
      incident.points.map((point) => [
        ...[point.deviceId, point.point, word(point.class), time(point.since)],
        ...[point.restoredAt === undefined ? word('active') : time(point.restoredAt), String(point.count)],
      ]),
      say.none,
    ),
    section(
      say.bindings,
      [say.device, say.state, say.since, say.by],
      bindings.map(({ device, state, since, by }) => [device, word(state), time(since), by ?? '–']),
      say.none,
    ),
    section(
      say.story,
      [say.time, say.what, say.by, say.detail],
      timeline.map((line) => [localTime(line.at), word(line.type), line.by, parts(line.text ?? '')]),
      say.none,
    ),
  ].join('\n');
}

const style = `
body { font: 14px/1.45 system-ui, sans-serif; color: #14181d; background: #fff; margin: 0 }
main { max-width: 60rem; margin: 1.5rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-top: 1.8rem; break-after: avoid }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem } dt { color: #4a5560 } dd { margin: 0; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid #cbd3da; overflow-wrap: anywhere }
th { white-space: nowrap } td { font-variant-numeric: tabular-nums } tr { break-inside: avoid } thead { display: table-header-group }
.mark { border: 2px solid; padding: .4rem .8rem; font-weight: 600 }
footer { margin: 2rem 0; color: #4a5560 }
@page { size: A4; margin: 15mm; @bottom-right { content: counter(page) " / " counter(pages) } }
@media print { body { font-size: 10pt } main { max-width: none; margin: 0; padding: 0 } }
`;

function section(title: string, heads: readonly string[], rows: readonly (readonly string[])[], none: string): string {
  const head = `<h2>${text(title)}</h2>`;
  if (rows.length === 0) return `${head}\n<p>${text(none)}</p>`;
  const cells = (tag: string, values: readonly string[]) =>
    values.map((value) => `<${tag}>${text(value)}</${tag}>`).join('');
  const body = rows.map((values) => `<tr>${cells('td', values)}</tr>`).join('\n');
  return `${head}\n<table>\n<thead><tr>${cells('th', heads)}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>`;
}

const text = escapeMarkup;

/** `22/11/2026 10:00:00.123`, wall-clock time in Vietnam (UTC+7, no summer time). */
function localTime(time: string): string {
  const local = new Date(Date.parse(time) + 7 * 3_600_000).toISOString();
  const [year, month, day] = local.slice(0, 10).split('-');
  return `${day}/${month}/${year} ${local.slice(11, 23)}`;
}
