import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { listen, staleAfter } from './events';

/** An event stream whose notices the test sends. */
class Stream extends EventTarget {
  static readonly CLOSED = 2;
  static open: Stream;
  readyState = 1;
  constructor() {
    super();
    Stream.open = this;
  }
  close() {
    this.readyState = Stream.CLOSED;
  }
  send(topic: string, kind: string) {
    this.dispatchEvent(new MessageEvent(topic, { data: JSON.stringify({ v: 1, kind, ids: {} }) }));
  }
}

let invalidated: string[];
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', Stream);
  invalidated = [];
  const client = new QueryClient();
  vi.spyOn(client, 'invalidateQueries').mockImplementation((filters) => {
    invalidated.push((filters?.queryKey ?? []).join('/'));
    return Promise.resolve();
  });
  stop = listen(client);
});

afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('refreshes home, title and history alone for a stored position', () => {
  Stream.open.send('viewer', 'progress');
  vi.advanceTimersByTime(1000);
  expect(invalidated).toEqual(['home', 'title', 'history']);
});

it('asks for home three times while another device plays for half a minute, for profiles and streams never', () => {
  Stream.open.send('session', 'started');
  for (let stored = 0; stored < 3; stored++) {
    vi.advanceTimersByTime(10_000);
    Stream.open.send('viewer', 'progress');
  }
  vi.advanceTimersByTime(1000);
  expect(invalidated.filter((key) => key === 'home')).toHaveLength(3);
  expect(invalidated).not.toContain('profiles');
  expect(invalidated).not.toContain('streams');
});

it('refreshes a query once for all notices of one second, whatever their topic', () => {
  for (let i = 0; i < 20; i++) Stream.open.send('library', 'title');
  Stream.open.send('viewer', 'list');
  vi.advanceTimersByTime(1000);
  expect(invalidated.filter((key) => key === 'home')).toHaveLength(1);
  expect(invalidated).toContain('list');
});

it('refreshes everything when the stream was interrupted', () => {
  Stream.open.send('hello', 'hello');
  vi.advanceTimersByTime(1000);
  expect(invalidated).toEqual([]);
  Stream.open.send('hello', 'hello');
  vi.advanceTimersByTime(1000);
  expect(invalidated).toEqual(expect.arrayContaining(['home', 'library', 'jobs', 'storage', 'list', 'streams', 'security/own']));
});

it('refreshes everything of a topic for a kind it does not know', () => {
  expect(staleAfter('storage', 'next year')).toEqual([['storage']]);
  expect(staleAfter('viewer', 'next year')).toEqual(expect.arrayContaining([['home'], ['list'], ['searches'], ['streams']]));
  expect(staleAfter('next year', 'any')).toEqual([]);
});
