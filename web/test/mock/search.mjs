// Finding by name in the mock: accents, the order of words and one wrong letter are forgiven, as the server forgives them.
const plain = (text) =>
  text
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .normalize('NFD')
    .replace(/[\u0300-\u036f'’]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

function near(asked, word) {
  if (word.startsWith(asked)) return 2;
  if (asked.length < 4 || Math.abs(asked.length - word.length) > 1) return 0;
  for (let at = 0; at <= asked.length; at += 1) {
    const [head, tail] = [asked.slice(0, at), asked.slice(at)];
    const rest = word.slice(at);
    if (word.startsWith(head) && (tail === rest.slice(1) || tail.slice(1) === rest || tail.slice(1) === rest.slice(1))) return 1;
  }
  return 0;
}

/** 0 = does not fit, else the higher the better. */
function fit(q, name) {
  const words = plain(name).split(' ');
  const each = plain(q)
    .split(' ')
    .map((asked) => Math.max(...words.map((word) => near(asked, word))));
  if (each.includes(0)) return 0;
  return each.reduce((sum, one) => sum + one, 0) / each.length + (plain(name).startsWith(plain(q)) ? 1 : 0);
}

const best = (q, list, name = (one) => one.name) =>
  list
    .map((one) => ({ one, score: fit(q, name(one)) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);

export function searchRoutes({ titles, people, collections, genres }) {
  const found = (q) => best(q, titles());
  return {
    'GET /search': (_, search) => {
      const q = search.get('q');
      const items = found(q);
      const persons = best(q, people);
      const top = items[0] ?? persons[0];
      return {
        items: items.slice(0, 40).map(({ one }) => one),
        total: items.length,
        people: persons.map(({ one }) => ({ ...one, count: 4 })),
        collections: best(q, collections).map(({ one: { id, kind, name } }) => ({ id, kind, name })),
        genres: best(q, genres).map(({ one: { id, name } }) => ({ id, name })),
        didYouMean: top && top.score < 2 ? top.one.name : undefined,
      };
    },
    'GET /search/suggest': (_, search) => ({
      items: [
        ...found(search.get('q')).map(({ one }) => ({ text: one.name, kind: one.kind, id: one.id })),
        ...best(search.get('q'), people).map(({ one }) => ({ text: one.name, kind: 'person', id: one.id })),
      ].slice(0, 8),
    }),
  };
}
