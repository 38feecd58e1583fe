/**
 * Moving the focus with four arrows. The DOM is the model: containers carry `data-nav="row|col|grid|group"`, and real
 * focus moves between real controls, so Tab, screen readers and the mouse see the same page.
 *
 *   data-nav-default    the control a container is entered at first (also on a nested container)
 *   data-nav-remember   the container is entered where it was left
 *   data-nav-trap       arrows never leave the container (dialogs, panels)
 *   data-nav-skip       nothing in it can be reached
 */
import type { Dir } from './keys';

const focusable =
  'a[href],button:not([disabled]),input:not([disabled]),select:not([disabled]),textarea:not([disabled]),summary,[tabindex]:not([tabindex="-1"])';

const left = new WeakMap<Element, HTMLElement>();

export function isReachable(element: HTMLElement): boolean {
  if (element.closest('[data-nav-skip],[aria-hidden="true"],[inert]')) return false;
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0;
}

function containerOf(element: Element | null): HTMLElement | null {
  return element?.closest<HTMLElement>('[data-nav]') ?? null;
}

/** The controls and containers that belong directly to a container, in document order. */
function entriesOf(container: Element): HTMLElement[] {
  const found: HTMLElement[] = [];
  const walk = (node: Element) => {
    for (const child of Array.from(node.children) as HTMLElement[]) {
      if (child.hasAttribute('data-nav') || child.matches(focusable)) found.push(child);
      else walk(child);
    }
  };
  walk(container);
  return found;
}

const centre = (box: DOMRect) => box.left + box.width / 2;

/** Orders entries for a move up or down: the nearest line first, within it the one under the same x. */
function byLine(entries: HTMLElement[], from: DOMRect, dir: Dir): HTMLElement[] {
  const boxes = entries.map((entry) => ({ entry, box: entry.getBoundingClientRect() })).filter(({ box }) => box.height > 0);
  const away = (box: DOMRect) => (dir === 'down' ? box.top - from.bottom : from.top - box.bottom);
  const nearest = Math.min(...boxes.map(({ box }) => away(box)));
  const sideways = (box: DOMRect) => Math.abs(centre(box) - centre(from));
  const sameLine = (box: DOMRect) => away(box) < nearest + box.height / 2;
  return boxes
    .sort((a, b) => {
      const lines = Number(sameLine(b.box)) - Number(sameLine(a.box));
      if (lines !== 0) return lines;
      return sameLine(a.box) ? sideways(a.box) - sideways(b.box) : away(a.box) - away(b.box) || sideways(a.box) - sideways(b.box);
    })
    .map(({ entry }) => entry);
}

/** The control at which an entry is entered when coming from `from`; null when nothing in it can be reached. */
function enter(entry: HTMLElement, dir: Dir, from: DOMRect): HTMLElement | null {
  if (!entry.hasAttribute('data-nav')) return isReachable(entry) ? entry : null;

  const last = left.get(entry);
  if (entry.hasAttribute('data-nav-remember') && last && entry.contains(last) && isReachable(last)) return last;

  const preferred = Array.from(entry.querySelectorAll<HTMLElement>('[data-nav-default]')).find((one) => containerOf(one) === entry);
  if (preferred && isReachable(preferred)) return preferred;

  const entries = entriesOf(entry);
  const kind = entry.dataset.nav;
  const vertical = dir === 'up' || dir === 'down';
  let order = entries;
  if (vertical && (kind === 'row' || kind === 'grid')) order = byLine(entries, from, dir);
  else if (dir === 'up' || dir === 'left') order = entries.slice().reverse();
  return firstOf(order, dir, from);
}

function firstOf(entries: HTMLElement[], dir: Dir, from: DOMRect): HTMLElement | null {
  for (const entry of entries) {
    const control = enter(entry, dir, from);
    if (control) return control;
  }
  return null;
}

/** The entries in a direction inside one container, seen from one of its entries. */
function siblings(container: HTMLElement, entries: HTMLElement[], at: number, dir: Dir): HTMLElement[] {
  const kind = container.dataset.nav;
  const horizontal = dir === 'left' || dir === 'right';
  const forward = dir === 'right' || dir === 'down';
  if (kind === 'grid') return inGrid(entries, at, dir);
  if ((kind === 'row') !== horizontal || kind === 'group') return [];
  return forward ? entries.slice(at + 1) : entries.slice(0, at).reverse();
}

function inGrid(entries: HTMLElement[], at: number, dir: Dir): HTMLElement[] {
  const here = entries[at]?.getBoundingClientRect();
  if (!here) return [];
  const boxes = entries.map((entry) => ({ entry, box: entry.getBoundingClientRect() }));
  if (dir === 'left' || dir === 'right') {
    return boxes
      .filter(({ box }) => Math.abs(box.top - here.top) < here.height / 2)
      .filter(({ box }) => (dir === 'right' ? box.left >= here.right - 1 : box.right <= here.left + 1))
      .sort((a, b) => (dir === 'right' ? a.box.left - b.box.left : b.box.left - a.box.left))
      .map(({ entry }) => entry);
  }
  const beyond = boxes.filter(({ box }) => (dir === 'down' ? box.top >= here.bottom - 1 : box.bottom <= here.top + 1));
  return byLine(
    beyond.map(({ entry }) => entry),
    here,
    dir,
  );
}

/** The control that an arrow leads to from `current`, or null at the edge of the page or of a trap. */
export function next(current: HTMLElement, dir: Dir): HTMLElement | null {
  const from = current.getBoundingClientRect();
  let node: HTMLElement = current;
  let container = containerOf(current.parentElement);
  while (container) {
    left.set(container, current);
    const entries = entriesOf(container);
    const at = entries.findIndex((entry) => entry === node || entry.contains(node));
    const found = firstOf(siblings(container, entries, at, dir), dir, from);
    if (found) return found;
    if (container.hasAttribute('data-nav-trap')) return null;
    node = container;
    container = containerOf(container.parentElement);
  }
  return null;
}

/** The control a page or a panel starts at: its default, else its first. */
export function first(scope: ParentNode): HTMLElement | null {
  const preferred = Array.from(scope.querySelectorAll<HTMLElement>('[data-nav-default]')).filter(isReachable);
  const outside = (one: HTMLElement) => !one.closest('[data-nav-aside]');
  const all = () => Array.from(scope.querySelectorAll<HTMLElement>(focusable)).filter(isReachable);
  return preferred.find(outside) ?? all().find(outside) ?? all()[0] ?? null;
}
