import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck, CirclePlay, History, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { queryClient } from '../../api/queries';
import type { Visit } from '../../api/types';
import { watching, watchingQueries } from '../../api/watching';
import { useViewerWords } from '../../i18n/namespaces';
import { clock } from '../../lib/time';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Page } from '../../ui/Page';
import { Line, Panel } from '../../ui/Panel';
import { Skeleton } from '../../ui/Skeleton';
import { Empty, Failure } from '../../ui/State';
import { episodeTag, failureWords } from '../../ui/words';
import { MyTitlesTabs } from '../list/MyTitlesTabs';
import s from '../list/MyTitlesTabs.module.css';
import { byDay, dayName, timeOf } from './days';

const refresh = () => {
  for (const topic of ['history', 'home', 'title']) void queryClient.invalidateQueries({ queryKey: [topic] });
};

/** The profile's history, grouped by day. */
export function HistoryPage() {
  const { t, language } = useViewerWords();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(watchingQueries.history);
  const [asking, setAsking] = useState(false);
  const visits = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={t('history')} heading busy={!data && !error}>
      <MyTitlesTabs here="/history">
        {visits.length > 0 && (
          <Button small tone="danger" icon={<Trash2 />} onClick={() => setAsking(true)}>
            {t('historyClear')}
          </Button>
        )}
      </MyTitlesTabs>
      {!data && (error ? <Failure error={error} onRetry={refetch} /> : <Skeleton shape="lines" count={3} />)}
      {data && visits.length === 0 && !hasNextPage && <Empty icon={<History />} heading={t('historyEmpty')} text={t('historyEmptyText')} />}
      <div className={s.days} data-nav="col">
        {byDay(visits).map(([day, items]) => (
          <Panel key={day} title={dayName(language, day)}>
            {items.map((visit) => (
              <VisitLine key={visit.id} visit={visit} />
            ))}
          </Panel>
        ))}
      </div>
      {hasNextPage && (
        <div className={s.more}>
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('more')}
          </Button>
        </div>
      )}
      {asking && <Clear onClose={() => setAsking(false)} />}
    </Page>
  );
}

function VisitLine({ visit: { title, atMs, positionMs, watched } }: { visit: Visit }) {
  const { t, language } = useViewerWords();
  const forget = useMutation({ mutationFn: () => watching.forgetHistory(title.id), onSettled: refresh });
  const name = title.kind === 'episode' ? `${title.seriesName ?? ''} ${episodeTag(title)} · ${title.name}`.trim() : title.name;
  return (
    <Line
      icon={watched ? <CircleCheck /> : <CirclePlay />}
      title={
        <Link to="/title/$id" params={{ id: title.id }} className={s.name}>
          {name}
        </Link>
      }
      facts={[timeOf(language, atMs), watched ? t('toTheEnd') : positionMs > 0 && t('upTo', { time: clock(positionMs) })]
        .filter(Boolean)
        .join(' · ')}
    >
      <Button
        small
        tone="bare"
        icon={<X />}
        aria-label={t('historyRemove', { name })}
        busy={forget.isPending}
        onClick={() => forget.mutate()}
      />
    </Line>
  );
}

function Clear({ onClose }: { onClose: () => void }) {
  const words = useViewerWords();
  const { t } = words;
  const clear = useMutation({
    mutationFn: () => watching.forgetHistory(),
    onSuccess: () => {
      refresh();
      onClose();
    },
  });
  return (
    <Dialog title={t('historyClear')} onClose={onClose}>
      {clear.error ? <Notice>{failureWords(words, clear.error)}</Notice> : null}
      <p>{t('historyClearText')}</p>
      <Actions>
        <Button onClick={onClose} data-nav-default="">
          {t('cancel')}
        </Button>
        <Button tone="danger" busy={clear.isPending} onClick={() => clear.mutate()}>
          {t('historyClear')}
        </Button>
      </Actions>
    </Dialog>
  );
}
