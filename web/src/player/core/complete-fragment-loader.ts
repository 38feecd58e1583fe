import type HlsModule from 'hls.js';
import type { HlsConfig, Loader, LoaderCallbacks, LoaderConfiguration, LoaderContext } from 'hls.js';

/** The first responses to a stream, by the address and range that they answer: each is given once more, until `end`. */
export class FirstResponses {
  private readonly kept = new Map<string, ArrayBuffer>();
  private keeps = true;

  /** Keeps a copy, because the transmuxer takes the bytes away. */
  keep(key: string, data: ArrayBuffer): void {
    // An Init Section and a segment of picture and of sound.
    this.keeps &&= this.kept.size < 4;
    if (this.keeps) this.kept.set(key, data.slice(0));
  }

  take(key: string): ArrayBuffer | undefined {
    const data = this.kept.get(key);
    if (data) this.kept.delete(key);
    return data;
  }

  /** Keeps nothing more, and forgets the rest when it was not asked for soon. */
  end(): void {
    this.keeps = false;
    setTimeout(() => this.kept.clear(), 2000);
  }
}

/**
 * A fragment loader that rejects truncated byte ranges: when the connection to a store or CDN breaks, Chromium reports the
 * received part as a success. The loader reports an error instead, so that hls.js retries. What `again` holds is not loaded: hls.js
 * forgets the segments that it loaded before it was given buffers, and asks for them a second time.
 */
export function completeFragmentLoader(
  Hls: Pick<typeof HlsModule, 'DefaultConfig'>,
  again?: FirstResponses,
): NonNullable<HlsConfig['fLoader']> {
  class CompleteFragmentLoader extends Hls.DefaultConfig.loader {
    private ended = false;

    override load(context: LoaderContext, config: LoaderConfiguration, callbacks: LoaderCallbacks<LoaderContext>): void {
      const key = `${context.url} ${context.rangeStart ?? ''}`;
      const kept = again?.take(key);
      if (kept) {
        this.give(kept, context, callbacks);
        return;
      }
      const onSuccess: typeof callbacks.onSuccess = (response, stats, of, details) => {
        const data = response.data as ArrayBuffer;
        const missing = length(context) - data.byteLength;
        if (context.rangeEnd && missing !== 0) {
          callbacks.onError({ code: 502, text: `${missing} bytes are missing` }, of, details, stats);
          return;
        }
        again?.keep(key, data);
        callbacks.onSuccess(response, stats, of, details);
      };
      super.load(context, config, { ...callbacks, onSuccess });
    }

    override abort(): void {
      this.ended = true;
      super.abort();
    }

    override destroy(): void {
      this.ended = true;
      super.destroy();
    }

    private give(data: ArrayBuffer, context: LoaderContext, callbacks: LoaderCallbacks<LoaderContext>): void {
      const now = performance.now();
      const { stats } = this;
      Object.assign(stats.loading, { start: now, first: now, end: now });
      stats.loaded = stats.total = data.byteLength;
      setTimeout(() => this.ended || callbacks.onSuccess({ url: context.url, data, code: 200 }, stats, context, null), 0);
    }
  }
  return CompleteFragmentLoader as new (
    config: HlsConfig,
  ) => Loader<never>;
}

function length({ rangeStart, rangeEnd }: LoaderContext): number {
  return (rangeEnd ?? 0) - (rangeStart ?? 0);
}
