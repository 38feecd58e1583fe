import { expect, it } from 'vitest';
import { type Event, type Machine, start, step } from './machine';

const run = (...events: Event[]): Machine => events.reduce(step, start);
const fault: Event = { type: 'fault', fault: { code: 'E-NET-0', kind: 'network' } };

it('goes from loading to playing', () => {
  expect(run({ type: 'canplay' }).phase).toBe('playing');
  expect(run({ type: 'waiting' }).phase).toBe('loading');
});

it('keeps a pause through a seek', () => {
  const paused = run({ type: 'playing' }, { type: 'pause' });
  expect(paused).toEqual({ phase: 'paused', wantsPlay: false });
  const seeking = step(paused, { type: 'seeking', buffered: false });
  expect(seeking.phase).toBe('buffering');
  expect(step(seeking, { type: 'canplay' })).toEqual({ phase: 'paused', wantsPlay: false });
});

it('does not call a seek inside the buffer buffering', () => {
  expect(run({ type: 'playing' }, { type: 'seeking', buffered: true }).phase).toBe('playing');
});

it('shows the wish to play at once after the end', () => {
  const ended = run({ type: 'playing' }, { type: 'ended' });
  expect(ended).toEqual({ phase: 'ended', wantsPlay: false });
  expect(step(ended, { type: 'waiting' }).phase).toBe('ended');
  expect(step(ended, { type: 'play' }).phase).toBe('playing');
});

it('holds an error until a retry, which forgets it', () => {
  const broken = run({ type: 'playing' }, fault);
  expect(broken.phase).toBe('error');
  expect(step(broken, { type: 'playing' })).toBe(broken);
  expect(step(broken, { type: 'retry' })).toEqual({ phase: 'buffering', wantsPlay: true });
});

it('loads again when the video element was emptied, and keeps the wish', () => {
  expect(run({ type: 'playing' }, { type: 'emptied' })).toEqual({ phase: 'loading', wantsPlay: true });
  expect(run({ type: 'playing' }, { type: 'pause' }, { type: 'emptied' }, { type: 'canplay' })).toEqual({
    phase: 'paused',
    wantsPlay: false,
  });
});
