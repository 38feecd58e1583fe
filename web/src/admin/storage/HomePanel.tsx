import { useMutation } from '@tanstack/react-query';
import { ArrowRight, Cloud, HardDrive } from 'lucide-react';
import { useState } from 'react';
import { queryClient } from '../../api/queries';
import { storage as api, storageQuery, underWay } from '../../api/storage';
import type { Storage } from '../../api/types';
import { useAdminWords } from '../../i18n/books';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Facts } from '../../ui/Facts';
import { Notice } from '../../ui/Gate';
import { Panel } from '../../ui/Panel';
import { bytes, failureWords } from '../../ui/words';
import s from './HomePanel.module.css';
import { TaskProgress } from './TaskProgress';

const refresh = () => queryClient.invalidateQueries({ queryKey: storageQuery.queryKey });

/** The home of all segments and pictures: where it is, how full, and moving it. */
export function HomePanel({ storage }: { storage: Storage }) {
  const { t, language } = useAdminWords();
  const [asking, setAsking] = useState(false);
  const { home, disk, stage, cache, s3, task } = storage;
  const size = (count: number) => bytes(t, language, count);
  const to = home === 'disk' ? 's3' : 'disk';
  const move = task?.kind === 'move' ? task : undefined;
  return (
    <Panel title={t('storageHome')}>
      <div className={s.home}>
        <span className={s.glyph}>{home === 'disk' ? <HardDrive /> : <Cloud />}</span>
        <div>
          <p className={s.name}>{t(home === 'disk' ? 'homeDisk' : 'homeS3')}</p>
          <p className={s.place}>{home === 'disk' ? disk.dir : s3 && `${s3.bucket} · ${s3.endpoint}`}</p>
        </div>
      </div>
      {move && <TaskProgress task={move} />}
      <Facts
        rows={[
          [t('onDisk'), `${size(disk.bytes)} · ${t('blobs', { count: disk.blobs })}`],
          [t('freeSpace'), size(disk.freeBytes)],
          [t('stage'), size(stage.bytes)],
          [t('cache'), cache.limit > 0 ? t('cacheOf', { used: size(cache.bytes), limit: size(cache.limit) }) : ''],
          [t('delivery'), s3 && home === 's3' ? t(`delivery_${s3.delivery}`) : ''],
        ]}
      />
      {!underWay(task) && (
        <Actions>
          {to === 's3' && !s3 && <p className={s.hint}>{t('moveNeedsS3')}</p>}
          <Button
            icon={<ArrowRight />}
            disabled={to === 's3' && !s3}
            data-nav-default={to === 's3' && !s3 ? undefined : ''}
            onClick={() => setAsking(true)}
          >
            {t(to === 's3' ? 'moveToS3' : 'moveToDisk')}
          </Button>
        </Actions>
      )}
      {asking && <Move to={to} onClose={() => setAsking(false)} />}
    </Panel>
  );
}

function Move({ to, onClose }: { to: Storage['home']; onClose: () => void }) {
  const words = useAdminWords();
  const { t } = words;
  const move = useMutation({
    mutationFn: () => api.move(to),
    onSuccess: async () => {
      await refresh();
      onClose();
    },
  });
  return (
    <Dialog title={t(to === 's3' ? 'moveToS3' : 'moveToDisk')} onClose={onClose}>
      {move.error ? <Notice>{failureWords(words, move.error)}</Notice> : null}
      <p>{t('moveText')}</p>
      <Actions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button tone="primary" data-nav-default="" busy={move.isPending} onClick={() => move.mutate()}>
          {t('moveStart')}
        </Button>
      </Actions>
    </Dialog>
  );
}
