import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { catalogueQueries } from '../../api/catalogue';
import type { PersonPage as Found } from '../../api/types';
import { useViewerWords } from '../../i18n/namespaces';
import { PosterCard } from '../../ui/Card';
import { Page } from '../../ui/Page';
import { Portrait } from '../../ui/Portrait';
import { Skeleton } from '../../ui/Skeleton';
import { Failure } from '../../ui/State';
import s from './PersonPage.module.css';

const route = getRouteApi('/shell/person/$id');

/** A person and the titles with a credit of theirs, newest first. */
export function PersonPage() {
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery(catalogueQueries.person(id));
  return (
    <Page title={data?.name ?? ''} busy={!data && !error}>
      {data ? <Person person={data} /> : error ? <Failure error={error} onRetry={refetch} /> : <Skeleton shape="grid" />}
    </Page>
  );
}

interface Part {
  title: Found['credits'][number]['title'];
  roles: string[];
}

/** One card per title, with all credits of the person. */
export function partsOf(credits: Found['credits'], kindWords: (kind: string) => string): Part[] {
  const parts = new Map<string, Part>();
  for (const { title, kind, role } of credits) {
    const words = role || kindWords(kind);
    const part = parts.get(title.id) ?? { title, roles: [] };
    if (words && !part.roles.includes(words)) part.roles.push(words);
    parts.set(title.id, part);
  }
  return Array.from(parts.values()).sort((a, b) => (b.title.year ?? 0) - (a.title.year ?? 0));
}

function Person({ person: { name, picture, credits } }: { person: Found }) {
  const { t } = useViewerWords();
  const kinds: Record<string, string> = { director: t('directors'), writer: t('writers'), creator: t('creators') };
  const parts = partsOf(credits, (kind) => kinds[kind] ?? '');
  return (
    <>
      <header className={s.head}>
        <div className={s.portrait}>
          <Portrait name={name} picture={picture} />
        </div>
        <div className={s.words}>
          <h1 className={s.name}>{name}</h1>
          <p className={s.count}>{t('titles', { count: parts.length })}</p>
        </div>
      </header>
      <ul className={s.grid} data-nav="grid" data-nav-remember="">
        {parts.map(({ title, roles }) => (
          <li key={title.id}>
            <PosterCard title={title} rowId="person" />
            <p className={s.title}>{title.name}</p>
            <p className={s.role}>{[title.year, roles.join(', ')].filter(Boolean).join(' · ')}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
