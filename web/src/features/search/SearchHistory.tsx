import { useMutation, useQuery } from '@tanstack/react-query';
import { History, X } from 'lucide-react';
import { useEffect } from 'react';
import { queryClient } from '../../api/queries';
import { watching, watchingQueries } from '../../api/watching';
import { useViewerWords } from '../../i18n/namespaces';
import s from './SearchHistory.module.css';

const refresh = () => queryClient.invalidateQueries({ queryKey: watchingQueries.searches.queryKey });

/** A query is stored in the search history after this many milliseconds without a change. */
const meant = 2000;

/** Stores the query in the search history once typing stops. */
export function useNotedSearch(words: string | undefined): void {
  useEffect(() => {
    if (!words || words.length < 2) return;
    const timer = setTimeout(() => watching.noteSearch(words).then(refresh, () => undefined), meant);
    return () => clearTimeout(timer);
  }, [words]);
}

/** Past searches of this profile: each can be repeated or deleted. */
export function SearchHistory({ onChoose }: { onChoose: (text: string) => void }) {
  const { t } = useViewerWords();
  const { data } = useQuery(watchingQueries.searches);
  const forget = useMutation({ mutationFn: watching.forgetSearch, onSettled: refresh });
  if (!data?.items.length) return null;
  return (
    <ul className={s.searches} aria-label={t('lastSearches')} data-nav="row" data-nav-track="">
      {data.items.map(({ id, text }) => (
        <li key={id} className={s.search}>
          <button type="button" className={s.again} onClick={() => onChoose(text)}>
            <History aria-hidden="true" />
            {text}
          </button>
          <button type="button" className={s.forget} aria-label={t('forgetSearch', { text })} onClick={() => forget.mutate(id)}>
            <X />
          </button>
        </li>
      ))}
      <li>
        <button type="button" className={s.again} onClick={() => forget.mutate(undefined)}>
          {t('forgetSearches')}
        </button>
      </li>
    </ul>
  );
}
