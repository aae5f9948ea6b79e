/** Signatures by Standard Webhooks 1.0.0 (https://www.standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`. */
import { createHmac } from 'node:crypto';

/** Headers of one attempt. Two secrets give two signatures, so that a receiver can change from one to the other. */
export function signedHeaders(
  secrets: readonly Uint8Array[],
  message: { readonly id: string; readonly timestampSeconds: number; readonly body: string },
): Readonly<Record<string, string>> {
  const { id, timestampSeconds, body } = message;
  const signed = `${id}.${timestampSeconds}.${body}`;
  const signatures = secrets.map((secret) => `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signatures.join(' '),
  };
}

/** The bytes of `whsec_<base64>`, 24 to 64 of them; `undefined` when it is no such secret. */
export function readWebhookSecret(text: string): Uint8Array | undefined {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.length >= 24 && bytes.length <= 64 ? bytes : undefined;
}
