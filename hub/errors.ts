/** The errors that the hub answers with, as RFC 9457 problem documents. */

/** Every code, its HTTP status and its title. */
export const errorCodes = {
  invalid: { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'A token is needed' },
  forbidden: { status: 403, title: 'This is not allowed for you' },
  notFound: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'The state does not allow this' },
  unprocessable: { status: 422, title: 'Understood, but not possible' },
  tooMany: { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'Not available right now' },
} as const;

/** A word for what went wrong. */
export type ErrorCode = keyof typeof errorCodes;

/** An outside caller's mistake, or a refusal it can act on: a code and a sentence that says what to do. */
export class HubError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = 'HubError';
    this.code = code;
  }

  get status(): number {
    return errorCodes[this.code].status;
  }
}

/** A start that cannot be: one message for the person at the console, no stack. */
export class StartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StartError';
  }
}
