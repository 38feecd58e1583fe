import type { LoaderCallbacks, LoaderContext } from 'hls.js';
import { describe, expect, it } from 'vitest';
import { completeFragmentLoader, FirstResponses } from './complete-fragment-loader';

/** A loader of hls.js that answers with so many bytes, and counts. */
function plain(bytes: number) {
  const loader = { loads: 0 };
  class Plain {
    stats = { loading: { start: 0, first: 0, end: 0 }, loaded: 0, total: 0 };
    load(context: LoaderContext, _: unknown, callbacks: LoaderCallbacks<LoaderContext>) {
      loader.loads += 1;
      callbacks.onSuccess({ url: '', data: new ArrayBuffer(bytes) }, {} as never, context, null);
    }
    abort() {}
    destroy() {}
  }
  return { loader, Hls: { DefaultConfig: { loader: Plain } } as never };
}

/** Loads a body of the given length for a range and reports the callback that was called. */
function load(bytes: number, range: { rangeStart?: number; rangeEnd?: number }): string {
  const Loader = completeFragmentLoader(plain(bytes).Hls);
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

describe('a segment that is asked for a second time', () => {
  const segment = { url: '/1.m4s', responseType: 'arraybuffer' } as never;
  const ask = (Loader: ReturnType<typeof completeFragmentLoader>, url = segment) =>
    new Promise<number>((resolve) => {
      const onSuccess = (response: { data?: unknown }) => resolve((response.data as ArrayBuffer).byteLength);
      new Loader({} as never).load(url, {} as never, { onSuccess, onError: () => resolve(-1), onTimeout: () => resolve(-1) } as never);
    });

  it('is given from memory once, where it is kept', async () => {
    const { loader, Hls } = plain(100);
    const Loader = completeFragmentLoader(Hls, new FirstResponses());
    expect([await ask(Loader), await ask(Loader), loader.loads]).toEqual([100, 100, 1]);
    expect([await ask(Loader), loader.loads]).toEqual([100, 2]);
  });

  it('is loaded where nothing is kept', async () => {
    const { loader, Hls } = plain(100);
    const Loader = completeFragmentLoader(Hls);
    expect([await ask(Loader), await ask(Loader), loader.loads]).toEqual([100, 100, 2]);
  });
});
