/** Layout of a grid, in CSS pixels. */
export interface GridMetrics {
  columns: number;
  /** distance between the tops of two rows */ line: number;
}

interface VisibleRows {
  /** index of the first rendered item */ from: number;
  /** index after the last rendered item */ to: number;
  /** height of the spacer above */ before: number;
  /** height of the spacer below */ after: number;
}

/** Number of items rendered before the grid is measured. */
const unmeasured = 60;

/**
 * The rows of a grid within `ahead` screens of the viewport. `top` is the scroll offset of the grid, `screen` the height of
 * the viewport.
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
