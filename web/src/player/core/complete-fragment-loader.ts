import type HlsModule from 'hls.js';
import type { HlsConfig, Loader, LoaderCallbacks, LoaderConfiguration, LoaderContext } from 'hls.js';

/**
 * A fragment loader that rejects truncated byte ranges: when the connection to a store or CDN breaks, Chromium reports the
 * received part as a success. The loader reports an error instead, so that hls.js retries.
 */
export function completeFragmentLoader(Hls: Pick<typeof HlsModule, 'DefaultConfig'>): NonNullable<HlsConfig['fLoader']> {
  class CompleteFragmentLoader extends Hls.DefaultConfig.loader {
    override load(context: LoaderContext, config: LoaderConfiguration, callbacks: LoaderCallbacks<LoaderContext>): void {
      const onSuccess: typeof callbacks.onSuccess = (response, stats, of, details) => {
        const missing = length(context) - (response.data as ArrayBuffer).byteLength;
        if (!context.rangeEnd || missing === 0) callbacks.onSuccess(response, stats, of, details);
        else callbacks.onError({ code: 502, text: `${missing} bytes are missing` }, of, details, stats);
      };
      super.load(context, config, { ...callbacks, onSuccess });
    }
  }
  return CompleteFragmentLoader as new (
    config: HlsConfig,
  ) => Loader<never>;
}

function length({ rangeStart, rangeEnd }: LoaderContext): number {
  return (rangeEnd ?? 0) - (rangeStart ?? 0);
}
