import { Link } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import type { SearchResult } from '../../api/search';
import type { TitleCard } from '../../api/types';
import { useViewerWords } from '../../i18n/namespaces';
import { Button } from '../../ui/Button';
import { Card, PosterCard } from '../../ui/Card';
import { CollectionTile } from '../../ui/CollectionTile';
import { Portrait } from '../../ui/Portrait';
import { Row } from '../../ui/Row';
import { Empty } from '../../ui/State';
import { useDevice } from '../../ui/use-device';
import { Highlighted } from './Highlighted';
import s from './SearchPage.module.css';

interface Props {
  found: SearchResult;
  query: string;
  /** the results belong to the previous query */ stale: boolean;
  onAsk: (q: string) => void;
}

/** Search results: the top result, then titles, people, collections and genres. */
export function Results({ found, query, stale, onAsk }: Props) {
  const { t } = useViewerWords();
  const { items, people, collections, genres, didYouMean } = found;
  const [top, ...others] = items;
  const wide = useDevice() === 'desktop';
  if (!top && people.length + collections.length + genres.length === 0) return <NoResults {...{ query, didYouMean, onAsk }} />;
  return (
    <div data-stale={stale || undefined} className={s.results} data-nav="col">
      {didYouMean && didYouMean !== top?.name && <DidYouMean name={didYouMean} onAsk={onAsk} />}
      <div className={s.first} data-nav={wide ? 'row' : 'col'}>
        {top && (
          <section className={s.group} aria-label={t('topResult')}>
            <h2 className={s.heading}>{t('topResult')}</h2>
            <div className={s.top}>
              <Card title={top} rowId="top" />
            </div>
          </section>
        )}
        {others.length > 0 && (
          <section className={s.others} aria-label={t('foundTitles')} data-nav="col">
            <h2 className={s.heading}>{t('foundTitles')}</h2>
            <div className={s.grid} data-nav="grid" data-nav-remember="">
              {others.map((title) => (
                <div key={title.id} className={s.title}>
                  <PosterCard title={title} rowId="found" />
                  <p className={s.name} aria-hidden="true">
                    <Highlighted name={nameOf(title)} query={query} />
                  </p>
                </div>
              ))}
            </div>
          </section>
        )}
      </div>
      {people.length > 0 && (
        <Row title={t('people')} narrow>
          {people.map(({ id, name, picture, count }) => (
            <Link key={id} to="/person/$id" params={{ id }} className={s.person} data-focus-id={`person/${id}`}>
              <Portrait name={name} picture={picture} />
              <span className={s.name}>
                <Highlighted name={name} query={query} />
              </span>
              <span className={s.count}>{t('titles', { count })}</span>
            </Link>
          ))}
        </Row>
      )}
      {collections.length > 0 && (
        <Row title={t('collections')}>
          {collections.map((one) => (
            <CollectionTile key={one.id} collection={one} />
          ))}
        </Row>
      )}
      {genres.length > 0 && (
        <section className={s.group} aria-label={t('genres')} data-nav="col">
          <h2 className={s.heading}>{t('genres')}</h2>
          <div className={s.chips} data-nav="row">
            {genres.map(({ id, name }) => (
              <Link key={id} to="/browse" search={{ genre: id }} className={s.chip}>
                <Highlighted name={name} query={query} />
              </Link>
            ))}
          </div>
        </section>
      )}
    </div>
  );
}

function nameOf({ kind, name, seriesName, season, episode }: TitleCard): string {
  return kind === 'episode' ? `${seriesName} · S${season}:E${episode} · ${name}` : name;
}

function DidYouMean({ name, onAsk }: { name: string; onAsk: (q: string) => void }) {
  const { t } = useViewerWords();
  return (
    <p className={s.meant}>
      {t('didYouMean')}{' '}
      <button type="button" className={s.again} onClick={() => onAsk(name)}>
        {name}
      </button>
    </p>
  );
}

function NoResults({ query, didYouMean, onAsk }: { query: string; didYouMean?: string; onAsk: (q: string) => void }) {
  const { t } = useViewerWords();
  return (
    <Empty icon={<SearchX />} heading={t('noResult', { q: query })} text={t(didYouMean ? 'didYouMean' : 'searchNothing')}>
      {didYouMean ? (
        <Button tone="primary" onClick={() => onAsk(didYouMean)}>
          {didYouMean}
        </Button>
      ) : (
        <Button tone="primary" onClick={() => onAsk('')}>
          {t('searchAgain')}
        </Button>
      )}
    </Empty>
  );
}
