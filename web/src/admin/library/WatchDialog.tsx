import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { adminLibrary } from '../../api/admin-library';
import { queries, queryClient } from '../../api/queries';
import type { LibraryRoot, WatchMode } from '../../api/types';
import { type AdminKey, useAdminWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { Actions, Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { Note } from '../../ui/Panel';
import { failureWords } from '../../ui/words';
import { modeWords } from './watch-modes';

const modes: WatchMode[] = ['auto', 'inotify', 'poll', 'hook'];
const hints: Record<WatchMode, AdminKey> = { auto: 'modeAutoText', inotify: 'modeInotifyText', poll: 'modePollText', hook: 'modeHookText' };

/** Edits the watch mode of a folder. A mode set in the configuration file is read-only here. */
export function WatchDialog({ root, onClose }: { root: LibraryRoot; onClose: () => void }) {
  const words = useAdminWords();
  const { t } = words;
  const [watch, setWatch] = useState(root.watchSetting);
  const tune = useMutation({
    mutationFn: (body: Parameters<typeof adminLibrary.tune>[1]) => adminLibrary.tune(root.id, body),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: queries.library.queryKey });
      onClose();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const seconds = String(new FormData(event.currentTarget).get('seconds') ?? '').trim();
    tune.mutate({ watch, ...(watch === 'poll' && { pollSeconds: seconds === '' ? null : Number(seconds) }) });
  };
  return (
    <Dialog title={t('watching')} wide onClose={onClose}>
      <form onSubmit={submit} data-nav="col">
        {tune.error ? <Notice>{failureWords(words, tune.error)}</Notice> : null}
        {root.watchFixed && <Note>{t('watchFixed')}</Note>}
        <Note>{root.path}</Note>
        <Choice
          label={t('watching')}
          value={watch}
          options={modes.map((mode) => ({ value: mode, label: t(modeWords[mode]) }))}
          onChange={setWatch}
        />
        <Note>{t(hints[watch])}</Note>
        {watch === 'poll' && (
          <Field
            label={t('pollSeconds')}
            name="seconds"
            type="number"
            min={5}
            max={86400}
            inputMode="numeric"
            defaultValue={root.pollSeconds || ''}
            hint={t('pollSecondsHint')}
          />
        )}
        <Actions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone="primary" busy={tune.isPending} disabled={root.watchFixed}>
            {t('save')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
