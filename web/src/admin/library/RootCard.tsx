import { useMutation } from '@tanstack/react-query';
import { CircleCheck, FolderX, ListVideo, SlidersHorizontal, Trash2, Unplug } from 'lucide-react';
import { useState } from 'react';
import { adminLibrary } from '../../api/admin-library';
import { queries, queryClient } from '../../api/queries';
import type { Ladders, LibraryRoot } from '../../api/types';
import { type AdminT, useAdminWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { moment } from '../../ui/date-format';
import { Facts } from '../../ui/Facts';
import { ladderNames } from '../../ui/LadderChoice';
import { ladderCost } from '../../ui/ladder-cost';
import { duration, failureWords } from '../../ui/words';
import { RemoveFolder } from '../LibraryPanel';
import { LadderDialog } from './LadderDialog';
import s from './RootCard.module.css';
import { WatchDialog } from './WatchDialog';
import { modeWords } from './watch-modes';

type Open = 'watch' | 'ladder' | 'accept' | 'remove' | undefined;

const refresh = () => queryClient.invalidateQueries({ queryKey: queries.library.queryKey });

/** One library folder: state, watch mode, last scan and actions. */
export function RootCard({ root, ladders }: { root: LibraryRoot; ladders: Ladders | undefined }) {
  const { t, language } = useAdminWords();
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const away = root.state !== 'present' || root.held !== undefined;
  return (
    <article className={s.root} aria-label={root.path} data-nav="col" data-testid="root">
      <header className={s.head}>
        <span className={s.sign} data-away={away || undefined} aria-hidden="true">
          {away ? <Unplug /> : <CircleCheck />}
        </span>
        <div className={s.words}>
          <h3 className={s.path}>{root.path}</h3>
          <p className={s.state}>
            {[t(away ? 'rootAway' : 'rootPresent'), t('files', { count: root.files }), root.fileSystem].filter(Boolean).join(' · ')}
          </p>
        </div>
        <div className={s.actions} data-nav="row">
          <Button small icon={<SlidersHorizontal />} aria-label={t('watchOf', { path: root.path })} onClick={() => setOpen('watch')}>
            {t('watching')}
          </Button>
          <Button small icon={<ListVideo />} aria-label={t('preparationOf', { path: root.path })} onClick={() => setOpen('ladder')}>
            {t('preparation')}
          </Button>
          <Button
            small
            round
            tone="bare"
            icon={<Trash2 />}
            aria-label={t('removeFolder', { path: root.path })}
            onClick={() => setOpen('remove')}
          />
        </div>
      </header>
      {away && <Trouble root={root} onAccept={() => setOpen('accept')} />}
      <Facts rows={factsOf(t, language, root, ladders)} />
      {open === 'watch' && <WatchDialog root={root} onClose={close} />}
      {open === 'ladder' && <LadderDialog root={root} ladders={ladders} onClose={close} />}
      {open === 'remove' && <RemoveFolder root={root} onClose={close} />}
      {open === 'accept' && <AcceptDialog root={root} onClose={close} />}
    </article>
  );
}

function factsOf(t: AdminT, language: string, root: LibraryRoot, ladders: Ladders | undefined): [string, string][] {
  const number = new Intl.NumberFormat(language);
  const every = root.everySeconds ? t('everyTime', { time: duration(t, root.everySeconds * 1000) }) : '';
  const cost = root.pollCostMs ? t('costOf', { ms: root.pollCostMs }) : '';
  const next = root.nextLookMs ? t('nextLook', { when: moment(language, root.nextLookMs) }) : '';
  const prediction = ladders?.items.find((one) => one.rootId === root.id);
  const ladderCosts = prediction ? ladderCost(t, language, root.transcode, prediction) : '';
  const limit = root.watchesLimit ? ` / ${number.format(root.watchesLimit)}` : '';
  return [
    [t('watching'), [t(modeWords[root.watch]), root.watchReason].filter(Boolean).join(' · ')],
    [t('looksAtAll'), [every, cost, next].filter(Boolean).join(' · ')],
    [t('watchesUsed'), root.watchesUsed ? number.format(root.watchesUsed) + limit : ''],
    [t('preparation'), [t(ladderNames[root.transcode]), ladderCosts].filter(Boolean).join(' · ')],
    [t('lastChange'), root.lastChangeMs ? moment(language, root.lastChangeMs) : ''],
    [t('lastScanned'), root.lastScanMs ? moment(language, root.lastScanMs) : ''],
  ];
}

/** Explains an unreachable folder: the reason, since when, and the pending losses. */
function Trouble({ root, onAccept }: { root: LibraryRoot; onAccept: () => void }) {
  const { t, language, reason } = useAdminWords();
  const { held } = root;
  const since = held?.sinceMs ?? root.sinceMs;
  return (
    <div className={s.trouble} role="status">
      <p className={s.what}>
        {held
          ? t('heldLine', { missing: held.missing, of: held.of })
          : reason(root.stateCode ?? '', root.stateReason ?? t('rootUnreachable'))}
      </p>
      <p>{[t('nothingLost'), since ? t('sinceWhen', { when: moment(language, since) }) : ''].filter(Boolean).join(' ')}</p>
      {root.acceptable && (
        <Button small icon={<FolderX />} onClick={onAccept}>
          {t('acceptLosses')}
        </Button>
      )}
    </div>
  );
}

function AcceptDialog({ root, onClose }: { root: LibraryRoot; onClose: () => void }) {
  const words = useAdminWords();
  const { t } = words;
  const accept = useMutation({
    mutationFn: () => adminLibrary.accept(root.id),
    onSuccess: async () => {
      await refresh();
      onClose();
    },
  });
  return (
    <Dialog title={t('acceptAsk')} onClose={onClose}>
      {accept.error ? <Notice>{failureWords(words, accept.error)}</Notice> : null}
      <p className={s.path}>{root.path}</p>
      <p>{t('acceptText', { count: root.held?.missing ?? root.files })}</p>
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
