import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { TitleCard } from '../api/types';
import { device } from '../lib/device';
import { PosterCard } from './Card';
import s from './VirtualGrid.module.css';
import { type GridMetrics, visibleRows } from './virtual-rows';

interface Props {
  titles: TitleCard[];
  /** prefix of the cards' focus IDs */ rowId: string;
  /** the titles belong to the previous query */ stale?: boolean;
  /** there is another page */ more?: boolean;
  onMore?: () => unknown;
}

/** Overscan in screens: rows rendered and pages fetched in advance; a remote scrolls fast. */
const ahead = () => (device() === 'tv' ? 3 : 2);

function measure(grid: HTMLElement): GridMetrics | undefined {
  const card = grid.firstElementChild?.nextElementSibling;
  const style = getComputedStyle(grid);
  const columns = style.gridTemplateColumns.split(' ').length;
  if (!card || columns === 0) return undefined;
  const height = card.getBoundingClientRect().height;
  return height > 0 ? { columns, line: height + (Number.parseFloat(style.gridRowGap || style.rowGap) || 0) } : undefined;
}

/**
 * A virtualized poster grid. Only the rows near the viewport are in the DOM; two spacers replace the others, so that the
 * scroll height is right for the scroll bar and for scroll restoration.
 */
export function VirtualGrid({ titles, rowId, stale, more = false, onMore }: Props) {
  const grid = useRef<HTMLDivElement>(null);
  const [sizes, setSizes] = useState<GridMetrics>();
  const [top, setTop] = useState(0);

  useLayoutEffect(() => {
    const element = grid.current;
    if (!element || titles.length === 0) return;
    const look = () => setSizes((old) => same(old, measure(element)));
    look();
    window.addEventListener('resize', look);
    return () => window.removeEventListener('resize', look);
  }, [titles.length]);

  useEffect(() => {
    const follow = () => {
      const element = grid.current;
      // Rounded to half a screen, for fewer renders while scrolling.
      if (element) setTop(Math.round((-element.getBoundingClientRect().top / window.innerHeight) * 2) / 2);
    };
    follow();
    window.addEventListener('scroll', follow, { passive: true });
    return () => window.removeEventListener('scroll', follow);
  }, []);

  const { from, to, before, after } = visibleRows(titles.length, sizes, top * window.innerHeight, window.innerHeight, ahead());
  const near = more && to >= titles.length;
  const reach = useRef(onMore);
  reach.current = onMore;
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs once for every fetched page
  useEffect(() => {
    if (near) reach.current?.();
  }, [near, titles.length]);

  return (
    <div ref={grid} className={s.grid} data-nav="grid" data-nav-remember="" data-stale={stale || undefined}>
      <div className={s.space} style={{ height: before }} />
      {titles.slice(from, to).map((title) => (
        <PosterCard key={title.id} title={title} rowId={rowId} />
      ))}
      <div className={s.space} style={{ height: after }} />
    </div>
  );
}

function same(old: GridMetrics | undefined, now: GridMetrics | undefined): GridMetrics | undefined {
  return old && now && old.columns === now.columns && Math.abs(old.line - now.line) < 1 ? old : (now ?? old);
}
