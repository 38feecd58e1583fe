import { asProblem } from '../api/problem';
import type { Current } from '../i18n';

type Reason = Pick<Current, 'reason'>;

/** What a refusal says beside one field of the form, if anything. */
export function refused({ reason }: Reason, error: unknown, field: string): string | undefined {
  if (!error) return undefined;
  const problem = asProblem(error);
  const message = problem.field(field);
  // The code is about the one field that is wrong; with several, each keeps the server's words.
  return message && problem.fields.length === 1 ? reason(problem.code, message) : message;
}

/** Whether a refusal belongs beside these fields, and so need not be said above the form as well. */
export function isBesideFields(error: unknown, fields: string[]): boolean {
  const problem = asProblem(error);
  return fields.some((name) => problem.field(name) !== undefined);
}
