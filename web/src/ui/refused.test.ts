import { expect, it } from 'vitest';
import { Problem } from '../api/problem';
import { isBesideFields, refused } from './refused';

const french = { reason: (code: string, english: string) => (code === 'email_invalid' ? 'Adresse invalide.' : english) };
const email = { location: 'body.email', message: 'Not an address.' };

it('says the code’s words beside the one field that is wrong', () => {
  const problem = new Problem(422, 'email_invalid', 'Not an address.', [email]);
  expect(refused(french, problem, 'email')).toBe('Adresse invalide.');
  expect(refused(french, problem, 'password')).toBeUndefined();
  expect(isBesideFields(problem, ['password', 'email'])).toBe(true);
});

it('keeps the server’s words when several fields are wrong, because the code is about the first', () => {
  const problem = new Problem(422, 'email_invalid', 'No.', [email, { location: 'body.password', message: 'Too short.' }]);
  expect(refused(french, problem, 'email')).toBe('Not an address.');
  expect(refused(french, problem, 'password')).toBe('Too short.');
});

it('says nothing beside fields when nothing failed, or when the refusal is about none of them', () => {
  expect(refused(french, null, 'email')).toBeUndefined();
  expect(isBesideFields(new Problem(403, 'invite_invalid', 'Used.'), ['email'])).toBe(false);
});
