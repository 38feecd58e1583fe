import { useQuery } from '@tanstack/react-query';
import { LibraryBig } from 'lucide-react';
import { catalogueQueries } from '../../api/catalogue';
import { useViewerWords } from '../../i18n/namespaces';
import { CollectionTile } from '../../ui/CollectionTile';
import { Page } from '../../ui/Page';
import { Skeleton } from '../../ui/Skeleton';
import { Empty, Failure } from '../../ui/State';
import s from './Collections.module.css';

/** All channels and collections with titles visible to this profile. */
export function CollectionsPage() {
  const { t } = useViewerWords();
  const { data, error, refetch } = useQuery(catalogueQueries.collections);
  const groups = [
    { kind: 'channel', heading: t('channels') },
    { kind: 'collection', heading: t('collections') },
  ].map((group) => ({ ...group, items: data?.items.filter(({ kind }) => kind === group.kind) ?? [] }));
  return (
    <Page title={t('collections')} heading busy={!data && !error}>
      {!data && (error ? <Failure error={error} onRetry={refetch} /> : <Skeleton shape="row" />)}
      {data && data.items.length === 0 && <Empty icon={<LibraryBig />} heading={t('collectionsEmpty')} text={t('collectionsEmptyText')} />}
      {groups
        .filter(({ items }) => items.length > 0)
        .map(({ kind, heading, items }) => (
          <section key={kind} className={s.group} aria-label={heading} data-nav="col">
            <h2 className={s.heading}>{heading}</h2>
            <div className={s.tiles} data-nav="grid" data-nav-remember="">
              {items.map((collection) => (
                <CollectionTile key={collection.id} collection={collection} />
              ))}
            </div>
          </section>
        ))}
    </Page>
  );
}
