import { queryClient } from '../../api/queries';
import type { Credit, EditedCredit, TitleDetail, TitlePatch } from '../../api/types';
import type { AdminKey } from '../../i18n/namespaces';

/** Caches the changed title and invalidates the queries that show it. Without `made` every title is fetched again. */
export function refreshTitle(id: string, made: TitleDetail | undefined): void {
  if (made) queryClient.setQueryData(['title', made.id], made);
  if (made?.id !== id) void queryClient.invalidateQueries({ queryKey: made ? ['title', id] : ['title'] });
  for (const topic of ['home', 'titles', 'facets', 'unmatched', 'collections', 'person']) {
    void queryClient.invalidateQueries({ queryKey: [topic] });
  }
}

const matched: Record<string, AdminKey> = { id: 'matchedId', name: 'matchedName', little: 'matchedLittle', checked: 'matchedChecked' };

export function matchedWords(how: string): AdminKey {
  return matched[how] ?? 'matchedLittle';
}

/** Form fields in display order. Lists are comma-separated, the cast has one person per line. */
export const fields = [
  'name',
  'originalName',
  'sortName',
  'year',
  'released',
  'certification',
  'age',
  'tagline',
  'overview',
  'genres',
  'studios',
  'countries',
  'credits',
] as const;

export type Field = (typeof fields)[number];
export type Draft = Record<Field, string>;

const names = (list: { name: string }[] | undefined) => (list ?? []).map(({ name }) => name).join(', ');

/**
 * "Ana Duarte = Nora", "director: Ruth Cole": one person per line.
 * @internal
 */
export function creditLine({ name, kind, role }: Pick<Credit, 'name' | 'kind' | 'role'>): string {
  return `${kind === 'actor' ? '' : `${kind}: `}${name}${role ? ` = ${role}` : ''}`;
}

const kinds = ['actor', 'director', 'writer', 'creator', 'composer', 'producer'] as const;

/** @internal */
export function creditOf(line: string): EditedCredit | undefined {
  const [, kind = 'actor', rest = ''] = /^(?:(\w+):\s*)?(.*)$/.exec(line.trim()) ?? [];
  const known = kinds.find((one) => one === kind.toLowerCase());
  const [name = '', ...role] = (known ? rest : line).split('=');
  if (name.trim() === '') return undefined;
  return { name: name.trim(), kind: known ?? 'actor', ...(role.length > 0 && { role: role.join('=').trim() }) };
}

export function draftOf(title: TitleDetail): Draft {
  return {
    name: title.name,
    originalName: title.originalName ?? '',
    sortName: title.admin?.sortName ?? '',
    year: String(title.year ?? ''),
    released: title.released ?? '',
    certification: title.certification ?? '',
    age: String(title.age ?? ''),
    tagline: title.tagline ?? '',
    overview: title.overview ?? '',
    genres: names(title.genres),
    studios: names(title.studios),
    countries: title.countries?.join(', ') ?? '',
    credits: (title.people ?? []).map(creditLine).join('\n'),
  };
}

const listed = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** Converts field text to its request value; null for an empty number. */
function wireOf(field: Field, text: string): unknown {
  if (field === 'genres' || field === 'studios' || field === 'countries') return listed(text);
  if (field === 'credits') return text.split('\n').map(creditOf).filter(Boolean);
  if (field === 'year' || field === 'age') return text.trim() === '' ? null : Number(text);
  return text.trim();
}

/** The patch of the changed fields. A field in `automatic` is reset to the merged value of the other sources. */
export function patchOf(before: Draft, after: Draft, automatic: Field[]): TitlePatch {
  const changed = fields.filter((field) => !automatic.includes(field) && after[field].trim() !== before[field].trim());
  return Object.fromEntries([...changed.map((field) => [field, wireOf(field, after[field])]), ...automatic.map((field) => [field, null])]);
}
