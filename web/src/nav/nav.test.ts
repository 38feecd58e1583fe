import { beforeEach, describe, expect, it } from 'vitest';
import { first, next } from './nav';

/** happy-dom lays nothing out: `data-box="left top width height"` says where a control is. */
function place(html: string): void {
  document.body.innerHTML = html;
  for (const element of Array.from(document.querySelectorAll<HTMLElement>('*'))) {
    const own = element.dataset.box?.split(' ').map(Number);
    element.getBoundingClientRect = () => {
      if (own) return new DOMRect(own[0], own[1], own[2], own[3]);
      const inside = Array.from(element.querySelectorAll<HTMLElement>('[data-box]')).map((child) => child.getBoundingClientRect());
      if (inside.length === 0) return new DOMRect(0, 0, 0, 0);
      const left = Math.min(...inside.map((box) => box.left));
      const top = Math.min(...inside.map((box) => box.top));
      return new DOMRect(left, top, Math.max(...inside.map((box) => box.right)) - left, Math.max(...inside.map((box) => box.bottom)) - top);
    };
  }
}

const at = (id: string) => document.getElementById(id) as HTMLElement;
const button = (id: string, box: string, extra = '') => `<button id="${id}" data-box="${box}" ${extra}></button>`;
const go = (id: string, dir: 'left' | 'right' | 'up' | 'down') => next(at(id), dir)?.id;

describe('rows in a column', () => {
  beforeEach(() => {
    place(`<div data-nav="col">
      <div data-nav="row">${button('a1', '0 0 100 50')}${button('a2', '110 0 100 50')}${button('a3', '220 0 100 50')}</div>
      <div data-nav="row">${button('b1', '0 60 100 50')}${button('b2', '110 60 100 50')}</div>
    </div>`);
  });

  it('walks along a row and stops at its ends', () => {
    expect(go('a1', 'right')).toBe('a2');
    expect(go('a2', 'left')).toBe('a1');
    expect(go('a1', 'left')).toBeUndefined();
    expect(go('a3', 'right')).toBeUndefined();
  });

  it('enters the next row under the same x', () => {
    expect(go('a2', 'down')).toBe('b2');
    expect(go('a3', 'down')).toBe('b2');
    expect(go('b1', 'up')).toBe('a1');
  });
});

it('enters a remembering row where it was left', () => {
  place(`<div data-nav="col">
    <div data-nav="row" data-nav-remember>${button('a1', '0 0 100 50')}${button('a2', '110 0 100 50')}</div>
    <div data-nav="row">${button('b1', '0 60 100 50')}</div>
  </div>`);
  expect(go('a2', 'down')).toBe('b1');
  expect(go('b1', 'up')).toBe('a2');
});

it('enters a container at its default, but not at a default of a container inside it', () => {
  place(`<div data-nav="row">
    <nav data-nav="col">${button('n1', '0 0 50 50')}${button('n2', '0 60 50 50', 'data-nav-default')}</nav>
    <div data-nav="col">${button('m1', '100 0 50 50')}</div>
  </div>`);
  expect(go('m1', 'left')).toBe('n2');
  expect(go('n1', 'right')).toBe('m1');
});

it('stays inside a trap', () => {
  place(`<div data-nav="col">${button('out', '0 0 50 50')}
    <div data-nav="col" data-nav-trap>${button('in1', '0 60 50 50')}${button('in2', '0 120 50 50')}</div></div>`);
  expect(go('in1', 'up')).toBeUndefined();
  expect(go('in1', 'down')).toBe('in2');
});

it('passes over what cannot be reached: disabled, skipped, hidden, without a box', () => {
  place(`<div data-nav="row">${button('a', '0 0 50 50')}${button('b', '60 0 50 50', 'disabled')}<span data-nav-skip>${button('c', '120 0 50 50')}</span>
    <span aria-hidden="true">${button('d', '180 0 50 50')}</span>${button('e', '0 0 0 0')}${button('f', '240 0 50 50')}</div>`);
  expect(go('a', 'right')).toBe('f');
});

describe('a grid', () => {
  const columns = 4;
  const count = 10;
  beforeEach(() => {
    const cells = Array.from({ length: count }, (_, n) => button(`g${n}`, `${(n % columns) * 110} ${Math.floor(n / columns) * 60} 100 50`));
    place(`<div data-nav="col">${button('top', '0 -60 100 50')}<div data-nav="grid">${cells.join('')}</div></div>`);
  });

  it('moves by line and column', () => {
    expect(go('g1', 'down')).toBe('g5');
    expect(go('g5', 'up')).toBe('g1');
    expect(go('g3', 'right')).toBeUndefined();
    expect(go('g2', 'up')).toBe('top');
  });

  it('finds the nearest of a short last line', () => {
    expect(go('g7', 'down')).toBe('g9');
  });

  it('has no dead end: every control is reached from the first', () => {
    const seen = new Set(['top']);
    const queue = ['top'];
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      for (const dir of ['left', 'right', 'up', 'down'] as const) {
        const found = go(id, dir);
        if (found && !seen.has(found)) {
          seen.add(found);
          queue.push(found);
        }
      }
    }
    expect(seen.size).toBe(count + 1);
  });
});

it('starts a page at its default, and not in the menu beside it', () => {
  place(`<div data-nav="row"><nav data-nav="col" data-nav-aside>${button('menu', '0 0 50 50', 'data-nav-default')}</nav>
    <main data-nav="col">${button('one', '100 0 50 50')}${button('two', '100 60 50 50', 'data-nav-default')}</main></div>`);
  expect(first(document)?.id).toBe('two');
  at('two').removeAttribute('data-nav-default');
  expect(first(document)?.id).toBe('one');
});
