/** How a wall is laid out, in CSS pixels. */
export interface GridMetrics {
  columns: number;
  /** from the top of one line to the top of the next */ line: number;
}

interface VisibleRows {
  /** the first item in the page */ from: number;
  /** one past the last */ to: number;
  /** pixels that stand for the lines above */ before: number;
  /** and for those below */ after: number;
}

/** Before anything is measured so many items are drawn. */
const unmeasured = 60;

/**
 * The whole lines of a wall that are within `ahead` screens of what is seen. `top` is how far the wall has been scrolled
 * past the top of the screen, `screen` the height of one.
 */
export function visibleRows(count: number, sizes: GridMetrics | undefined, top: number, screen: number, ahead: number): VisibleRows {
  if (!sizes) return { from: 0, to: Math.min(count, unmeasured), before: 0, after: 0 };
  const { columns, line } = sizes;
  const lines = Math.ceil(count / columns);
  const within = (n: number) => Math.max(0, Math.min(lines, n));
  const first = Math.max(0, Math.min(lines - 1, within(Math.floor((top - ahead * screen) / line))));
  const last = Math.max(within(Math.ceil((top + (1 + ahead) * screen) / line)), within(first + 1));
  return { from: first * columns, to: Math.min(count, last * columns), before: first * line, after: (lines - last) * line };
}
