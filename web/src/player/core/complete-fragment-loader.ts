import type HlsModule from 'hls.js';
import type { HlsConfig, Loader, LoaderCallbacks, LoaderConfiguration, LoaderContext } from 'hls.js';

/**
 * A loader of segments that takes nothing for whole that is not: where a range is read at a store or a CDN and its
 * connection breaks, Chromium hands over the part that came as if it were all. It is asked for again instead.
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
