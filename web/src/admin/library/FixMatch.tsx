import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { server } from '../../api/client';
import { type FileIdentity, keeping, keepingQueries } from '../../api/keeping';
import { queryClient } from '../../api/queries';
import { useKeeperWords } from '../../i18n/books';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { Actions, Dialog } from '../../ui/Dialog';
import { Field, Pair } from '../../ui/Field';
import { Notice } from '../../ui/Gate';
import { Note } from '../../ui/Panel';
import { failureWords } from '../../ui/words';
import { Evidence } from './Evidence';
import s from './FixMatch.module.css';

export interface FixMatchProps {
  titleId: string;
  /** the file that is said to hold another work; without one only descriptions are looked for */ fileId?: string;
  name: string;
  year?: number;
  path?: string;
  evidence?: Record<string, string>;
  onClose: () => void;
}

type Way = 'look' | 'known' | 'type';

/** Says what a file really is: by a description found elsewhere, as a title that is known, or in one's own words. */
export function FixMatch({ titleId, fileId, name, year, path, evidence, onClose }: FixMatchProps) {
  const words = useKeeperWords();
  const { t } = words;
  const [way, setWay] = useState<Way>('look');
  const done = useMutation({
    mutationFn: (act: () => Promise<unknown>) => act(),
    onSuccess: async () => {
      await Promise.all(
        [['library'], ['title', titleId], ['titles'], ['home']].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
      );
      onClose();
    },
  });
  const identify = (identity: FileIdentity) => fileId && done.mutate(() => keeping.identify(fileId, identity));
  return (
    <Dialog title={t('fixMatch')} wide onClose={onClose}>
      {path && <p className={s.path}>{path}</p>}
      {evidence && <Evidence evidence={evidence} />}
      {done.error ? <Notice>{failureWords(words, done.error)}</Notice> : null}
      <Choice
        label={t('fixHow')}
        value={way}
        options={[
          { value: 'look', label: t('fixLook') },
          ...(fileId
            ? [
                { value: 'known' as const, label: t('fixKnown') },
                { value: 'type' as const, label: t('fixType') },
              ]
            : []),
        ]}
        onChange={setWay}
      />
      {way === 'look' && (
        <Look titleId={titleId} name={name} year={year} onChoose={(match) => done.mutate(() => keeping.match(titleId, match))} />
      )}
      {way === 'known' && <Known name={name} onChoose={(id) => identify({ titleId: id })} />}
      {way === 'type' && <Typed name={name} year={year} busy={done.isPending} onSave={identify} />}
      <Actions>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </Actions>
    </Dialog>
  );
}

function Look({
  titleId,
  name,
  year,
  onChoose,
}: {
  titleId: string;
  name: string;
  year?: number;
  onChoose: (m: { provider: string; id: string }) => void;
}) {
  const words = useKeeperWords();
  const { t } = words;
  const [asked, ask] = useState({ q: name, year: year ? String(year) : '' });
  const [q, setQ] = useState(asked.q);
  const [when, setWhen] = useState(asked.year);
  const { data, error, isFetching } = useQuery(keepingQueries.matches(titleId, asked.q, asked.year));
  return (
    <form
      className={s.way}
      onSubmit={(event) => {
        event.preventDefault();
        ask({ q: q.trim(), year: when.trim() });
      }}
    >
      <Pair>
        <Field label={t('fieldName')} value={q} onChange={(event) => setQ(event.target.value)} />
        <Field label={t('fieldYear')} value={when} inputMode="numeric" maxLength={4} onChange={(event) => setWhen(event.target.value)} />
      </Pair>
      <Button type="submit" small busy={isFetching}>
        {t('lookFor')}
      </Button>
      {error ? <Notice>{failureWords(words, error)}</Notice> : null}
      {data && data.items.length === 0 && <Note>{t(data.searched ? 'lookNothing' : 'lookOff')}</Note>}
      <ul className={s.found}>
        {data?.items.map((match) => (
          <li key={`${match.provider}/${match.id}`}>
            <button type="button" className={s.match} onClick={() => onChoose({ provider: match.provider, id: match.id })}>
              <strong>{match.year ? `${match.name} (${match.year})` : match.name}</strong>
              {match.overview && <span>{match.overview}</span>}
            </button>
          </li>
        ))}
      </ul>
    </form>
  );
}

function Known({ name, onChoose }: { name: string; onChoose: (titleId: string) => void }) {
  const { t } = useKeeperWords();
  const [q, setQ] = useState(name);
  const { data } = useQuery({
    queryKey: ['titles', 'known', q],
    queryFn: ({ signal }) => server.titles({ q }, undefined, signal),
    enabled: q.trim() !== '',
    placeholderData: (previous) => previous,
  });
  return (
    <div className={s.way}>
      <Field label={t('fieldName')} type="search" value={q} onChange={(event) => setQ(event.target.value)} />
      {data?.items.length === 0 && <Note>{t('knownNothing')}</Note>}
      <ul className={s.found}>
        {data?.items.slice(0, 20).map((title) => (
          <li key={title.id}>
            <button type="button" className={s.match} onClick={() => onChoose(title.id)}>
              <strong>{title.year ? `${title.name} (${title.year})` : title.name}</strong>
              <span>{t(title.kind === 'series' ? 'aSeries' : 'aMovie')}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A whole number that was typed, or nothing. */
const whole = (text: string): number | undefined => (/^\d{1,4}$/.test(text.trim()) ? Number(text) : undefined);

function Typed({ name, year, busy, onSave }: { name: string; year?: number; busy: boolean; onSave: (identity: FileIdentity) => void }) {
  const { t } = useKeeperWords();
  const [kind, setKind] = useState<'movie' | 'episode'>('movie');
  const [fields, setFields] = useState({ title: name, year: year ? String(year) : '', season: '1', episode: '' });
  const field = (key: keyof typeof fields) => ({
    value: fields[key],
    onChange: (event: { target: { value: string } }) => setFields({ ...fields, [key]: event.target.value }),
  });
  const ready =
    fields.title.trim() !== '' && (kind === 'movie' || (whole(fields.season) !== undefined && whole(fields.episode) !== undefined));
  return (
    <form
      className={s.way}
      onSubmit={(event) => {
        event.preventDefault();
        const numbers = kind === 'episode' ? { season: whole(fields.season), episode: whole(fields.episode) } : {};
        onSave({ kind, title: fields.title.trim(), year: whole(fields.year), ...numbers });
      }}
    >
      <Choice
        label={t('fieldKind')}
        value={kind}
        options={[
          { value: 'movie', label: t('aMovie') },
          { value: 'episode', label: t('episodeOfSeries') },
        ]}
        onChange={setKind}
      />
      <Pair>
        <Field label={t(kind === 'movie' ? 'fieldName' : 'fieldSeries')} {...field('title')} />
        <Field label={t('fieldYear')} inputMode="numeric" maxLength={4} {...field('year')} />
      </Pair>
      {kind === 'episode' && (
        <Pair>
          <Field label={t('fieldSeason')} inputMode="numeric" maxLength={4} {...field('season')} />
          <Field label={t('fieldEpisode')} inputMode="numeric" maxLength={4} {...field('episode')} />
        </Pair>
      )}
      <Button type="submit" small tone="primary" busy={busy} disabled={!ready}>
        {t('fixSave')}
      </Button>
    </form>
  );
}
