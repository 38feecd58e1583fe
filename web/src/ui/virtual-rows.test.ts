import { describe, expect, it } from 'vitest';
import { visibleRows } from './virtual-rows';

const sizes = { columns: 5, line: 200 };

describe('the lines of a wall near the screen', () => {
  it('are the first ones at the top, and boxes stand for the rest', () => {
    // 1003 titles are 201 rows; 800 pixels of viewport and two more screens show 12 rows.
    expect(visibleRows(1003, sizes, 0, 800, 2)).toEqual({ from: 0, to: 60, before: 0, after: 189 * 200 });
  });

  it('keep the height of the wall the same wherever it is scrolled to', () => {
    for (const top of [-300, 0, 1999, 2000, 20_100, 40_000, 90_000]) {
      const { from, to, before, after } = visibleRows(1003, sizes, top, 800, 2);
      expect(from % 5).toBe(0);
      expect(to).toBeGreaterThan(from);
      expect(before + Math.ceil((to - from) / 5) * 200 + after).toBe(201 * 200);
    }
  });

  it('end with the last title, though its line is short', () => {
    expect(visibleRows(1003, sizes, 40_000, 800, 2)).toMatchObject({ to: 1003, after: 0 });
    expect(visibleRows(3, sizes, 0, 800, 2)).toEqual({ from: 0, to: 3, before: 0, after: 0 });
    expect(visibleRows(0, sizes, 0, 800, 2)).toEqual({ from: 0, to: 0, before: 0, after: 0 });
  });

  it('are a guess before anything is measured', () => {
    expect(visibleRows(200, undefined, 0, 800, 2)).toEqual({ from: 0, to: 60, before: 0, after: 0 });
  });
});
