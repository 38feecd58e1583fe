import { useMutation, useQuery } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { keeping, type TitleEdit } from '../../api/keeping';
import { queries, queryClient } from '../../api/queries';
import { useKeeperWords } from '../../i18n/books';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Field, Pair } from '../../ui/Field';
import { Notice } from '../../ui/Gate';
import { Skeleton } from '../../ui/Skeleton';
import { Failure } from '../../ui/State';
import { failureWords } from '../../ui/words';
import s from './EditTitle.module.css';
import { changesOf, type Draft, draftOf, type Editable } from './edit-draft';

/** What a title is called and described as, field by field: what is entered here no later scan overwrites. */
export function EditTitle({ titleId, onClose }: { titleId: string; onClose: () => void }) {
  const { t } = useKeeperWords();
  const { data, error, refetch } = useQuery(queries.title(titleId));
  return (
    <Dialog title={t('editTitle')} wide onClose={onClose}>
      {!data && (error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton shape="lines" count={3} />)}
      {data && <Form titleId={titleId} title={data as Editable} onClose={onClose} />}
    </Dialog>
  );
}

function Form({ titleId, title, onClose }: { titleId: string; title: Editable; onClose: () => void }) {
  const words = useKeeperWords();
  const { t } = words;
  const [draft, setDraft] = useState(() => draftOf(title));
  const [automatic, setAutomatic] = useState<ReadonlySet<keyof Draft>>(new Set());
  const save = useMutation({
    mutationFn: (body: TitleEdit) => keeping.edit(titleId, body),
    onSuccess: async () => {
      await Promise.all(
        [['title', titleId], ['titles'], ['home'], ['library']].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
      );
      onClose();
    },
  });
  const edited = new Set(title.admin?.edited ?? []);
  const source = (key: string): string => {
    const from = title.admin?.evidence?.[key];
    return from ? t('fromSource', { source: from }) : '';
  };
  const props = (key: keyof Draft) => ({
    value: draft[key],
    hint: automatic.has(key) ? t('willBeAutomatic') : source(key),
    onChange: (event: { target: { value: string } }) => {
      setDraft({ ...draft, [key]: event.target.value });
      setAutomatic(new Set([...automatic].filter((other) => other !== key)));
    },
  });
  const back = (key: keyof Draft): ReactNode =>
    edited.has(key) && !automatic.has(key) ? (
      <Button small tone="bare" icon={<RotateCcw />} onClick={() => setAutomatic(new Set([...automatic, key]))}>
        {t('backToAutomatic', { field: t(`field_${key}`) })}
      </Button>
    ) : null;
  const changes = changesOf(title, draft, automatic);
  return (
    <form
      className={s.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(changes);
      }}
    >
      {save.error ? <Notice>{failureWords(words, save.error)}</Notice> : null}
      <Pair>
        <Field label={t('field_name')} {...props('name')} />
        <Field label={t('field_sortName')} {...props('sortName')} />
      </Pair>
      <Pair>
        <Field label={t('field_originalName')} {...props('originalName')} />
        <Field label={t('field_tagline')} {...props('tagline')} />
      </Pair>
      <Pair>
        <Field label={t('field_year')} inputMode="numeric" maxLength={4} {...props('year')} />
        <Field label={t('field_released')} placeholder="2026-11-22" {...props('released')} />
      </Pair>
      <Pair>
        <Field label={t('field_certification')} {...props('certification')} />
        <Field label={t('field_age')} inputMode="numeric" maxLength={2} {...props('age')} />
      </Pair>
      <Field label={t('field_genres')} {...props('genres')} />
      <Field label={t('field_studios')} {...props('studios')} />
      <label className={s.long}>
        <span>{t('field_overview')}</span>
        <textarea rows={5} value={draft.overview} onChange={props('overview').onChange} />
      </label>
      <div className={s.backs}>
        {(Object.keys(draft) as (keyof Draft)[]).map((key) => (
          <span key={key}>{back(key)}</span>
        ))}
      </div>
      {title.admin?.notes && title.admin.notes.length > 0 && (
        <ul className={s.notes} aria-label={t('notes')}>
          {title.admin.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <Actions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" tone="primary" busy={save.isPending} disabled={Object.keys(changes).length === 0}>
          {t('save')}
        </Button>
      </Actions>
    </form>
  );
}
