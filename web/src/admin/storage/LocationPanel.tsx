import { useMutation } from '@tanstack/react-query';
import { ArrowRight, Cloud, HardDrive } from 'lucide-react';
import { useState } from 'react';
import { queryClient } from '../../api/queries';
import { storage as api, isActive, storageQuery } from '../../api/storage';
import type { Storage } from '../../api/types';
import { useAdminWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Facts } from '../../ui/Facts';
import { Panel } from '../../ui/Panel';
import { bytes, failureWords } from '../../ui/words';
import s from './LocationPanel.module.css';
import { TaskProgress } from './TaskProgress';

const refresh = () => queryClient.invalidateQueries({ queryKey: storageQuery.queryKey });

/** The storage backend of segments and pictures: location, usage, and moving to the other backend. */
export function LocationPanel({ storage }: { storage: Storage }) {
  const { t } = useAdminWords();
  const [asking, setAsking] = useState(false);
  const { home, engine, s3, task } = storage;
  const to = home === 'disk' ? 's3' : 'disk';
  // A backend set in the configuration file cannot be changed here: the server moves by itself.
  const lacking = engine ? t('moveFixed') : to === 's3' && !s3 ? t('moveNeedsS3') : undefined;
  return (
    <Panel title={t('storageHome')}>
      <Place storage={storage} />
      {task?.kind === 'move' && <TaskProgress task={task} />}
      <Numbers storage={storage} />
      {!isActive(task) && (
        <Actions>
          {lacking && <p className={s.hint}>{lacking}</p>}
          <Button
            icon={<ArrowRight />}
            disabled={Boolean(lacking)}
            data-nav-default={lacking ? undefined : ''}
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

function Place({ storage: { home, disk, s3 } }: { storage: Storage }) {
  const { t } = useAdminWords();
  const bucket = s3 && [s3.bucket, s3.endpoint || s3.region].filter(Boolean).join(' · ');
  return (
    <div className={s.home}>
      <span className={s.glyph}>{home === 'disk' ? <HardDrive /> : <Cloud />}</span>
      <div>
        <p className={s.name}>{t(home === 'disk' ? 'homeDisk' : 'homeS3')}</p>
        <p className={s.place}>{home === 'disk' ? disk.dir : bucket}</p>
      </div>
    </div>
  );
}

function Numbers({ storage: { home, disk, stage, cache, s3 } }: { storage: Storage }) {
  const { t, language } = useAdminWords();
  const size = (count: number) => bytes(t, language, count);
  return (
    <Facts
      rows={[
        [t('onDisk'), `${size(disk.bytes)} · ${t('blobs', { count: disk.blobs })}`],
        [t('freeSpace'), size(disk.freeBytes)],
        [t('stage'), size(stage.bytes)],
        [t('cache'), cache.limit > 0 ? t('cacheOf', { used: size(cache.bytes), limit: size(cache.limit) }) : ''],
        [t('delivery'), s3 && home === 's3' ? t(`delivery_${s3.delivery}`) : ''],
      ]}
    />
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
