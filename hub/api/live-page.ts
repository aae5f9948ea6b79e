/** `/docs/live`: what AsyncAPI says, as a page that a person reads. */
import type { TSchema } from 'typebox';
import { topicRoot } from '../../devices/wire.ts';
import type { MountedDomain } from './options.ts';

/** The whole page; static, without a script. */
export function livePageOf(domains: readonly MountedDomain[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Nhịp – MQTT and live</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #14181d; background: #fff }
  pre { background: #eef1f4; padding: 1rem; overflow: auto } code { font-size: .92em }
  table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #cbd3da; vertical-align: top }
  h2 { margin-top: 2.5rem }
</style>
<main>
<h1>MQTT and live</h1>
<p>The same in full, for machines: <a href="/asyncapi.json">/asyncapi.json</a>. REST is at <a href="/docs">/docs</a>. Times are Unix milliseconds.</p>
<h2>A device speaks</h2>
<pre>${html(publishExample(domains))}</pre>
<p>The username is the device id; a device publishes below its own id only. An acknowledgement (QoS 1) of a durable message means that it is on disk.</p>
<h2>An app listens</h2>
<pre>${html(listenExample)}</pre>
<p>Acknowledge each <code>event</code>, else it is sent again. After a break send the last cursor as <code>since</code>: each missed event comes once, in order.</p>
${domains.map(domainSection).join('\n')}
</main>
</html>
`;
}

function publishExample(domains: readonly MountedDomain[]): string {
  const domain = domains.find((candidate) => candidate.name === 'fire') ?? domains[0];
  const message = Object.keys(domain?.messages ?? {}).at(-1) ?? 'heartbeat';
  return [
    `mosquitto_pub -h HOST -p 1883 -u DEVICE -P SECRET -q 1 \\`,
    `  -t ${topicRoot}/${domain?.name ?? 'fire'}/DEVICE/${message} -m '{"ts": 1790000000000}'`,
  ].join('\n');
}

const listenExample = `import { io } from 'socket.io-client';
const socket = io('http://HOST:8080/transit', { auth: { token } });   // without a token: /transit and /parking
let cursor;
socket.on('connect', () => socket.emit('subscribe', { since: cursor }, (answer) => {
  if (answer.ok) ({ cursor } = answer);
}));
socket.on('event', (event, acknowledge) => { cursor = event.cursor; acknowledge(); });
socket.on('vehicles', (frame) => console.log(frame.vehicles));`;

function domainSection(domain: MountedDomain): string {
  const level = domain.name === 'fleet' ? '&lt;domain&gt;' : domain.name;
  const rows = Object.entries(domain.messages).map(
    ([name, message]) =>
      `<tr><td><code>${topicRoot}/${level}/&lt;id&gt;/${html(name)}</code></td><td>${message.qos}</td><td>${message.lane}</td><td>${html(message.description)}<details><summary>schema</summary><pre>${schemaText(message.schema)}</pre></details></td></tr>`,
  );
  return `<h2>${html(domain.title.en)} · <span lang="vi">${html(domain.title.vi)}</span></h2>
<table><tr><th>topic</th><th>QoS</th><th>lane</th><th>what</th></tr>
${rows.join('\n')}
</table>
${liveSection(domain)}`;
}

function liveSection({ live }: MountedDomain): string {
  if (live === undefined) return '';
  const frames = (live.frames ?? []).map(({ name }) => `<code>${html(name)}</code>`).join(', ') || 'none';
  return `<p>Live at namespace <code>${html(live.namespace)}</code>, needs <code>${live.action}</code>; frames: ${frames}.</p>
<details><summary>filter of <code>subscribe</code></summary><pre>${schemaText(live.filter)}</pre></details>`;
}

function schemaText(schema: TSchema): string {
  return html(JSON.stringify(schema, null, 2));
}

function html(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
