import { useMutation, useQuery } from '@tanstack/react-query';
import { BadgeCheck, FileSearch, Search } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { adminLibrary, adminLibraryQueries } from '../../api/admin-library';
import type { Match, TitleDetail } from '../../api/types';
import { useAdminWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Facts } from '../../ui/Facts';
import { Field, Pair } from '../../ui/Field';
import { Line, Note } from '../../ui/Panel';
import { Spinner } from '../../ui/Spinner';
import { failureWords } from '../../ui/words';
import { IdentityForm } from './IdentityForm';
import s from './MatchDialog.module.css';
import { matchedWords, refreshTitle } from './title-draft';

interface Props {
  title: TitleDetail;
  onClose: () => void;
}

/** Fixes the match of a title: chooses a provider's candidate, or assigns a single file by hand. */
export function MatchDialog({ title, onClose }: Props) {
  const words = useAdminWords();
  const { t } = words;
  const [file, setFile] = useState<string>();
  const done = (made?: TitleDetail) => {
    refreshTitle(title.id, made);
    onClose();
  };
  const match = useMutation({
    mutationFn: (body: Parameters<typeof adminLibrary.match>[1]) => adminLibrary.match(title.id, body),
    onSuccess: done,
  });
  if (file !== undefined) return <IdentityForm title={title} fileId={file} onDone={() => done()} onClose={onClose} />;
  const whole = title.kind === 'movie' || title.kind === 'series';
  const files = title.versions ?? [];
  return (
    <Dialog title={t('fixMatch')} wide onClose={onClose}>
      {match.error ? <Notice>{failureWords(words, match.error)}</Notice> : null}
      <p className={s.now}>{t('matchNow', { name: title.name, year: String(title.year ?? '–') })}</p>
      {title.admin?.matched && <Facts rows={[[t('matched'), t(matchedWords(title.admin.matched))]]} />}
      {whole && (
        <>
          {title.admin?.matched !== 'checked' && (
            <Button small icon={<BadgeCheck />} busy={match.isPending} onClick={() => match.mutate({ checked: true })}>
              {t('matchRight')}
            </Button>
          )}
          <Candidates title={title} busy={match.isPending} onChoose={({ provider, id }) => match.mutate({ provider, id })} />
        </>
      )}
      {files.length > 0 && (
        <section className={s.files} aria-label={t('filesOf')}>
          <h3 className={s.heading}>{t('filesOf')}</h3>
          {files.map(({ fileId, name, path }) => (
            <Line key={fileId} title={name} facts={path}>
              <Button small icon={<FileSearch />} aria-label={t('isAnotherOf', { name })} onClick={() => setFile(fileId)}>
                {t('isAnother')}
              </Button>
            </Line>
          ))}
        </section>
      )}
      <Actions>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </Actions>
    </Dialog>
  );
}

function Candidates({ title, busy, onChoose }: { title: TitleDetail; busy: boolean; onChoose: (match: Match) => void }) {
  const words = useAdminWords();
  const { t } = words;
  const [asked, setAsked] = useState<{ q: string; year?: number }>({ q: '' });
  const { data, error, isFetching } = useQuery(adminLibraryQueries.matches(title.id, asked.q, asked.year));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setAsked({ q: String(form.get('q')).trim(), year: Number(form.get('year')) || undefined });
  };
  if (data && !data.searched) return <Note>{t('noProvider')}</Note>;
  return (
    <>
      <form onSubmit={submit} className={s.search} data-nav="col">
        <Pair>
          <Field label={t('fieldName')} name="q" defaultValue={title.name} />
          <Field label={t('fieldYear')} name="year" type="number" defaultValue={title.year} />
        </Pair>
        <Button type="submit" small icon={<Search />} busy={isFetching}>
          {t('searchMatches')}
        </Button>
      </form>
      {error ? <Notice>{failureWords(words, error)}</Notice> : null}
      {isFetching && !data && <Spinner />}
      {data?.items.length === 0 && <Note>{t('noMatches')}</Note>}
      {data?.items.map((match) => (
        <Line
          key={`${match.provider}/${match.id}`}
          title={[match.name, match.year && `(${match.year})`].filter(Boolean).join(' ')}
          facts={
            <>
              {[match.provider, t(matchedWords(match.certainty)), match.originalName !== match.name && match.originalName]
                .filter(Boolean)
                .join(' · ')}
              {match.overview && <span className={s.overview}>{match.overview}</span>}
            </>
          }
        >
          <Button small busy={busy} aria-label={t('chooseOf', { name: match.name })} onClick={() => onChoose(match)}>
            {t('chooseIt')}
          </Button>
        </Line>
      ))}
    </>
  );
}
