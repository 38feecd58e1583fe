import { afterEach, expect, it, vi } from 'vitest';
import { installKeys, keyOf, pushLayer } from './keys';

it.each([
  ['ArrowLeft', 37, 'left'],
  ['', 461, 'back'],
  ['', 10009, 'back'],
  ['Unidentified', 415, 'play'],
  ['', 10252, 'playpause'],
  ['', 203, 'up'],
  ['GoBack', 0, 'back'],
  ['q', 81, undefined],
])('names %s/%i as %s', (key, keyCode, name) => {
  expect(keyOf({ key, keyCode })).toBe(name);
});

const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
  document.documentElement.dataset.device = 'desktop';
});

function install() {
  const actions = { move: vi.fn(() => true), back: vi.fn() };
  endings.push(installKeys(actions));
  return actions;
}

function press(key: string, keyCode = 0): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, keyCode, cancelable: true, bubbles: true } as KeyboardEventInit);
  (document.activeElement ?? document.body).dispatchEvent(event);
  return event;
}

it('moves the focus by arrows and marks the input mode', () => {
  const actions = install();
  document.documentElement.dataset.input = 'pointer';
  expect(press('ArrowDown').defaultPrevented).toBe(true);
  expect(actions.move).toHaveBeenCalledWith('down');
  expect(document.documentElement.dataset.input).toBe('keys');
});

it('asks the innermost layer first and stops at the one that takes the key', () => {
  const actions = install();
  const outer = vi.fn(() => true);
  const inner = vi.fn((key) => key === 'back');
  endings.push(pushLayer(outer), pushLayer(inner));
  press('Escape');
  expect(outer).not.toHaveBeenCalled();
  press('ArrowUp');
  expect(outer).toHaveBeenCalledOnce();
  expect(actions.move).not.toHaveBeenCalled();
});

it('takes Escape as Back on a TV only', () => {
  const actions = install();
  press('Escape');
  expect(actions.back).not.toHaveBeenCalled();
  document.documentElement.dataset.device = 'tv';
  press('Escape');
  expect(actions.back).toHaveBeenCalledOnce();
});

it('leaves left and right to a text field', () => {
  const actions = install();
  document.body.innerHTML = '<input id="field">';
  document.getElementById('field')?.focus();
  press('ArrowLeft');
  expect(actions.move).not.toHaveBeenCalled();
  press('ArrowDown');
  expect(actions.move).toHaveBeenCalledWith('down');
});
