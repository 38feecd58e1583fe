import { useMutation } from '@tanstack/react-query';
import { FolderPlus, RefreshCw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { server } from '../api/client';
import { queryClient } from '../api/queries';
import type { Library, LibraryRoot, ScanState } from '../api/types';
import { type AdminT, useAdminWords } from '../i18n/namespaces';
import { Notice } from '../ui/AuthLayout';
import { Button } from '../ui/Button';
import { Actions, Dialog } from '../ui/Dialog';
import { moment } from '../ui/date-format';
import { FolderPicker } from '../ui/FolderPicker';
import { Line, Note, Panel } from '../ui/Panel';
import { failureWords } from '../ui/words';
import s from './LibraryPanel.module.css';

const refresh = () => queryClient.invalidateQueries({ queryKey: ['library'] });

export function LibraryPanel({ library: { roots, scan } }: { library: Library }) {
  const { t } = useAdminWords();
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<LibraryRoot>();
  const start = useMutation({ mutationFn: server.scan, onSettled: refresh });
  const actions = (
    <>
      <Button small icon={<RefreshCw />} busy={start.isPending} disabled={scan.running} onClick={() => start.mutate()}>
        {t('scanNow')}
      </Button>
      <Button small icon={<FolderPlus />} onClick={() => setAdding(true)}>
        {t('addFolder')}
      </Button>
    </>
  );
  return (
    <Panel title={t('library')} actions={actions}>
      {scan.running && <Scanning scan={scan} />}
      {roots.length === 0 && <Note>{t('noFolders')}</Note>}
      {roots.map((root) => (
        <Root key={root.id} root={root} onRemove={() => setLeaving(root)} />
      ))}
      {adding && <AddFolder onClose={() => setAdding(false)} />}
      {leaving && <RemoveFolder root={leaving} onClose={() => setLeaving(undefined)} />}
    </Panel>
  );
}

export function Scanning({ scan }: { scan: ScanState }) {
  const { t } = useAdminWords();
  return (
    <div className={s.scan} data-testid="scan">
      <div className={s.stripe} role="progressbar" aria-label={t('scanning')} />
      <p>{t('scanProgress', { seen: scan.seen, added: scan.added, probed: scan.probed })}</p>
      {scan.path && <p className={s.path}>{scan.path}</p>}
    </div>
  );
}

function rootFacts(t: AdminT, language: string, root: LibraryRoot): string {
  if (root.state === 'unreachable') return t('rootUnreachable');
  const when = root.lastScanMs ? moment(language, root.lastScanMs) : '';
  return [t('files', { count: root.files }), t(root.watch === 'inotify' ? 'watchInotify' : 'watchPoll'), when && t('lastScan', { when })]
    .filter(Boolean)
    .join(' · ');
}

function Root({ root, onRemove }: { root: LibraryRoot; onRemove: () => void }) {
  const { t, language } = useAdminWords();
  return (
    <Line title={root.path} facts={rootFacts(t, language, root)} tone={root.state === 'unreachable' ? 'warn' : undefined}>
      <Button small round tone="bare" icon={<Trash2 />} aria-label={t('removeFolder', { path: root.path })} onClick={onRemove} />
    </Line>
  );
}

export function AddFolder({ onClose }: { onClose: () => void }) {
  const words = useAdminWords();
  const { t } = words;
  const [path, setPath] = useState('');
  const add = useMutation({
    mutationFn: server.addRoot,
    onSuccess: async () => {
      await refresh();
      onClose();
    },
  });
  return (
    <Dialog title={t('addFolder')} wide onClose={onClose}>
      {add.error ? <Notice>{failureWords(words, add.error)}</Notice> : null}
      <FolderPicker onChange={setPath} />
      <Actions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button tone="primary" busy={add.isPending} disabled={path === ''} onClick={() => add.mutate(path)}>
          {t('addThisFolder')}
        </Button>
      </Actions>
    </Dialog>
  );
}

export function RemoveFolder({ root, onClose }: { root: LibraryRoot; onClose: () => void }) {
  const words = useAdminWords();
  const { t } = words;
  const remove = useMutation({
    mutationFn: () => server.removeRoot(root.id),
    onSuccess: async () => {
      await refresh();
      onClose();
    },
  });
  return (
    <Dialog title={t('removeTitle')} onClose={onClose}>
      {remove.error ? <Notice>{failureWords(words, remove.error)}</Notice> : null}
      <p className={s.path}>{root.path}</p>
      <p>{t('removeText')}</p>
      <Actions>
        <Button onClick={onClose} data-nav-default="">
          {t('cancel')}
        </Button>
        <Button tone="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
          {t('remove')}
        </Button>
      </Actions>
    </Dialog>
  );
}
