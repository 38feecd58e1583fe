import type { TitleEdit } from '../../api/keeping';

/** What the form needs of a title; the rest of it does not matter here. */
export interface Editable {
  name: string;
  originalName?: string;
  year?: number;
  released?: string;
  overview?: string;
  tagline?: string;
  certification?: string;
  age?: number;
  genres?: { name: string }[];
  studios?: { name: string }[];
  admin?: { evidence?: Record<string, string>; edited?: string[]; notes?: string[]; sortName?: string };
}

/** The fields as they stand in the form. */
export type Draft = Record<
  'name' | 'originalName' | 'sortName' | 'year' | 'released' | 'overview' | 'tagline' | 'certification' | 'age' | 'genres' | 'studios',
  string
>;

const list = (named: { name: string }[] = []) => named.map(({ name }) => name).join(', ');
const parts = (text: string) =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);

export function draftOf(title: Editable): Draft {
  return {
    name: title.name,
    originalName: title.originalName ?? '',
    sortName: title.admin?.sortName ?? '',
    year: title.year ? String(title.year) : '',
    released: title.released ?? '',
    overview: title.overview ?? '',
    tagline: title.tagline ?? '',
    certification: title.certification ?? '',
    age: title.age === undefined ? '' : String(title.age),
    genres: list(title.genres),
    studios: list(title.studios),
  };
}

/** What of the draft differs from the title, as the server wants it: emptied or given back, a field is null. */
export function changesOf(title: Editable, draft: Draft, automatic: ReadonlySet<keyof Draft>): TitleEdit {
  const before = draftOf(title);
  const changes: Record<string, string | number | string[] | null> = {};
  for (const key of Object.keys(draft) as (keyof Draft)[]) {
    const text = draft[key].trim();
    if (automatic.has(key)) changes[key] = null;
    else if (text === before[key].trim()) continue;
    else if (text === '') changes[key] = null;
    else if (key === 'genres' || key === 'studios') changes[key] = parts(text);
    else if (key === 'year' || key === 'age') changes[key] = Number(text);
    else changes[key] = text;
  }
  return changes;
}
