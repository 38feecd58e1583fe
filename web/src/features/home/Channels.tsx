import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { catalogueQueries } from '../../api/catalogue';
import { useViewerWords } from '../../i18n/namespaces';
import { CollectionTile } from '../../ui/CollectionTile';
import { Row } from '../../ui/Row';
import s from './HomePage.module.css';

/** The row of channels, in the administrator's order. */
export function Channels() {
  const { t } = useViewerWords();
  const { data } = useQuery(catalogueQueries.channels);
  if (!data?.items.length) return null;
  const more = (
    <Link to="/collections" className={s.more} data-nav-skip="">
      {t('seeAll')}
      <ChevronRight aria-hidden="true" />
    </Link>
  );
  return (
    <Row title={t('channels')} more={more}>
      {data.items.map((channel) => (
        <CollectionTile key={channel.id} collection={channel} />
      ))}
    </Row>
  );
}
