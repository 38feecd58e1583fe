import { useState } from 'react';
import { names } from './class-names';
import s from './Picture.module.css';

/** The widths that the server makes. */
type Width = 160 | 320 | 480 | 640 | 960 | 1280 | 1920;

/** URL of a server picture at one of these widths. */
export function sized(url: string, width: Width): string {
  return `${url}${url.includes('?') ? '&' : '?'}w=${width}`;
}

interface Props {
  url: string;
  width: Width;
  /** above the fold: fetched first */ eager?: boolean;
  className?: string;
}

/** A decorative picture that fills its box and fades in over the colour behind it; one that fails leaves the colour. */
export function Picture({ url, width, eager, className }: Props) {
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading');
  if (state === 'failed') return null;
  return (
    <img
      className={names(s.picture, state === 'shown' && s.shown, className)}
      src={sized(url, width)}
      alt=""
      loading={eager ? 'eager' : 'lazy'}
      decoding="async"
      draggable={false}
      ref={(image) => {
        if (image?.complete && image.naturalWidth > 0) setState('shown');
      }}
      onLoad={() => setState('shown')}
      onError={() => setState('failed')}
    />
  );
}
