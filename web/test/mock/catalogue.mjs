// What is known of the mock's titles beyond their names: genres, people, ratings, extras, versions, channels.
import { searchRoutes } from './search.mjs';

const genres = ['Drama', 'Comedy', 'Thriller', 'Documentary', 'Animation', 'Science Fiction', 'Romance'].map((name, at) => ({
  id: `g${at}`,
  name,
}));
const studios = ['Lantern Pictures', 'Atelier Nord', 'Harbour & Sons'].map((name, at) => ({ id: `st${at}`, name }));
const people = [
  'Ana Duarte',
  'Tom Okafor',
  'Léa Fontaine',
  'Ivo Brandt',
  'Mina Park',
  'Omar Haddad',
  'Sofia Lindqvist',
  'Jean-Baptiste de La Tour',
  'Ruth Cole',
  'Kenji Mori',
].map((name, at) => ({ id: `pe${at}`, name }));
const roles = ['Nora', 'The Ferryman', 'Doctor Hale', 'Claire', 'Inspector Vance', 'Young Nora', 'The Voice'];
export const channels = [
  { id: 'c0', kind: 'channel', name: 'Jeux en jeu', overview: 'Games, puzzles and the people who lose sleep over them.' },
  { id: 'c1', kind: 'channel', name: 'Sea & Shore' },
  { id: 'c2', kind: 'channel', name: 'Midnight' },
  { id: 'c3', kind: 'collection', name: 'The Harbour films' },
];

const numberOf = (id) => Number(/\d+/.exec(id)?.[0] ?? 0);
const main = (id) => /^[msd]\d+$/.test(id);
const some = (list, from, count) => Array.from({ length: count }, (_, n) => list[(from + n) % list.length]);
const genresOf = (id) => some(genres, numberOf(id), 1 + (numberOf(id) % 3));
const inCollection = (id, title) => main(title.id) && (numberOf(title.id) + channels.findIndex((one) => one.id === id)) % 4 === 0;

/** Facts of a card. */
export function describe(title) {
  const n = numberOf(title.id);
  if (!main(title.id))
    return title.kind === 'episode'
      ? { overview: 'A light is seen at sea, and nobody at the harbour will say whose.', released: `2019-03-0${title.episode ?? 1}` }
      : {};
  return {
    score: n % 5 === 4 ? undefined : 5.4 + ((n * 7) % 40) / 10,
    genres: genresOf(title.id).map(({ name }) => name),
    certification: ['PG', 'PG-13', undefined, 'R'][n % 4],
    unreachable: title.id === 'm9' || undefined,
    backdrop: title.still,
  };
}

const extraOf = (title, kind, name) => ({
  id: `${title.id}x${kind}`,
  kind: 'extra',
  extra: kind,
  name,
  durationMs: 142_000,
  color: title.color,
  still: title.still,
  readyPercent: 100,
  playable: true,
  watched: false,
  listed: false,
});

/** Facts of a title's own page. */
export function detailOf(title, every, withPosition) {
  const n = numberOf(title.id);
  if (!main(title.id)) return {};
  const cast = some(people, n, 7).map((person, at) => ({ ...person, kind: 'actor', role: roles[at] }));
  return {
    genres: genresOf(title.id),
    tagline: n % 2 === 0 ? 'Every river remembers.' : undefined,
    originalName: n === 2 ? 'Le Dernier Signal' : undefined,
    released: `${title.year ?? 2010}-09-14`,
    studios: some(studios, n, 1 + (n % 2)),
    countries: ['France', 'Belgium'],
    people: [
      { ...people[(n + 8) % people.length], kind: 'director', role: '' },
      { ...people[(n + 9) % people.length], kind: 'writer', role: '' },
      ...cast,
    ],
    ratings: [{ by: 'IMDb', value: 7.4, votes: 128_211 }],
    ids: { imdb: 'tt0133093' },
    extras: [extraOf(title, 'trailer', 'Trailer'), extraOf(title, 'interview', 'A talk with the director')],
    collections: channels.filter(({ id }) => inCollection(id, title)).map(({ id, kind, name }) => ({ id, kind, name })),
    versions:
      n === 2
        ? [
            version('f20', "Director's Cut", 2160, ['hdr'], 'present'),
            version('f21', undefined, 1080, [], 'present'),
            version('f22', undefined, 720, ['3d-sbs'], 'unreachable'),
          ]
        : [version('f20', undefined, 1080, [], 'present')],
    subtitles: [
      { language: 'en', name: 'English', forced: false, sdh: true, embedded: true },
      { language: 'fr', name: 'Français', forced: true, sdh: false, embedded: false },
    ],
    more: every()
      .filter((one) => main(one.id) && one.id !== title.id)
      .slice(n % 7, (n % 7) + 8)
      .map(withPosition),
    admin: {
      evidence: { name: 'folder name', year: 'folder name', overview: 'nfo', genres: 'nfo', tagline: 'owner' },
      edited: ['tagline'],
      notes: n === 2 ? ['The NFO file is not well-formed; what could be read was used.'] : [],
      matched: 'name',
    },
  };
}

