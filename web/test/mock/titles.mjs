// A library that never changes: names, colours and drawn stills.
let seed = 11;
const random = () => {
  seed = (seed * 16807) % 2147483647;
  return seed / 2147483647;
};
const hex = (h, s, l) => {
  const f = (n) => {
    const k = (n + h / 30) % 12;
    const v = l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(v * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${f(0)}${f(8)}${f(4)}`;
};

const names = [
  'Night River',
  'Glass Harbor',
  'The Last Signal',
  'Paper Winter',
  'Stone Garden',
  'Echo Valley',
  'Salt & Smoke',
  'Northern Lights',
  'The Cartographer of Silence',
  'Low Tide',
  'Red Meridian',
  'A Quiet Orbit',
  'Le Cœur à ses Raisons',
  'L’Été en Fuite',
  'Copper Sky',
  'Hollow Crown',
  'vtest',
  'Up',
  'The Extraordinarily Long Name of a Film Nobody Could Ever Remember',
  'Ash',
  'Ten Thousand Lanterns',
  'Harbinger',
  'Blue Hour',
  'Saltwater',
  'The Ninth Window',
  'Interlude',
  'Overgrowth',
  'Winterreise',
  'Kestrel',
  'Monsoon Season',
];

const movies = names.map((name, at) => {
  const hue = Math.floor(random() * 360);
  const ready = at === 2 ? 62 : at === 5 ? 8 : 100;
  return {
    id: `m${at}`,
    kind: 'movie',
    name,
    year: 1975 + Math.floor(random() * 50),
    durationMs: 60_000 * (70 + Math.floor(random() * 80)),
    color: hex(hue, 0.55, 0.42),
    still: at % 6 === 3 ? undefined : `/api/v1/titles/m${at}/still`,
    height: [1080, 2160, 720, 576][at % 4],
    readyPercent: ready,
    playable: true,
    hue,
  };
});

const shows = ['Harbour Lights', 'The Long Frost', 'Meridian', 'Small Hours'].map((name, at) => {
  const hue = (at * 83 + 200) % 360;
  const id = `s${at}`;
  const episode = (season, number) => ({
    id: `${id}e${season}x${number}`,
    kind: 'episode',
    name: ['Arrival', 'What the Tide Left', 'Letters', 'Undertow', 'The Keeper', 'Daybreak'][number - 1],
    durationMs: 48 * 60_000,
    color: hex(hue + number * 11, 0.5, 0.4),
    still: `/api/v1/titles/${id}e${season}x${number}/still`,
    height: 1080,
    readyPercent: number === 4 ? 31 : 100,
    playable: true,
    seriesName: name,
    season,
    episode: number,
    seriesId: id,
    hue: hue + number * 11,
  });
  const seasons = Array.from({ length: at === 0 ? 3 : 1 }, (_, n) => ({
    number: n + 1,
    episodes: Array.from({ length: 6 }, (_, e) => episode(n + 1, e + 1)),
  }));
  return {
    id,
    kind: 'series',
    name,
    year: 2016 + at,
    color: hex(hue, 0.55, 0.4),
    still: `/api/v1/titles/${id}/still`,
    readyPercent: 100,
    playable: true,
    seasons,
    nextEpisodeId: `${id}e1x2`,
    hue,
  };
});

export const library = [...movies, ...shows];
export const everything = [...library, ...shows.flatMap((show) => show.seasons.flatMap((season) => season.episodes))];

export const card = ({ hue, seasons, nextEpisodeId, seriesId, ...rest }) => rest;

/** Ridges under a low sun, in the title's hue. */
export function still(id) {
  const title = everything.find((one) => one.id === id);
  if (!title) return undefined;
  let state = [...id].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7) % 2147483647;
  const next = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
  const ridges = [0, 1, 2, 3].map((k) => {
    const base = 720 * (0.44 + k * 0.15);
    let path = `M0 720V${base}`;
    for (let x = 0; x <= 1280; x += 128) path += `L${x} ${base - next() * 150 * (1 - k * 0.18)}`;
    return `<path d="${path}V720Z" fill="hsl(${title.hue + k * 14},${46 - k * 6}%,${30 - k * 6.5}%)"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 720" width="1280" height="720"><defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="hsl(${title.hue + 200},45%,16%)"/><stop offset=".6" stop-color="hsl(${title.hue},62%,46%)"/><stop offset="1" stop-color="hsl(${title.hue + 30},70%,58%)"/></linearGradient></defs><rect width="1280" height="720" fill="url(#g)"/><circle cx="${400 + next() * 600}" cy="${140 + next() * 160}" r="${50 + next() * 50}" fill="hsl(${title.hue + 40},90%,84%)" opacity=".85"/>${ridges.join('')}</svg>`;
}
