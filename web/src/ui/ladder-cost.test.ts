import { describe, expect, it } from 'vitest';
import { translate } from '../i18n';
import account from '../i18n/account.en.json';
import app from '../i18n/en.json';
import { ladderCost, workTime } from './ladder-cost';

const words = { ...app, ...account };
const t = ((key: keyof typeof words, values?: Record<string, string | number>) => translate(words, 'en', key, values)) as Parameters<
  typeof ladderCost
>[0];

describe('the work of a prediction', () => {
  it.each([
    [0, '1 min'],
    [20_000, '1 min'],
    [9.4 * 60_000, '9 min'],
    [90 * 60_000, '1 h 30 min'],
    [71 * 3_600_000, '71 h 0 min'],
    [72 * 3_600_000, '3 days'],
    [300 * 3_600_000, '13 days'],
  ])('of %d ms is said as %s', (ms, said) => {
    expect(workTime(t, ms)).toBe(said);
  });
});

describe('the cost of a setting', () => {
  const prediction = {
    files: 10,
    durationMs: 72_000_000,
    always: { workMs: 36_000_000, bytes: 100e9 },
    whenWatched: { workMs: 600_000, bytes: 31_200_000 },
  };

  it('is the whole library, or beginnings and what each film adds', () => {
    expect(ladderCost(t, 'en', 'always', prediction)).toContain('10\u00a0h\u00a00\u00a0min');
    expect(ladderCost(t, 'en', 'always', prediction)).toContain('100\u00a0GB');
    const watched = ladderCost(t, 'en', 'when_watched', prediction);
    for (const part of ['10 min', '31 MB', '1 h 0 min', '10 GB']) expect(watched).toContain(part.replace(/ /g, '\u00a0'));
    expect(ladderCost(t, 'en', 'never', prediction)).toBe(account.ladderCostNever);
  });

  it('is not said before a film was found', () => {
    const nothing = { files: 0, durationMs: 0, always: { workMs: 0, bytes: 0 }, whenWatched: { workMs: 0, bytes: 0 } };
    expect(ladderCost(t, 'en', 'always', nothing)).toBe('');
    expect(ladderCost(t, 'en', 'when_watched', nothing)).toBe('');
  });
});
