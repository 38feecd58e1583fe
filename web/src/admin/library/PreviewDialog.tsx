import { useQuery } from '@tanstack/react-query';
import { adminLibraryQueries } from '../../api/admin-library';
import type { Preview, PreviewPaths } from '../../api/types';
import { type AdminKey, useAdminWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Spinner } from '../../ui/Spinner';
import { failureWords } from '../../ui/words';
import s from './PreviewDialog.module.css';

/** Dry run of a scan: the files it would add, change and remove. */
export function PreviewDialog({ onClose }: { onClose: () => void }) {
  const words = useAdminWords();
  const { t } = words;
  const { data, error, isFetching } = useQuery(adminLibraryQueries.preview);
  return (
    <Dialog title={t('previewScan')} wide onClose={onClose}>
      {error ? <Notice>{failureWords(words, error)}</Notice> : null}
      {isFetching && !data && (
        <p className={s.waiting}>
          <Spinner /> {t('previewLooking')}
        </p>
      )}
      {data && <Found preview={data} />}
      <Actions>
        <Button tone="primary" data-nav-default="" onClick={onClose}>
          {t('close')}
        </Button>
      </Actions>
    </Dialog>
  );
}

const kinds: [keyof Preview & ('added' | 'changed' | 'returned' | 'missing' | 'held' | 'unreachable'), AdminKey][] = [
  ['added', 'previewAdded'],
  ['changed', 'previewChanged'],
  ['returned', 'previewReturned'],
  ['missing', 'previewMissing'],
  ['held', 'previewHeld'],
  ['unreachable', 'previewUnreachable'],
];

function Found({ preview }: { preview: Preview }) {
  const { t, reason } = useAdminWords();
  const moves: PreviewPaths = { total: preview.movedTotal, paths: preview.moved.map(({ from, to }) => `${from} → ${to}`) };
  const groups = [...kinds.map(([key, words]) => ({ words, found: preview[key] })), { words: 'previewMoved' as AdminKey, found: moves }];
  const some = groups.filter(({ found }) => found.total > 0);
  const ignored: PreviewPaths = {
    total: preview.ignoredTotal,
    paths: preview.ignored.map(({ path, code, reason: why }) => `${path}: ${reason(code, why)}`),
  };
  return (
    <div data-testid="preview">
      {preview.away.map(({ path, code, reason: why }) => (
        <Notice key={path}>
          {path}: {reason(code, why)}
        </Notice>
      ))}
      {some.length === 0 && <p>{t('previewNothing')}</p>}
      {some.map(({ words, found }) => (
        <Group key={words} title={t(words)} found={found} />
      ))}
      {ignored.total > 0 && <Group title={t('previewIgnored')} found={ignored} />}
      <p className={s.same}>{t('previewSame', { count: preview.unchanged })}</p>
    </div>
  );
}

function Group({ title, found }: { title: string; found: PreviewPaths }) {
  const { t } = useAdminWords();
  return (
    <details className={s.group}>
      <summary className={s.head}>
        {title} <span className={s.count}>{t('files', { count: found.total })}</span>
      </summary>
      <ul className={s.paths}>
        {found.paths.map((path) => (
          <li key={path}>{path}</li>
        ))}
        {found.total > found.paths.length && <li>{t('cleanMore', { count: found.total - found.paths.length })}</li>}
      </ul>
    </details>
  );
}
