import type { LoaderCallbacks, LoaderContext } from 'hls.js';
import { describe, expect, it } from 'vitest';
import { completeFragmentLoader } from './complete-fragment-loader';

/** Loads a body of the given length for a range and reports the callback that was called. */
function load(bytes: number, range: { rangeStart?: number; rangeEnd?: number }): string {
  class Plain {
    load(context: LoaderContext, _: unknown, callbacks: LoaderCallbacks<LoaderContext>) {
      callbacks.onSuccess({ url: '', data: new ArrayBuffer(bytes) }, {} as never, context, null);
    }
  }
  const Loader = completeFragmentLoader({ DefaultConfig: { loader: Plain } } as never);
  let heard = '';
  new Loader({} as never).load({ url: '', responseType: 'arraybuffer', ...range } as never, {} as never, {
    onSuccess: () => {
      heard += 'success';
    },
    onError: ({ code, text }) => {
      heard += `${code}: ${text}`;
    },
    onTimeout: () => {},
  });
  return heard;
}

describe('the loader of segments', () => {
  it('accepts a complete range', () => {
    expect(load(100, { rangeStart: 50, rangeEnd: 150 })).toBe('success');
    expect(load(100, { rangeStart: 0, rangeEnd: 100 })).toBe('success');
    expect(load(100, {})).toBe('success');
    expect(load(100, { rangeStart: 0, rangeEnd: 0 })).toBe('success');
  });

  it('refuses a part of a range as it refuses a failing server, so that it is asked for again', () => {
    expect(load(40, { rangeStart: 50, rangeEnd: 150 })).toBe('502: 60 bytes are missing');
  });
});
