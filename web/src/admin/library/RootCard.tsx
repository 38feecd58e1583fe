import { useMutation } from '@tanstack/react-query';
import { Folder, FolderX, TriangleAlert } from 'lucide-react';
import { useId, useState } from 'react';
import { type KeptRoot, keeping, type WatchSetting } from '../../api/keeping';
import { queryClient } from '../../api/queries';
import { type KeeperT, useKeeperWords } from '../../i18n/books';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { Actions, Dialog } from '../../ui/Dialog';
import { Facts } from '../../ui/Facts';
import { Notice } from '../../ui/Gate';
import { moment } from '../../ui/when';
import { failureWords } from '../../ui/words';
import s from './RootCard.module.css';

const refresh = () => queryClient.invalidateQueries({ queryKey: ['library'] });
const settings = ['auto', 'inotify', 'poll', 'hook'] as const satisfies WatchSetting[];

/** "1,204 of 65,536 watches" says how near the system's limit is; nothing where there is none. */
function watches(t: KeeperT, { watchesUsed, watchesLimit }: KeptRoot): string {
  if (!watchesUsed) return '';
  return watchesLimit ? t('watchesOf', { used: watchesUsed, limit: watchesLimit }) : t('watchesUsed', { used: watchesUsed });
}

function every(t: KeeperT, { watch, pollSeconds = 0, pollCostMs }: KeptRoot): string {
  if (watch !== 'poll' || !pollSeconds) return '';
  const often = pollSeconds < 120 ? t('everySeconds', { count: pollSeconds }) : t('everyMinutes', { count: Math.round(pollSeconds / 60) });
  return pollCostMs ? `${often} · ${t('pollCost', { ms: pollCostMs })}` : often;
}

/** One folder: whether it is there, how changes in it are noticed and why so, and what to do when much of it is gone. */
export function RootCard({ root }: { root: KeptRoot }) {
  const words = useKeeperWords();
  const { t, language } = words;
  const id = useId();
  const [accepting, setAccepting] = useState(false);
  const tune = useMutation({ mutationFn: (watch: WatchSetting) => keeping.tune(root.id, { watch }), onSettled: refresh });
  const when = (ms?: number) => (ms ? moment(language, ms) : '');
  const away = root.state === 'unreachable';
  const troubled = away || root.held !== undefined;
  return (
    <article className={s.card} aria-labelledby={id} data-nav="col">
      <header className={s.head}>
        <span className={s.icon} data-tone={troubled ? 'warn' : undefined} aria-hidden="true">
          {away ? <FolderX /> : <Folder />}
        </span>
        <div className={s.words}>
          <h3 id={id} className={s.path}>
            {root.path}
          </h3>
          <p className={s.small}>{[t('files', { count: root.files }), root.fileSystem].filter(Boolean).join(' · ')}</p>
        </div>
      </header>
      {troubled && (
        <div className={s.trouble} role="status">
          <TriangleAlert aria-hidden="true" />
          <div>
            <p>
              <strong>
                {root.held
                  ? t('heldTitle', { missing: root.held.missing, of: root.held.of })
                  : t('rootAwaySince', { when: when(root.sinceMs) })}
              </strong>
            </p>
            {root.stateReason && <p>{root.stateReason}</p>}
            <p>{t(root.held ? 'heldText' : 'rootAwayText')}</p>
            {root.held && (
              <Button small onClick={() => setAccepting(true)}>
                {t('acceptLosses')}
              </Button>
            )}
          </div>
        </div>
      )}
      {tune.error ? <Notice>{failureWords(words, tune.error)}</Notice> : null}
      {root.watchSetting && !root.fixed && (
        <Choice
          label={t('watchSetting')}
          value={root.watchSetting}
          options={settings.map((value) => ({ value, label: t(`watch_${value}`) }))}
          onChange={(watch) => tune.mutate(watch)}
        />
      )}
      <Facts
        rows={[
          [t('noticed'), root.watchReason ? `${t(`noticed_${root.watch}`)} · ${root.watchReason}` : t(`noticed_${root.watch}`)],
          [t('howOften'), every(t, root)],
          [t('watchesTitle'), watches(t, root)],
          [t('lastChange'), when(root.lastChangeMs)],
          [t('lastWalk'), when(root.lastScanMs)],
        ]}
      />
      {root.fixed && <p className={s.small}>{t('watchFixed')}</p>}
      {accepting && <AcceptLosses root={root} onClose={() => setAccepting(false)} />}
    </article>
  );
}

function AcceptLosses({ root, onClose }: { root: KeptRoot; onClose: () => void }) {
  const words = useKeeperWords();
  const { t } = words;
  const accept = useMutation({
    mutationFn: () => keeping.accept(root.id),
    onSuccess: async () => {
      await refresh();
      onClose();
    },
  });
  return (
    <Dialog title={t('acceptAsk')} onClose={onClose}>
      {accept.error ? <Notice>{failureWords(words, accept.error)}</Notice> : null}
      <p className={s.path}>{root.path}</p>
      <p>{t('acceptText', { count: root.held?.missing ?? 0 })}</p>
      <Actions>
        <Button onClick={onClose} data-nav-default="">
          {t('cancel')}
        </Button>
        <Button tone="danger" busy={accept.isPending} onClick={() => accept.mutate()}>
          {t('acceptLosses')}
        </Button>
      </Actions>
    </Dialog>
  );
}
