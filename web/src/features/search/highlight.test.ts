import { describe, expect, it } from 'vitest';
import { highlight } from './highlight';

const shown = (name: string, query: string) =>
  highlight(name, query)
    .map(({ text, hit }) => (hit ? `[${text}]` : text))
    .join('');

describe('marks', () => {
  it.each([
    ['Le Cœur à ses raisons', 'coeur raison', 'Le [Cœur] à ses [raison]s'],
    ['Amélie', 'AMELIE', '[Amélie]'],
    ['Amelie', 'amélie', '[Amelie]'],
    ['Das weiße Band', 'weiss', 'Das [weiß]e Band'],
    ['Spider-Man: Homecoming', 'man home', 'Spider-[Man]: [Home]coming'],
    ["L'avventura", 'avv', "L'[avv]entura"],
    ['The Matrix', 'rix', 'The Matrix'],
    ['千と千尋の神隠し', '神隠', '千と千尋の[神隠]し'],
    ['😀 Heat', 'heat', '😀 [Heat]'],
    ['The Matrix', 'matirx', 'The Matrix'],
    ['Heat', '', 'Heat'],
    ['', 'heat', ''],
  ])('%s, asked for “%s”', (name, query, want) => {
    expect(shown(name, query)).toBe(want);
  });
});
