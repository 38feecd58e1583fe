import { Link } from '@tanstack/react-router';
import type { Credit, TitleCard, TitleDetail } from '../../api/types';
import { useViewerWords } from '../../i18n/namespaces';
import { Card } from '../../ui/Card';
import { Portrait } from '../../ui/Portrait';
import { Row } from '../../ui/Row';
import { extraWords } from './extra-words';
import s from './RelatedRows.module.css';

/** Rows below a title: cast, extras, similar titles. */
export function RelatedRows({ title: { id, people = [], extras = [], more = [] } }: { title: TitleDetail }) {
  const { t } = useViewerWords();
  const cast = onePerPerson(people);
  return (
    <div data-nav="col">
      {cast.length > 0 && (
        <Row title={t('cast')} narrow>
          {cast.map((person) => (
            <Person key={person.id} person={person} />
          ))}
        </Row>
      )}
      {extras.length > 0 && (
        <Row title={t('extras')}>
          {extras.map((extra) => (
            <Card key={extra.id} title={named(extra)} rowId={`extras/${id}`} resumes caption={extraWords(t, extra)} />
          ))}
        </Row>
      )}
      {more.length > 0 && (
        <Row title={t('moreLikeThis')}>
          {more.map((one) => (
            <Card key={one.id} title={one} rowId={`more/${id}`} />
          ))}
        </Row>
      )}
    </div>
  );
}

const named = (extra: TitleCard): TitleCard => ({ ...extra, year: undefined });

/** Merges several credits of one person into one tile. */
function onePerPerson(people: Credit[]): Credit[] {
  const found = new Map<string, Credit>();
  for (const person of people) {
    const before = found.get(person.id);
    const role = [before?.role, person.role].filter(Boolean).join(', ');
    found.set(person.id, before ? { ...before, role } : person);
  }
  return Array.from(found.values());
}

function Person({ person: { id, name, kind, role, picture } }: { person: Credit }) {
  const { t } = useViewerWords();
  const kinds: Record<string, string> = { director: t('directors'), writer: t('writers'), creator: t('creators') };
  return (
    <Link to="/person/$id" params={{ id }} className={s.person} data-focus-id={`person/${id}`}>
      <Portrait name={name} picture={picture} />
      <span className={s.name}>{name}</span>
      <span className={s.role}>{role || kinds[kind] || ''}</span>
    </Link>
  );
}
