/** Where the focus goes and what scrolls with it. The focus is never lost: after every change it rests on a control. */
import { device } from '../lib/device';
import type { Dir } from './keys';
import { first, isReachable, next } from './nav';

/** On a TV the focused row sits at this share of the height, so that the next one is always in sight. */
const line = 0.22;

function show(element: HTMLElement): void {
  const track = element.closest<HTMLElement>('[data-nav-track]');
  if (track) {
    const gutter = Number.parseFloat(getComputedStyle(track).paddingLeft) || 0;
    track.scrollLeft += element.getBoundingClientRect().left - track.getBoundingClientRect().left - gutter;
  }
  if (element.closest('dialog,[data-nav-trap],[data-nav-aside]')) {
    element.scrollIntoView({ block: 'nearest' });
    return;
  }
  const row = element.closest<HTMLElement>('[data-nav-line]') ?? element;
  const box = row.getBoundingClientRect();
  if (device() === 'tv') window.scrollTo(0, Math.max(0, window.scrollY + box.top - window.innerHeight * line));
  else if (box.top < 72) window.scrollBy(0, box.top - 96);
  else if (box.bottom > window.innerHeight - 72) window.scrollBy(0, Math.min(box.bottom - window.innerHeight + 96, box.top - 96));
}

export function focus(element: HTMLElement): void {
  element.focus({ preventScroll: true });
  show(element);
}

/** Moves the focus one step; a first arrow on a page without focus lands on its starting control. */
export function move(dir: Dir): boolean {
  const current = document.activeElement;
  const scope = document.querySelector('dialog[open]') ?? document;
  if (!(current instanceof HTMLElement) || current === document.body || !isReachable(current)) {
    const start = first(scope);
    if (start) focus(start);
    return Boolean(start);
  }
  const target = next(current, dir);
  if (target) focus(target);
  return Boolean(target);
}

const remembered = new Map<string, string>();

/** Notes which control had the focus when a history entry was left; controls are told apart by `data-focus-id`. */
export function remember(entry: string): void {
  const id = document.activeElement?.closest<HTMLElement>('[data-focus-id]')?.dataset.focusId;
  if (id) remembered.set(entry, id);
}

/** Puts the focus on a control when it is on none: the remembered one, else the page's default, else its first. */
export function guard(entry: string): void {
  const current = document.activeElement;
  if (current && current !== document.body && document.contains(current)) return;
  if (document.documentElement.dataset.input !== 'keys') return;
  const id = remembered.get(entry);
  const back = id ? document.querySelector<HTMLElement>(`[data-focus-id="${CSS.escape(id)}"]`) : null;
  const target = back && isReachable(back) ? back : first(document);
  if (target) focus(target);
}
