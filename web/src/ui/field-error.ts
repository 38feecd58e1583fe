import { asProblem } from '../api/problem';
import type { Translation } from '../i18n';

type Reason = Pick<Translation, 'reason'>;

/**
 * What a refusal says beside one field of the form, if anything: because it names the field, or because its code, such as
 * `password_wrong`, is about this field wherever it comes from.
 */
export function fieldError({ reason }: Reason, error: unknown, field: string, code?: string): string | undefined {
  if (!error) return undefined;
  const problem = asProblem(error);
  if (code !== undefined && problem.code === code) return reason(code, problem.message);
  const message = problem.field(field);
  // The code is about the one field that is wrong; with several, each keeps the server's words.
  return message && problem.fields.length === 1 ? reason(problem.code, message) : message;
}

/** Whether a refusal belongs beside these fields, and so need not be said above the form as well. */
export function isFieldError(error: unknown, fields: string[], codes: string[] = []): boolean {
  const problem = asProblem(error);
  return codes.includes(problem.code) || fields.some((name) => problem.field(name) !== undefined);
}
