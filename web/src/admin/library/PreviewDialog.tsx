import { useQuery } from '@tanstack/react-query';
import { keepingQueries, type ScanPreview } from '../../api/keeping';
import { useKeeperWords } from '../../i18n/books';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Note } from '../../ui/Panel';
import { Skeleton } from '../../ui/Skeleton';
import { Failure } from '../../ui/State';
import s from './PreviewDialog.module.css';

/** How many paths of one sort are listed. */
const shown = 100;

function groups(preview: ScanPreview) {
  return [
    ['added', preview.added ?? []],
    ['changed', preview.changed ?? []],
    ['moved', (preview.moved ?? []).map(({ from, to }) => `${from} → ${to}`)],
    ['returned', preview.returned ?? []],
    ['missing', preview.missing ?? []],
    ['unreachable', preview.unreachable ?? []],
  ] as const;
}

/** What a scan would change, before it does. */
export function PreviewDialog({ onClose }: { onClose: () => void }) {
  const { t } = useKeeperWords();
  const { data, error, refetch } = useQuery(keepingQueries.preview);
  const found = data ? groups(data).filter(([, paths]) => paths.length > 0) : [];
  return (
    <Dialog title={t('previewTitle')} wide onClose={onClose}>
      {!data && (error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton shape="lines" count={2} />)}
      {data && found.length === 0 && <Note>{t('previewNothing')}</Note>}
      <div className={s.groups}>
        {found.map(([name, paths]) => (
          <section key={name}>
            <h3 className={s.name}>{t(`preview_${name}`, { count: paths.length })}</h3>
            <ul className={s.paths}>
              {paths.slice(0, shown).map((path) => (
                <li key={path}>{path}</li>
              ))}
            </ul>
            {paths.length > shown && <p className={s.more}>{t('andMore', { count: paths.length - shown })}</p>}
          </section>
        ))}
      </div>
      {data && <p className={s.more}>{t('previewUnchanged', { count: data.unchanged })}</p>}
      <Actions>
        <Button tone="primary" data-nav-default="" onClick={onClose}>
          {t('close')}
        </Button>
      </Actions>
    </Dialog>
  );
}
