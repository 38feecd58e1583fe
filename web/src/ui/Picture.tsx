import { useState } from 'react';
import { names } from './class-names';
import s from './Picture.module.css';

/** The address of a server picture at a width the server makes. */
export function sized(url: string, width: 480 | 1280): string {
  return `${url}${url.includes('?') ? '&' : '?'}w=${width}`;
}

interface Props {
  url: string;
  width: 480 | 1280;
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
