import { expect, it } from 'vitest';
import { byDay, dayName } from './days';

it('puts visits under their days, newest first', () => {
  const at = (day: number, hour: number) => ({ atMs: new Date(2026, 10, day, hour).getTime() });
  const [a, b, c] = [at(22, 0), at(21, 23), at(21, 1)];
  expect(byDay([a, b, c])).toEqual([
    [new Date(2026, 10, 22).getTime(), [a]],
    [new Date(2026, 10, 21).getTime(), [b, c]],
  ]);
});

it('names a day in the language, with a capital', () => {
  expect(dayName('fr', new Date(2026, 10, 22).getTime())).toBe('Dimanche 22 novembre');
});
