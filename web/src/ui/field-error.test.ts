import { expect, it } from 'vitest';
import { Problem } from '../api/problem';
import { fieldError, isFieldError } from './field-error';

const french = { reason: (code: string, english: string) => (code === 'email_invalid' ? 'Adresse invalide.' : english) };
const email = { location: 'body.email', message: 'Not an address.' };

it('says the code’s words beside the one field that is wrong', () => {
  const problem = new Problem(422, 'email_invalid', 'Not an address.', [email]);
  expect(fieldError(french, problem, 'email')).toBe('Adresse invalide.');
  expect(fieldError(french, problem, 'password')).toBeUndefined();
  expect(isFieldError(problem, ['password', 'email'])).toBe(true);
});

it('keeps the server’s words when several fields are wrong, because the code is about the first', () => {
  const problem = new Problem(422, 'email_invalid', 'No.', [email, { location: 'body.password', message: 'Too short.' }]);
  expect(fieldError(french, problem, 'email')).toBe('Not an address.');
  expect(fieldError(french, problem, 'password')).toBe('Too short.');
});

it('says nothing beside fields when nothing failed, or when the refusal is about none of them', () => {
  expect(fieldError(french, null, 'email')).toBeUndefined();
  expect(isFieldError(new Problem(403, 'invite_invalid', 'Used.'), ['email'])).toBe(false);
});
