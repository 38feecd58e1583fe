import { asProblem } from '../api/problem';
import type { Translation } from '../i18n';

type Reason = Pick<Translation, 'reason'>;

/**
 * The message of a problem for one form field, if any: because it names the field, or because its code, such as
 * `password_wrong`, always concerns this field.
 */
export function fieldError({ reason }: Reason, error: unknown, field: string, code?: string): string | undefined {
  if (!error) return undefined;
  const problem = asProblem(error);
  if (code !== undefined && problem.code === code) return reason(code, problem.message);
  const message = problem.field(field);
  // The code concerns the single invalid field; with several, each keeps the server's message.
  return message && problem.fields.length === 1 ? reason(problem.code, message) : message;
}

/** Whether a problem is shown at these fields, so that it is not repeated above the form. */
export function isFieldError(error: unknown, fields: string[], codes: string[] = []): boolean {
  const problem = asProblem(error);
  return codes.includes(problem.code) || fields.some((name) => problem.field(name) !== undefined);
}
