import { type CSSProperties, useState } from 'react';
import type { Profile } from '../api/types';
import { palette } from '../lib/colour';
import s from './Avatar.module.css';
import { names } from './class-names';

type Face = Pick<Profile, 'name' | 'color' | 'avatar' | 'avatarUrl'>;

/** URL of a profile's picture: uploaded, else built-in; undefined where the initial is shown. */
function pictureOf({ avatar, avatarUrl }: Face): string | undefined {
  return avatarUrl ?? (avatar ? `/avatars/${avatar}.svg` : undefined);
}

interface Props {
  profile?: Face | null;
  large?: boolean;
  /** sets any other size */ className?: string;
}

/** A profile's picture, or its initial on its colour. */
export function Avatar({ profile, large, className }: Props) {
  const { tint, glow } = palette(profile?.color);
  const url = profile ? pictureOf(profile) : undefined;
  const [lost, setLost] = useState<string>();
  return (
    <span
      className={names(s.avatar, className)}
      data-large={large || undefined}
      style={{ '--tint': tint, '--glow': glow } as CSSProperties}
      aria-hidden="true"
    >
      {url && url !== lost ? (
        <img src={url} alt="" draggable={false} onError={() => setLost(url)} />
      ) : (
        Array.from(profile?.name ?? '')[0]?.toUpperCase()
      )}
    </span>
  );
}
