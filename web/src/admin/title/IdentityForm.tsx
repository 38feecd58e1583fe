import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { adminLibrary } from '../../api/admin-library';
import { server } from '../../api/client';
import type { FileIdentity, TitleDetail } from '../../api/types';
import { useAdminWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { Actions, Dialog } from '../../ui/Dialog';
import { Field, Pair } from '../../ui/Field';
import { fieldError } from '../../ui/field-error';
import { failureWords } from '../../ui/words';
import s from './MatchDialog.module.css';

interface Props {
  title: TitleDetail;
  fileId: string;
  onDone: () => void;
  onClose: () => void;
}

const extras = ['trailer', 'behindthescenes', 'deleted', 'featurette', 'interview', 'scene', 'short', 'other'] as const;

/** The request body of the form: an existing title, or a name and a year. */
function identityOf(form: FormData, kind: FileIdentity['kind'], titleId: string | undefined): FileIdentity {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const number = (name: string) => (text(name) === '' ? undefined : Number(text(name)));
  return {
    kind,
    ...(titleId ? { titleId } : { title: text('title'), year: number('year') }),
    ...(kind === 'episode' && { season: number('season') ?? 1, episode: number('episode') }),
    ...(kind === 'extra' && { extra: extras.find((one) => one === text('extra')) ?? 'other' }),
    ...(kind !== 'movie' && text('name') !== '' && { name: text('name') }),
  };
}

/** Assigns one file to a title by hand. Scans keep the assignment until it is released. */
export function IdentityForm({ title, fileId, onDone, onClose }: Props) {
  const words = useAdminWords();
  const { t } = words;
  const [kind, setKind] = useState<FileIdentity['kind']>(title.kind === 'movie' || title.kind === 'extra' ? title.kind : 'episode');
  const [extra, setExtra] = useState<(typeof extras)[number]>('trailer');
  const [name, setName] = useState(title.seriesName ?? title.name);
  const [chosen, setChosen] = useState<string>();
  const say = useMutation({ mutationFn: (body: FileIdentity) => adminLibrary.identify(fileId, body), onSuccess: onDone });
  const forget = useMutation({ mutationFn: () => adminLibrary.identifyByName(fileId), onSuccess: onDone });
  const failed = say.error ?? forget.error;
  const pinned = title.versions?.find((one) => one.fileId === fileId)?.pinned;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    form.set('extra', extra);
    say.mutate(identityOf(form, kind, chosen));
  };
  return (
    <Dialog title={t('whatItIs')} wide onClose={onClose}>
      <form onSubmit={submit} data-nav="col">
        {failed ? <Notice>{failureWords(words, failed)}</Notice> : null}
        <Choice
          label={t('kind')}
          value={kind}
          options={[
            { value: 'movie', label: t('aMovie') },
            { value: 'episode', label: t('anEpisode') },
            { value: 'extra', label: t('anExtra') },
          ]}
          onChange={(next) => {
            setKind(next);
            setChosen(undefined);
          }}
        />
        <div className={s.choice}>
          <Pair>
            <Field
              label={t(kind === 'episode' ? 'seriesName' : 'fieldName')}
              name="title"
              value={name}
              error={fieldError(words, say.error, 'title')}
              onChange={(event) => {
                setName(event.target.value);
                setChosen(undefined);
              }}
            />
            <Field label={t('fieldYear')} name="year" type="number" disabled={chosen !== undefined} />
          </Pair>
          <Present name={name} kind={kind} without={title.id} chosen={chosen} onChoose={setChosen} />
        </div>
        {kind === 'episode' && (
          <Pair>
            <Field label={t('season')} name="season" type="number" min={0} defaultValue={title.season ?? 1} />
            <Field label={t('episodeNumber')} name="episode" type="number" min={0} required defaultValue={title.episode} />
          </Pair>
        )}
        {kind === 'extra' && (
          <Choice
            label={t('anExtra')}
            value={extra}
            options={extras.map((value) => ({ value, label: t(value === 'other' ? 'as_any' : `as_${value}`) }))}
            onChange={setExtra}
          />
        )}
        {kind !== 'movie' && (
          <div className={s.choice}>
            <Field label={t('ownName')} name="name" />
          </div>
        )}
        <Actions>
          {pinned && (
            <Button busy={forget.isPending} onClick={() => forget.mutate()}>
              {t('byItsName')}
            </Button>
          )}
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone="primary" busy={say.isPending}>
            {t('save')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

interface PresentProps {
  name: string;
  kind: FileIdentity['kind'];
  without: string;
  chosen?: string;
  onChoose: (id: string | undefined) => void;
}

/** Existing titles with that name. */
function Present({ name, kind, without, chosen, onChoose }: PresentProps) {
  const { t } = useAdminWords();
  const only = kind === 'movie' ? 'movie' : kind === 'episode' ? 'series' : undefined;
  const { data } = useQuery({
    queryKey: ['titles', 'present', name, only],
    queryFn: ({ signal }) => server.titles({ q: name, kind: only }, undefined, signal),
    enabled: name.trim().length > 1,
    placeholderData: (before) => before,
  });
  const found = (data?.items ?? []).filter(({ id }) => id !== without).slice(0, 4);
  if (found.length === 0) return null;
  return (
    <div role="group" aria-label={t('presentTitles')} data-nav="col">
      <p>{t('presentTitles')}</p>
      {found.map(({ id, name: title, year }) => (
        <button
          key={id}
          type="button"
          className={s.found}
          aria-pressed={id === chosen}
          onClick={() => onChoose(id === chosen ? undefined : id)}
        >
          {[title, year && `(${year})`].filter(Boolean).join(' ')}
        </button>
      ))}
    </div>
  );
}
