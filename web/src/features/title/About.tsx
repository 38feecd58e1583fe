import { Link } from '@tanstack/react-router';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import type { Credit, Named, SubtitleFacts, TitleDetail } from '../../api/types';
import { useViewerWords, type ViewerKey, type ViewerT } from '../../i18n/namespaces';
import { day } from '../../ui/date-format';
import { Facts } from '../../ui/Facts';
import s from './About.module.css';

/** Overview of a title and its facts: credits, languages, studios. */
export function About({ title }: { title: TitleDetail }) {
  const { t, language } = useViewerWords();
  const rows = factsOf(t, language, title);
  const words = title.tagline || title.overview || title.genres?.length || title.collections?.length;
  if (!words && rows.length === 0) return null;
  return (
    <section className={s.about} aria-label={t('about')} data-nav="row">
      <div className={s.words} data-nav="col">
        {title.tagline && <p className={s.tagline}>{title.tagline}</p>}
        {title.overview && <Overview key={title.id} text={title.overview} />}
        <Genres genres={title.genres ?? []} />
        <Memberships title={title} />
      </div>
      {rows.length > 0 && (
        <div className={s.facts} data-nav="col">
          <Facts rows={rows} />
        </div>
      )}
    </section>
  );
}

/** Text clamped to a few lines with a button that expands it. */
function Overview({ text }: { text: string }) {
  const { t } = useViewerWords();
  const [open, setOpen] = useState(false);
  const [long, setLong] = useState(false);
  const words = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => {
    const element = words.current;
    if (element) setLong(element.scrollHeight > element.clientHeight + 2);
  }, []);
  return (
    <div>
      <p ref={words} className={s.overview} data-open={open || undefined}>
        {text}
      </p>
      {(long || open) && (
        <button type="button" className={s.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? 'less' : 'moreText')}
        </button>
      )}
    </div>
  );
}

function Genres({ genres }: { genres: Named[] }) {
  const { t } = useViewerWords();
  if (genres.length === 0) return null;
  return (
    <ul className={s.genres} aria-label={t('genres')} data-nav="row">
      {genres.map(({ id, name }) => (
        <li key={id}>
          <Link to="/browse" search={{ genre: id }} className={s.genre}>
            {name}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Memberships({ title: { collections } }: { title: TitleDetail }) {
  const { t } = useViewerWords();
  if (!collections?.length) return null;
  return (
    <p className={s.partOf} data-nav="row">
      {t('onChannels')}{' '}
      {inLine(
        collections.map(({ id, name }) => (
          <Link key={id} to="/collection/$id" params={{ id }} className={s.link}>
            {name}
          </Link>
        )),
      )}
    </p>
  );
}

function inLine(parts: ReactNode[]): ReactNode[] {
  return parts.flatMap((part, at) => (at === 0 ? [part] : [', ', part]));
}

const makers: [kind: string, words: ViewerKey][] = [
  ['creator', 'creators'],
  ['director', 'directors'],
  ['writer', 'writers'],
];

function peopleLinks(people: Credit[]): ReactNode {
  return inLine(
    people.map(({ id, name }) => (
      <Link key={id} to="/person/$id" params={{ id }} className={s.link}>
        {name}
      </Link>
    )),
  );
}

/** The first few; the cast row below has all of them. */
const most = 3;

function factsOf(t: ViewerT, language: string, title: TitleDetail): [string, ReactNode][] {
  const people = title.people ?? [];
  const differs = title.originalName && title.originalName !== title.name;
  const rows: [string, ReactNode][] = makers.map(([kind, words]) => {
    const found = people.filter((one) => one.kind === kind);
    return [t(words), found.length > 0 ? peopleLinks(found.slice(0, most)) : ''];
  });
  rows.push(
    [t('originalName'), differs ? title.originalName : ''],
    [t('releasedOn'), releaseDay(language, title.released)],
    [t('studios'), studioLinks(title.studios ?? [])],
    [t('countries'), title.countries?.join(', ')],
    [t('ratings'), ratingWords(t, language, title)],
    [t('audioTracks'), title.file?.audio.join(' · ')],
    [t('subtitleTracks'), subtitleWords(title.subtitles ?? [])],
  );
  return rows.filter(([, value]) => value !== undefined && value !== '');
}

function releaseDay(language: string, released: string | undefined): string {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(released ?? '');
  return parts ? day(language, new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])).getTime()) : '';
}

function studioLinks(studios: Named[]): ReactNode {
  if (studios.length === 0) return '';
  return inLine(
    studios.slice(0, most).map(({ id, name }) => (
      <Link key={id} to="/browse" search={{ studio: id, of: name }} className={s.link}>
        {name}
      </Link>
    )),
  );
}

function ratingWords(t: ViewerT, language: string, { ratings }: TitleDetail): string {
  const number = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return (ratings ?? [])
    .map(({ by, value, votes }) => `${by} ${number.format(value)}${votes ? ` (${t('votes', { count: votes })})` : ''}`)
    .join(' · ');
}

/** The track names include "forced" and "SDH". */
function subtitleWords(subtitles: SubtitleFacts[]): string {
  return subtitles
    .map(({ language, name }) => name || language)
    .filter((words, at, all) => all.indexOf(words) === at)
    .join(' · ');
}
