import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { SearchCheck } from 'lucide-react';
import { useState } from 'react';
import { adminLibraryQueries } from '../../api/admin-library';
import { queries } from '../../api/queries';
import type { UnmatchedTitle } from '../../api/types';
import { useAdminWords } from '../../i18n/namespaces';
import { Button } from '../../ui/Button';
import { Line, Note, Panel } from '../../ui/Panel';
import { Skeleton } from '../../ui/Skeleton';
import { Failure } from '../../ui/State';
import { AdminSections } from '../AdminSections';
import { MatchDialog } from './MatchDialog';

/** Titles with a weak match, for an administrator to confirm or fix. */
export function UnmatchedPage() {
  const { t } = useAdminWords();
  const { data, error, refetch } = useQuery(adminLibraryQueries.unmatched);
  const [open, setOpen] = useState<string>();
  return (
    <AdminSections title={t('checkTitles')} busy={!data && !error}>
      {!data && (error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton shape="lines" count={2} />)}
      {data && (
        <Panel title={t('unmatchedCount', { count: data.total })}>
          <Note>{t(data.total === 0 ? 'unmatchedNone' : 'unmatchedText')}</Note>
          {data.items.map((item) => (
            <Item key={item.title.id} item={item} onOpen={() => setOpen(item.title.id)} />
          ))}
        </Panel>
      )}
      {open && <Fix id={open} onClose={() => setOpen(undefined)} />}
    </AdminSections>
  );
}

function Item({ item: { title, files }, onOpen }: { item: UnmatchedTitle; onOpen: () => void }) {
  const { t } = useAdminWords();
  const series = title.kind === 'series';
  const link = (
    <Link to={series ? '/series/$id' : '/title/$id'} params={{ id: title.id }}>
      {[title.name, title.year && `(${title.year})`].filter(Boolean).join(' ')}
    </Link>
  );
  return (
    <Line title={link} facts={files.map(({ path }) => path).join(', ')}>
      <Button small icon={<SearchCheck />} aria-label={t('fixMatchOf', { name: title.name })} onClick={onOpen}>
        {t('fixMatch')}
      </Button>
    </Line>
  );
}

/** The dialog needs the full title with its match details. */
function Fix({ id, onClose }: { id: string; onClose: () => void }) {
  const { data } = useQuery(queries.title(id));
  return data ? <MatchDialog title={data} onClose={onClose} /> : null;
}
