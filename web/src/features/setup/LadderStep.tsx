import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { adminLibrary, adminLibraryQueries } from '../../api/admin-library';
import { asProblem } from '../../api/problem';
import { queries, queryClient } from '../../api/queries';
import type { LadderSetting } from '../../api/types';
import { useAccountWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions } from '../../ui/Dialog';
import { LadderChoice } from '../../ui/LadderChoice';
import { duration } from '../../ui/words';
import s from './SetupPage.module.css';

/** Asks when films are prepared, with a prediction for the films that the running scan has found so far. */
export function LadderStep({ onNext }: { onNext: () => void }) {
  const { t } = useAccountWords();
  const { data: library } = useQuery(queries.library);
  const { data: ladders } = useQuery({ ...adminLibraryQueries.ladders, refetchInterval: library?.scan.running ? 2000 : false });
  const [chosen, setChosen] = useState<LadderSetting>();
  const standard = ladders?.default;
  const value = chosen ?? standard ?? 'when_watched';
  const keep = useMutation({
    mutationFn: async () => {
      const { roots } = await queryClient.fetchQuery({ ...queries.library, staleTime: 0 });
      const open = roots.filter((root) => !root.transcodeFixed && root.transcode !== value);
      for (const root of open) await adminLibrary.tune(root.id, { transcode: value === standard ? null : value });
    },
    onSuccess: onNext,
  });
  const { files = 0, durationMs = 0 } = ladders?.all ?? {};
  return (
    <div data-nav="col">
      {keep.error ? <Notice>{asProblem(keep.error).message || t('failedText')}</Notice> : null}
      <LadderChoice label={t('ladderTitle')} value={value} standard={standard} prediction={ladders?.all} onChange={setChosen} />
      <p className={s.found} role="status">
        {[
          files > 0 ? t('ladderFound', { count: files, time: duration(t, durationMs) }) : '',
          library?.scan.running ? t('ladderLooking') : '',
        ]
          .filter(Boolean)
          .join(' ')}
      </p>
      <Actions>
        <Button tone="brand" busy={keep.isPending} onClick={() => keep.mutate()}>
          {t('continue')}
        </Button>
      </Actions>
    </div>
  );
}
