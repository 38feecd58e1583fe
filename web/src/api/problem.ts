/** A refusal of the server (RFC 9457), or of the network, as an error that carries words and a stable code. */
export interface FieldProblem {
  location: string;
  message: string;
}

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: FieldProblem[];
  /** seconds the server asked to wait, when it did */
  readonly retryAfter: number | undefined;
  /** what this kind of refusal says beyond words, by the names of the contract */
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
