/** Bodies are read as strictly as a device's payload, and refused by what is wrong with them. */
import type { FastifyRequest } from 'fastify';
import { BadMessage, decodeJson } from '../../devices/wire.ts';
import type { Api } from '../domain.ts';
import { HubError } from '../errors.ts';

/** Replaces Fastify's parser, which calls a forbidden key "not valid JSON". */
export function addJsonBodies(app: Api, bodyLimitBytes: number): void {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, body: Buffer) => {
      if (body.length === 0) throw new HubError('invalid', 'The body is empty: send JSON, or no content-type.');
      try {
        return decodeJson(body, bodyLimitBytes);
      } catch (error) {
        if (error instanceof BadMessage) throw new HubError('invalid', `The body was not taken: ${error.message}.`);
        throw error;
      }
    },
  );
}
