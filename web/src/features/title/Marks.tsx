import { useMutation } from '@tanstack/react-query';
import { Check, Eye, EyeOff, Plus, ThumbsDown, ThumbsUp } from 'lucide-react';
import { queryClient } from '../../api/queries';
import type { TitleDetail } from '../../api/types';
import { watching } from '../../api/watching';
import { useViewerWords } from '../../i18n/namespaces';
import { Button } from '../../ui/Button';
import { failureWords } from '../../ui/words';
import s from './Marks.module.css';

interface Change {
  /** optimistic values until the server answers */ shown: Partial<TitleDetail>;
  send: () => Promise<void>;
}

/** Optimistic updates, rolled back when the request fails. */
function useMark(title: TitleDetail) {
  const queryKey = ['title', title.id];
  return useMutation({
    mutationFn: ({ send }: Change) => send(),
    onMutate: async ({ shown }) => {
      await queryClient.cancelQueries({ queryKey });
      const before = queryClient.getQueryData<TitleDetail>(queryKey);
      queryClient.setQueryData<TitleDetail>(queryKey, (old) => old && { ...old, ...shown });
      return before;
    },
    onError: (_, __, before) => queryClient.setQueryData(queryKey, before),
    onSettled: () => {
      for (const topic of ['list', 'history', 'home', 'title']) void queryClient.invalidateQueries({ queryKey: [topic] });
    },
  });
}

/** The profile's marks of a title: list, rating, watched. */
export function Marks({ title }: { title: TitleDetail }) {
  const words = useViewerWords();
  const { t } = words;
  const mark = useMark(title);
  const { id, listed, watched, rating } = title;
  const rate = (wish: -1 | 1) => {
    const value = rating === wish ? 0 : wish;
    mark.mutate({ shown: { rating: value || undefined }, send: () => watching.rate(id, value) });
  };
  return (
    <div className={s.marks} data-nav="row">
      <Button
        round
        icon={listed ? <Check /> : <Plus />}
        aria-label={t('onMyList')}
        title={t(listed ? 'takeOffList' : 'putOnList')}
        aria-pressed={listed}
        data-focus-id="list"
        onClick={() => mark.mutate({ shown: { listed: !listed }, send: () => watching.setListed(id, !listed) })}
      />
      <Button round icon={<ThumbsUp />} aria-label={t('like')} title={t('like')} aria-pressed={rating === 1} onClick={() => rate(1)} />
      <Button
        round
        icon={<ThumbsDown />}
        aria-label={t('dislike')}
        title={t('dislike')}
        aria-pressed={rating === -1}
        onClick={() => rate(-1)}
      />
      <Button
        round
        icon={watched ? <EyeOff /> : <Eye />}
        aria-label={t('seenIt')}
        title={t(watched ? 'markUnseen' : 'markSeen')}
        aria-pressed={watched}
        onClick={() => mark.mutate({ shown: { watched: !watched }, send: () => watching.setWatched(id, !watched) })}
      />
      <p className={s.failed} role="alert">
        {mark.error ? failureWords(words, mark.error) : ''}
      </p>
    </div>
  );
}
