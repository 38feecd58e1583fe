import { describe, expect, it } from 'vitest';
import { palette, parse } from './colour';
import { measure, pick, setTitle } from './poster';
import { clock, span } from './time';

it.each([
  [0, '0:00'],
  [724_000, '12:04'],
  [5_880_000, '1:38:00'],
  [-3, '0:00'],
  [Number.NaN, '0:00'],
])('writes %d ms as %s', (ms, text) => {
  expect(clock(ms)).toBe(text);
});

it('splits a length', () => {
  expect(span(5_885_000)).toEqual({ hours: 1, minutes: 38, seconds: 5 });
});

describe('the lettering of a poster', () => {
  const names = [
    'Up',
    'Night River',
    'The Cartographer of Silence',
    'Donaudampfschifffahrtsgesellschaftskapitän',
    'The Extraordinarily Long Name of a Film Nobody Could Ever Remember',
    '七人の侍',
    'x'.repeat(400),
    '',
  ];

  it.each(names)('keeps “%s” on the card', (name) => {
    const { size, lines } = setTitle(name);
    expect(lines.length).toBeLessThanOrEqual(5);
    for (const line of lines) expect(measure(line, size)).toBeLessThanOrEqual(172.001);
  });

  it('sets short names larger than long ones and loses no word', () => {
    expect(setTitle('Up').size).toBeGreaterThan(setTitle('The Cartographer of Silence').size);
    expect(setTitle('The Cartographer of Silence').lines.join(' ')).toBe('The Cartographer of Silence');
  });

  it('picks the same composition for the same title', () => {
    expect(pick('abc', 4)).toBe(pick('abc', 4));
    expect(new Set(Array.from({ length: 40 }, (_, at) => pick(`title ${at}`, 4))).size).toBe(4);
  });
});

describe('colours', () => {
  it('reads what the server sends and survives what it should not', () => {
    expect(parse('#ff0000')).toEqual({ h: 0, s: 1, l: 0.5 });
    expect(parse('nonsense')).toEqual(parse(undefined));
  });

  it('keeps the ground dark enough for white letters', () => {
    expect(palette('#ffffff').deep).toMatch(/, 8%\)$/);
  });
});
