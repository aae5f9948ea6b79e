/** The first start: a one-time link makes the first administrator's token. Nothing has a default password. */
import { Type } from 'typebox';
import type { Api } from '../domain.ts';
import type { Setup } from './options.ts';

/** The link to print at the first start. The code stands after `#`, so that it reaches no server's log. */
export function setupLink(origin: string, code: string): string {
  return `${origin}/setup#${code}`;
}

/** `POST /api/v1/setup` and the page of the link. */
export function setupRoutes(api: Api, setup: Setup): void {
  api.get(
    '/api/v1/setup',
    {
      config: { action: 'anonymous' },
      schema: {
        tags: ['access'],
        summary: 'Whether the first start still waits for its administrator',
        response: { 200: Type.Object({ open: Type.Boolean() }) },
      },
    },
    async () => ({ open: setup.isOpen() }),
  );
  api.post(
    '/api/v1/setup',
    {
      config: { action: 'anonymous' },
      schema: {
        tags: ['access'],
        summary: "Spends the first start's one-time code for an admin token",
        body: Type.Object(
          {
            code: Type.String({ minLength: 1, maxLength: 200 }),
            name: Type.String({ minLength: 1, maxLength: 100, pattern: '^[^\\p{Cc}]+$' }),
          },
          { additionalProperties: false },
        ),
        response: { 201: Type.Object({ token: Type.String(), name: Type.String() }) },
      },
    },
    async ({ body }, reply) => {
      const { token } = setup.redeem(body.code, body.name);
      return reply.code(201).send({ token, name: body.name });
    },
  );
  api.get('/setup', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(page),
  );
  api.get('/setup/setup.js', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(script),
  );
}

const page = `<!doctype html>
<html lang="vi">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Nhịp – thiết lập lần đầu</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 10vh auto; padding: 0 1rem; color: #14181d; background: #fff }
  label { display: block; font-weight: 600 }
  input, button { font: inherit; padding: .6rem .8rem; min-height: 44px; box-sizing: border-box; width: 100%; margin: .25rem 0 1rem }
  output { display: block; white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; background: #eef1f4 }
  output:empty { display: none }
</style>
<main>
  <h1>Nhịp</h1>
  <p>Tạo quản trị viên đầu tiên. Liên kết này chỉ dùng được một lần.<br>
  <span lang="en">Make the first administrator. This link works once.</span></p>
  <form id="form">
    <label for="name">Tên của bạn <span lang="en">/ Your name</span></label>
    <input id="name" name="name" required maxlength="100" autocomplete="name">
    <button>Tạo mã truy cập / Create token</button>
  </form>
  <output id="answer" role="status"></output>
</main>
<script src="/setup/setup.js"></script>
</html>
`;

const script = `const form = document.getElementById('form');
const answer = document.getElementById('answer');
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const code = decodeURIComponent(location.hash.slice(1));
  const name = document.getElementById('name').value.trim();
  try {
    const response = await fetch('/api/v1/setup', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, name }),
    });
    const body = await response.json();
    if (!response.ok) throw new Error(body.detail ?? body.title);
    form.hidden = true;
    history.replaceState(null, '', '/setup');
    answer.textContent = 'Mã truy cập của bạn – hãy lưu lại, mã sẽ không hiện lại:\\n' +
      'Your token – keep it, it is shown only now:\\n\\n' + body.token;
  } catch (error) {
    answer.textContent = 'Không tạo được: ' + error.message;
  }
});
`;
