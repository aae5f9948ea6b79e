/** Every error answer is an RFC 9457 problem document. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { errorCodes, HubError } from '../errors.ts';

/** What a caller gets instead of an answer. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'URI of the kind of problem' }),
    code: Type.String({ description: 'the kind of problem as one word, for programs' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Type.String({ description: 'what was wrong and what to do' })),
    errors: Type.Optional(
      Type.Array(Type.Object({ pointer: Type.String({ description: 'where in the request' }), detail: Type.String() })),
    ),
  },
  { $id: 'Problem', description: 'RFC 9457 problem document' },
);

type Fault = { readonly pointer: string; readonly detail: string };
type Problem = {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly Fault[];
};

/** Sends a problem document. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .type('application/problem+json; charset=utf-8')
    .serializer((body: unknown) => JSON.stringify(body))
    .send({ type: `urn:nhip:problem:${problem.code}`, ...problem });
}

/** The error handler: a caller's mistake is explained, ours is logged whole and shown as `internal error`. */
export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error);
  if (problem.status >= 500 && !(error instanceof HubError)) {
    request.log.error({ err: error, method: request.method, route: request.routeOptions.url }, 'request failed');
  }
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="nhip"');
  if (problem.status === 429 && !reply.hasHeader('retry-after')) reply.header('retry-after', '1');
  return sendProblem(reply, problem);
}

function problemOf(error: unknown): Problem {
  if (error instanceof HubError) {
    return { code: error.code, status: error.status, title: errorCodes[error.code].title, detail: error.message };
  }
  if (isFastifyError(error)) {
    const problem = requestProblem(error);
    if (problem !== undefined) return problem;
  }
  return { code: 'internal', status: 500, title: 'Internal error', detail: 'internal error' };
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && ('statusCode' in error || 'validation' in error);
}

/** A request that never reached its handler. `undefined` when the fault is ours. */
function requestProblem(error: FastifyError): Problem | undefined {
  if (error.validation !== undefined) {
    const errors = error.validation.map((fault) => ({
      pointer: `${error.validationContext ?? 'request'}${fault.instancePath}`,
      detail: faultSentence(fault),
    }));
    const detail = errors.map((fault) => `${fault.pointer} ${fault.detail}`).join('; ');
    return { code: 'invalid', status: 400, title: errorCodes.invalid.title, detail, errors };
  }
  switch (error.statusCode) {
    case 400:
      return { code: 'invalid', status: 400, title: errorCodes.invalid.title, detail: error.message };
    case 403:
      return { code: 'forbidden', status: 403, title: errorCodes.forbidden.title };
    case 404:
      return { code: 'notFound', status: 404, title: errorCodes.notFound.title };
    case 408:
      return { code: 'timeout', status: 408, title: 'The request took too long to arrive' };
    case 413:
      return { code: 'tooLarge', status: 413, title: 'The request is too large', detail: error.message };
    case 414:
      return { code: 'tooLong', status: 414, title: 'The address is too long' };
    case 415:
      return {
        code: 'mediaType',
        status: 415,
        title: 'This media type is not understood',
        detail: 'send JSON with content-type: application/json',
      };
    default:
      return undefined;
  }
}

type ValidationFault = NonNullable<FastifyError['validation']>[number];

function faultSentence(fault: ValidationFault): string {
  const message = fault.message ?? 'is not valid';
  const { allowedValues, additionalProperty, allowedValue } = fault.params;
  if (Array.isArray(allowedValues)) return `${message}: ${allowedValues.join(', ')}`;
  if (typeof additionalProperty === 'string') return `${message}: ${additionalProperty}`;
  if (typeof allowedValue === 'string' || typeof allowedValue === 'number') return `${message}: ${allowedValue}`;
  return message;
}
