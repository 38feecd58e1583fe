import { Link } from '@tanstack/react-router';
import { type CSSProperties, useState } from 'react';
import type { Collection } from '../api/types';
import { useViewerWords } from '../i18n/namespaces';
import { palette } from '../lib/colour';
import { pick } from '../lib/poster';
import s from './CollectionTile.module.css';
import { sized } from './Picture';

const grounds = ['#23508a', '#8a3a23', '#2f7a4d', '#6a2f7a', '#8a6a23', '#237a7a'];

/** A channel or collection as a 16:9 tile: its logo, else its name, on a generated background. */
export function CollectionTile({
  collection: { id, name, logo, count },
}: {
  collection: Pick<Collection, 'id' | 'name'> & Partial<Collection>;
}) {
  const { t } = useViewerWords();
  const [failed, setFailed] = useState(false);
  const { tint, glow, deep } = palette(grounds[pick(id, grounds.length)]);
  return (
    <Link to="/collection/$id" params={{ id }} className={s.tile} data-focus-id={`collection/${id}`}>
      <span className={s.ground} style={{ '--tint': tint, '--glow': glow, '--deep': deep } as CSSProperties}>
        {logo && !failed ? (
          <img className={s.logo} src={sized(logo, 480)} alt={name} draggable={false} onError={() => setFailed(true)} />
        ) : (
          <span className={s.name}>{name}</span>
        )}
      </span>
      {count !== undefined && <span className={s.count}>{t('collectionTitleCount', { count })}</span>}
    </Link>
  );
}