function version(fileId, edition, height, flags, state) {
  return {
    fileId,
    name: [edition, `${height}p`, ...flags.map((flag) => flag.toUpperCase())].filter(Boolean).join(', '),
    edition,
    height,
    durationMs: 5_880_000,
    size: 8_540_000_000,
    flags,
    state,
    subtitles: [],
  };
}

const between = (range, value) => {
  const [from, to] = range.includes('-') ? range.split('-') : [range, range];
  return (from === '' || value >= Number(from)) && (to === '' || value <= Number(to));
};

const tests = {
  kind: (title, value) => title.kind === value,
  genre: (title, value) => genresOf(title.id).some(({ id }) => id === value),
  collection: (title, value) => inCollection(value, title),
  year: (title, value) => between(value, title.year ?? 0),
  minutes: (title, value) => title.durationMs !== undefined && between(value, title.durationMs / 60_000),
  watched: (title, value) => (title.watched ? 'yes' : title.positionMs ? 'begun' : 'no') === value,
};

function passing(titles, search, without) {
  const asked = Object.entries(tests).filter(([name]) => name !== without && search.get(name));
  const q = (search.get('q') ?? '').toLowerCase();
  return titles.filter((title) => title.name.toLowerCase().includes(q) && asked.every(([name, test]) => test(title, search.get(name))));
}

const orders = {
  title: (a, b) => a.name.localeCompare(b.name),
  year: (a, b) => (b.year ?? 0) - (a.year ?? 0),
  rating: (a, b) => (b.score ?? 0) - (a.score ?? 0),
};

export function catalogueRoutes({ Refusal, listed, withPosition }) {
  const all = () => listed().map(withPosition);
  const count = (search, name, values) =>
    values
      .map((value) => ({ ...value, count: passing(all(), search, name).filter((title) => tests[name](title, value.id)).length }))
      .filter((facet) => facet.count > 0);
  const sized = ({ titles: _, ...collection }) => ({
    ...collection,
    how: 'hand',
    count: all().filter((title) => inCollection(collection.id, title)).length,
  });
  const find = (list, id) => {
    const found = list.find((one) => one.id === id);
    if (!found) throw new Refusal(404, 'not_found', 'There is nothing here.');
    return found;
  };
  return {
    routes: {
      ...searchRoutes({ titles: all, people, collections: channels, genres }),
      'GET /titles': (_, search) => {
        const found = passing(all(), search);
        const order = orders[search.get('sort')];
        if (order) found.sort(order);
        const placed = channels.find(({ id }) => id === search.get('collection'))?.titles;
        if (placed && search.get('sort') === 'place') found.sort((a, b) => placed.indexOf(a.id) - placed.indexOf(b.id));
        const from = Number(search.get('cursor') ?? 0);
        const to = from + Number(search.get('limit') ?? 60);
        return { items: found.slice(from, to), next: to < found.length ? String(to) : undefined, total: found.length };
      },
      'GET /titles/facets': (_, search) => ({
        total: passing(all(), search).length,
        kinds: count(search, 'kind', [{ id: 'movie' }, { id: 'series' }]),
        genres: count(search, 'genre', genres),
        years: count(
          search,
          'year',
          [2020, 2010, 2000, 1990, 1980, 1970].map((year) => ({ id: `${year}-${year + 9}` })),
        ),
        minutes: count(
          search,
          'minutes',
          ['-45', '45-90', '90-120', '120-'].map((id) => ({ id })),
        ),
        collections: count(
          search,
          'collection',
          channels.filter(({ kind }) => kind === 'channel').map(({ id, name }) => ({ id, name })),
        ),
        watched: count(
          search,
          'watched',
          ['no', 'begun', 'yes'].map((id) => ({ id })),
        ),
      }),
      'GET /collections': (_, search) => ({
        items: channels.filter(({ kind }) => !search.get('kind') || kind === search.get('kind')).map(sized),
      }),
    },
    patterns: [
      ['GET', /^\/collections\/([^/]+)$/, (id) => sized(find(channels, id))],
      [
        'GET',
        /^\/people\/([^/]+)$/,
        (id) => {
          const person = find(people, id);
          const titles = all().filter((title) => main(title.id) && (numberOf(title.id) + numberOf(id)) % 5 === 0);
          return {
            ...person,
            credits: titles.map((title, at) => ({
              title,
              kind: at === 0 ? 'director' : 'actor',
              role: at === 0 ? '' : roles[at % roles.length],
            })),
          };
        },
      ],
    ],
  };
}

/** A wall longer than any screen. */
export const crowd = (count) =>
  Array.from({ length: count }, (_, at) => ({
    id: `m${100 + at}`,
    kind: 'movie',
    name: `Film No. ${at + 1}`,
    year: 1960 + (at % 60),
    durationMs: 60_000 * (70 + (at % 80)),
    color: ['#355d7a', '#7a4f3b', '#4f6b46', '#6b466b'][at % 4],
    height: 1080,
    readyPercent: 100,
    playable: true,
    hue: (at * 37) % 360,
  }));
