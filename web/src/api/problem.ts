/** An invalid field in a problem response. */
export interface FieldProblem {
  location: string;
  message: string;
}

/** A problem response (RFC 9457), or a network failure, as an error with a stable code. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: FieldProblem[];
  /** seconds of the Retry-After header */
  readonly retryAfter: number | undefined;
  /** the whole problem body, for extension members */
  readonly more: Record<string, unknown>;

  constructor(status: number, code: string, detail: string, fields: FieldProblem[] = [], retryAfter?: number, more = {}) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.fields = fields;
    this.retryAfter = retryAfter;
    this.more = more;
  }

  /** The message for one field of the request body, by its name. */
  field(name: string): string | undefined {
    return this.fields.find((field) => field.location === `body.${name}`)?.message;
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  const wait = Number(response.headers.get('Retry-After')) || undefined;
  try {
    const body = await response.json();
    return new Problem(
      response.status,
      String(body.code ?? `http_${response.status}`),
      String(body.detail ?? body.title ?? ''),
      body.errors,
      wait,
      body,
    );
  } catch {
    return new Problem(response.status, `http_${response.status}`, response.statusText, [], wait);
  }
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(0, 'offline', error instanceof Error ? error.message : String(error));
}
