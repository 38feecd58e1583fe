import { useMutation } from '@tanstack/react-query';
import { ListVideo } from 'lucide-react';
import { useState } from 'react';
import { adminLibrary } from '../../api/admin-library';
import { queries, queryClient } from '../../api/queries';
import type { Ladders, LibraryRoot } from '../../api/types';
import { useAdminWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { LadderChoice } from '../../ui/LadderChoice';
import { Note } from '../../ui/Panel';
import { failureWords } from '../../ui/words';
import s from './RootCard.module.css';

/** Edits when the films of a folder are prepared, and has all of them prepared now. */
export function LadderDialog({ root, ladders, onClose }: { root: LibraryRoot; ladders: Ladders | undefined; onClose: () => void }) {
  const words = useAdminWords();
  const { t } = words;
  const [setting, setSetting] = useState(root.transcode);
  const standard = ladders?.default;
  const prediction = ladders?.items.find((one) => one.rootId === root.id);
  const refresh = () => queryClient.invalidateQueries({ queryKey: queries.library.queryKey });
  const save = useMutation({
    mutationFn: () => adminLibrary.tune(root.id, { transcode: setting === standard ? null : setting }),
    onSuccess: async () => {
      await refresh();
      onClose();
    },
  });
  const make = useMutation({ mutationFn: () => adminLibrary.makeLadders(root.id), onSuccess: refresh });
  const error = save.error ?? make.error;
  return (
    <Dialog title={t('preparation')} wide onClose={onClose}>
      <div data-nav="col">
        {error ? <Notice>{failureWords(words, error)}</Notice> : null}
        {root.transcodeFixed && <Note>{t('ladderFixed')}</Note>}
        <Note>{root.path}</Note>
        <LadderChoice
          label={t('preparation')}
          value={setting}
          standard={standard}
          prediction={prediction}
          disabled={root.transcodeFixed}
          onChange={setSetting}
        />
        <Note>{t('ladderKept')}</Note>
        {root.transcode === 'when_watched' && (
          <Button
            small
            className={s.make}
            icon={<ListVideo />}
            busy={make.isPending}
            disabled={make.isSuccess}
            onClick={() => make.mutate()}
          >
            {make.data ? t('ladderAsked', { count: make.data.files }) : t('prepareAll')}
          </Button>
        )}
        <Actions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button tone="primary" busy={save.isPending} disabled={root.transcodeFixed} onClick={() => save.mutate()}>
            {t('save')}
          </Button>
        </Actions>
      </div>
    </Dialog>
  );
}
