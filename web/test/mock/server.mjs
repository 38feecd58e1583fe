// The control-plane contract in one file of node:http, so that the app can be driven without the real server:
//   node test/mock/server.mjs [--port N] [--fresh] [--places N] [--crowd N] [--cache DIR] [--library DIR]
// --fresh starts before the first run; otherwise owner@example.org / correct horse is signed in by that password.
import { createReadStream, existsSync, mkdirSync, readdirSync, statSync, watch } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { catalogueRoutes, channels, crowd, describe, detailOf } from './catalogue.mjs';
import { keepingRoutes, rootOf } from './keeping.mjs';
import { peopleRoutes } from './people.mjs';
import { storageRoutes } from './storage.mjs';
import { lengthMs, makeStream, multivariant, original, originalMultivariant, rungs, voices } from './stream.mjs';
import { card, everything, library, still } from './titles.mjs';
import { viewerRoutes } from './viewer.mjs';

const flag = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? '');
};
const cache = flag('cache', join(tmpdir(), 'movify-mock'));
const dist = new URL('../../dist/', import.meta.url).pathname;
mkdirSync(cache, { recursive: true });
makeStream(cache);

const account = {
  id: 'a1',
  email: 'owner@example.org',
  firstName: 'Camille',
  lastName: 'Roy',
  name: 'Camille Roy',
  role: 'owner',
  createdMs: 1_790_000_000_000,
  consentVersion: '2026-01',
  streams: 4,
  profileLimit: 7,
  hasPassword: true,
};
let setupNeeded = process.argv.includes('--fresh');
const profile = {
  id: 'p1',
  name: 'Camille',
  color: '#c2512b',
  kids: false,
  unrated: true,
  hasPin: false,
  autoplayNext: true,
  isDefault: true,
};
const world = {
  places: Number(flag('places', '4')),
  account,
  profile,
  fresh: setupNeeded,
  chosen: false,
  password: 'correct horse',
  signedIn: !setupNeeded && process.argv.includes('--signed-in'),
};
let prepared = setupNeeded ? 12 : 62;
const positions = setupNeeded ? {} : { m1: 0.42, m7: 0.7, s0e1x2: 0.3, s0e1x1: 0.97 };
let roots = [
  { id: 'r1', path: '/media/films', state: 'present', files: 31, watch: 'inotify', lastScanMs: 1_795_000_000_000 },
  { id: 'r2', path: '/mnt/nas/series', state: 'unreachable', files: 24, watch: 'poll' },
];
let attention = [
  {
    fileId: 'f1',
    name: 'holiday.mkv',
    path: '/media/films/holiday.mkv',
    reason: 'The file is empty.',
    code: 'file_empty',
    sinceMs: 1_795_000_000_000,
  },
  {
    fileId: 'f2',
    name: 'list.mkv',
    path: '/media/films/list.mkv',
    reason: 'This is a playlist, not a video. It was not opened.',
    code: 'file_not_video',
    sinceMs: 1_795_000_000_000,
  },
];
const dropped = [];
const streams = new Set();
const notify = (topic, data) => {
  for (const response of streams) response.write(`event: ${topic}\ndata: ${JSON.stringify({ v: 1, ...data })}\n\n`);
};

const folder = flag('library');
if (folder) {
  const look = () => {
    for (const name of readdirSync(folder)) {
      if (name.startsWith('.') || dropped.some((title) => title.file === name)) continue;
      dropped.push({
        file: name,
        id: `d${dropped.length}`,
        kind: 'movie',
        name: name.replace(/\.\w+$/, '').replace(/ \(\d{4}\)$/, ''),
        year: 2010,
        durationMs: lengthMs,
        color: '#355d7a',
        readyPercent: 5,
        playable: true,
        hue: 205,
      });
      notify('library', { kind: 'title' });
    }
  };
  look();
  watch(folder, look);
}

const beat = setInterval(() => {
  if (prepared < 100) prepared += 1;
  notify('jobs', { kind: 'progress' });
}, 2000);
beat.unref();

const renditions = () => [
  ...rungs.map(({ id, height }) => ({
    id,
    kind: 'video',
    name: `${height}p`,
    height,
    complete: prepared >= 100 || height === 270,
    percent: height === 270 ? 100 : prepared,
  })),
  ...voices.map(({ id, name, language }) => ({ id, kind: 'audio', name, language, complete: true, percent: 100 })),
];
/** What the device that plays a title told at the start. */
const devices = {};
/** A film in H.264 that every device plays as it is, unless it failed there or says that its connection carried less. */
const wayOf = (device, quality) => {
  const ladder = (code, message) => ({ way: { kind: 'ladder', code, message: `ladder: ${message}` } });
  if (!device) return ladder('device_unknown', 'this device did not say what it plays');
  const [video] = original.codecs.split(',');
  if (!device.codecs.some((codec) => codec.startsWith('avc1.64'))) return ladder('ladder_codec', 'H.264 High, this browser has none');
  if (device.failed?.includes(video)) return ladder('ladder_failed_before', `${video} could not be decoded on this device`);
  const stream = {
    manifest: '/media/token/original/multivariant.m3u8',
    name: `${original.height}p`,
    width: original.width,
    height: original.height,
    codecs: original.codecs,
    averageBps: original.bitrate,
    peakBps: Math.round(original.bitrate * 1.3),
  };
  if (quality === 'ladder') return { ...ladder('ladder_chosen', 'chosen'), original: stream };
  if (quality !== 'original' && device.carriedBps < original.bitrate)
    return { ...ladder('ladder_network', '1.5 Mb/s is more than this connection carried last time'), original: stream };
  const params = { picture: 'H.264 High 3.1, 720p, 1.5 Mb/s' };
  return {
    way: { kind: 'original', code: 'original_fits', message: 'original: H.264 High 3.1 fits this device', params },
    original: stream,
  };
};
const bootstrap = () => ({
  brand: 'Movify',
  version: '0.1.0',
  languages: ['en', 'fr'],
  setupNeeded,
  account: world.signedIn ? account : null,
  profile: world.signedIn ? world.profile : null,
  registration: flag('registration', 'open'),
  mail: true,
  oidc: [{ id: 'house', name: 'House of Cards' }],
  profiles: viewer.count(),
  chooseProfile: world.signedIn && !world.chosen && viewer.count() > 1,
  consent: { version: '2026-01' },
});
const withPosition = (title) => ({
  ...card(title),
  ...describe(title),
  ...viewer.marks(title.id),
  positionMs: positions[title.id] === undefined ? undefined : Math.round(title.durationMs * positions[title.id]),
  readyPercent: title.id === 'm2' ? prepared : title.readyPercent,
  filling: (title.id === 'm2' ? prepared : title.readyPercent) < 100,
});
const every = () => [...dropped, ...everything, ...many];
const find = (id) => every().find((one) => one.id === id);
const many = crowd(Number(flag('crowd', '0')));
const listed = () => (setupNeeded || folder ? dropped : [...library, ...many]);

/** where the row of each channel begins */
const numbers = { c0: 3, c1: 12, c2: 17 };

const home = () => {
  const rows = [
    {
      id: 'continue',
      items: every()
        .filter(({ id }) => positions[id] > 0.02 && positions[id] < 0.95)
        .map(withPosition),
    },
    { id: 'new', items: listed().slice(0, 14).map(withPosition) },
    {
      id: 'movies',
      items: listed()
        .filter(({ kind }) => kind === 'movie')
        .slice(8, 26)
        .map(withPosition),
    },
    {
      id: 'series',
      items: listed()
        .filter(({ kind }) => kind === 'series')
        .map(withPosition),
    },
    ...(world.fresh
      ? []
      : channels
          .filter(({ kind }) => kind === 'channel')
          .map(({ id, name }) => ({
            id: `channel:${id}`,
            name,
            items: listed()
              .slice(numbers[id], numbers[id] + 9)
              .map(withPosition),
          }))),
  ];
  return { hero: listed()[0] ? withPosition(listed()[0]) : null, rows: rows.filter(({ items }) => items.length > 0) };
};

const detail = (title) => ({
  ...withPosition(title),
  addedMs: 1_795_000_000_000,
  seriesId: title.seriesId,
  nextEpisodeId: title.nextEpisodeId,
  overview:
    title.kind === 'series' || title.id === 'm2'
      ? 'A hydrologist returns to the delta where her brother vanished and finds that the river has been keeping a record of every voice that ever crossed it.'
      : undefined,
  ...detailOf(title, every, withPosition),
  seasons: title.seasons?.map((season) => ({ ...season, episodes: season.episodes.map(withPosition) })),
  file:
    title.kind === 'series'
      ? undefined
      : {
          name: `${title.name}.mkv`,
          path: `/media/films/${title.name} (${title.year})/${title.name}.mkv`,
          size: 8_540_000_000,
          container: 'Matroska',
          video: 'H.264 1920×1080 23.976',
          audio: ['English 5.1 AC-3', 'Français stereo AAC'],
        },
  encode:
    title.kind === 'series'
      ? undefined
      : {
          percent: title.id === 'm2' ? prepared : title.readyPercent,
          running: title.readyPercent < 100,
          paused: false,
          speed: 2.4,
          etaMs: 754_000,
          renditions: title.readyPercent < 100 ? renditions() : renditions().map((one) => ({ ...one, complete: true, percent: 100 })),
        },
});

const tree = { '/': ['media', 'srv'], '/media': ['films', 'series'], '/media/films': [], '/media/series': [], '/srv': [] };
const listing = (path) => {
  const here = path || '/';
  const names =
    tree[here] ??
    (existsSync(here)
      ? readdirSync(here, { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map(({ name }) => name)
      : []);
  return {
    path: here,
    parent: here === '/' ? null : join(here, '..'),
    folders: names.map((name) => ({ name, path: join(here, name) })),
    videos: here === '/media/films' ? 31 : 0,
  };
};

class Refusal extends Error {
  constructor(status, code, detail, errors) {
    super(detail);
    Object.assign(this, { status, code, errors });
  }
}

const admin = {
  'GET /library': () => ({
    roots: roots.map(rootOf),
    scan: { running: prepared < 100, seen: 812, added: 3, probed: 2, path: '/media/films/Night River (1997)' },
    counts: { titles: listed().length, files: 55, attention: attention.length },
  }),
  'POST /library/roots': ({ path }) =>
    roots.push({ id: `r${roots.length + 1}`, path, state: 'present', files: 0, watch: 'inotify' }) && roots.at(-1),
  'POST /library/scan': () => ({ running: true, seen: 0, added: 0, probed: 0 }),
  'GET /library/attention': () => ({ items: attention }),
  'GET /jobs': () => ({
    running:
      prepared < 100
        ? [
            {
              runId: 'j1',
              titleId: 'm2',
              titleName: 'The Last Signal',
              class: 'jit',
              renditions: ['540p', '270p'],
              from: 0,
              to: 100,
              at: prepared,
              speed: 2.4,
              paused: false,
            },
            {
              runId: 'j2',
              titleId: 'm5',
              titleName: 'Echo Valley',
              class: 'backlog',
              renditions: ['1080p'],
              from: 0,
              to: 800,
              at: 64,
              paused: true,
            },
          ]
        : [],
    waiting: { jit: 0, new: 2, backlog: 14 },
    dead: [{ key: 'k1', reason: 'The video could not be decoded after 3 attempts.', titleName: 'Ash' }],
  }),
  'GET /system': () => ({
    version: '0.1.0',
    ffmpeg: '5.1.9',
    startRung: '540p',
    hardware: { setting: 'off', state: 'off' },
    speeds: [
      { name: '1080p', speed: 1.3 },
      { name: '540p', speed: 4.1 },
      { name: '270p', speed: 9.7 },
    ],
    diskFreeBytes: 812_000_000_000,
    dataDir: '/var/lib/movify',
  }),
};

const people = peopleRoutes({ Refusal, world, bootstrap });
const viewer = viewerRoutes({ Refusal, world, bootstrap, find, withPosition, notify });
const shelf = catalogueRoutes({ Refusal, listed, withPosition });
const keeping = keepingRoutes({ Refusal, find, detail, listed, withPosition, channels, roots: () => roots });
const routes = {
  ...people.routes,
  ...keeping.routes,
  ...shelf.routes,
  ...viewer.routes,
  'GET /bootstrap': () => bootstrap(),
  'POST /setup': (body) => {
    if (body.password.length < 10)
      throw new Refusal(422, 'invalid', 'Please correct the form.', [{ location: 'body.password', message: 'Too short.' }]);
    Object.assign(account, { email: body.email, name: body.name, firstName: body.name });
    profile.name = body.name;
    world.password = body.password;
    roots = (body.folders.length > 0 || !folder ? body.folders : [folder]).map((path, at) => ({
      id: `r${at + 1}`,
      path,
      state: 'present',
      files: 0,
      watch: 'inotify',
    }));
    setupNeeded = false;
    world.signedIn = true;
    return bootstrap();
  },
  'POST /auth/sign-in': (body) => {
    if (body.email !== account.email || body.password !== world.password)
      throw new Refusal(401, 'sign_in_failed', 'E-mail or password is wrong.');
    world.signedIn = true;
    return bootstrap();
  },
  'POST /auth/refresh': () => {
    throw new Refusal(401, 'sign_in_expired', 'Sign in again.');
  },
  'POST /auth/sign-out': () => {
    world.signedIn = false;
    world.chosen = false;
  },
  'GET /home': () => home(),
  'POST /sessions': ({ titleId, startMs, device, quality }) => {
    const title = find(titleId);
    if (!title) throw new Refusal(404, 'title_not_found', 'That title is not in the library.');
    const { items, limit } = people.routes['GET /streams']();
    if (items.length >= limit)
      throw Object.assign(new Refusal(429, 'stream_limit', `${limit} of ${limit} in use.`), { more: { streams: items, limit } });
    if (device) devices[titleId] = device;
    const resume = Math.round((positions[titleId] ?? 0) * lengthMs);
    const next = title.kind === 'episode' ? find(titleId.replace(/\d$/, (n) => String(+n + 1))) : undefined;
    return {
      id: `session-${titleId}`,
      title: withPosition(title),
      manifest: '/media/token/multivariant.m3u8',
      startMs: startMs ?? resume,
      durationMs: lengthMs,
      wholeMs: lengthMs,
      beforeMs: 0,
      fileId: `file-${titleId}`,
      renditions: renditions(),
      ...wayOf(device ?? devices[titleId], quality),
      next: next && withPosition(next),
    };
  },
  ...admin,
  ...storageRoutes({ Refusal, notify }),
};

const patterns = [
  ...viewer.patterns,
  ...shelf.patterns,
  ...keeping.patterns,
  ...people.patterns,
  [
    'GET',
    /^\/titles\/([^/]+)$/,
    (id) => {
      const title = find(id);
      if (!title) throw new Refusal(404, 'title_not_found', 'That title is not in the library.');
      return { ...detail(title), ...keeping.edits.get(id) };
    },
  ],
  [
    'POST',
    /^\/titles\/([^/]+)\/ways$/,
    (id, { device, quality }) => {
      const title = find(id);
      if (!title) throw new Refusal(404, 'title_not_found', 'That title is not in the library.');
      const files = detail(title).versions?.map(({ fileId }) => fileId) ?? [`file-${id}`];
      return { items: files.map((fileId, at) => ({ fileId, first: at === 0, way: wayOf(device, quality).way })) };
    },
  ],
  ['GET', /^\/sessions\/session-(.+)$/, (id) => ({ ...routes['POST /sessions']({ titleId: id }) })],
  [
    'POST',
    /^\/sessions\/session-(.+)\/(?:progress|stop)$/,
    (id, body) => {
      positions[id] = (body.positionMs ?? 0) / lengthMs;
    },
  ],
  [
    'DELETE',
    /^\/progress\/(.+)$/,
    (id) => {
      delete positions[id];
    },
  ],
  [
    'DELETE',
    /^\/library\/roots\/(.+)$/,
    (id) => {
      roots = roots.filter((root) => root.id !== id);
    },
  ],
  [
    'POST',
    /^\/library\/attention\/(.+)\/retry$/,
    (id) => {
      attention = attention.filter((item) => item.fileId !== id);
    },
  ],
];

const open = /^\/(bootstrap|setup|auth|account\/email\/)/;

function answer(method, path, search, body) {
  if (!open.test(path) && !world.signedIn) throw new Refusal(401, 'sign_in_needed', 'Sign in first.');
  const route = routes[`${method} ${path}`];
  if (route) return route(body, search);
  if (path === '/setup/folders') return listing(search.get('path'));
  for (const [verb, pattern, run] of patterns) {
    const match = verb === method && pattern.exec(path);
    if (match) return run(match[1], body);
  }
  throw new Refusal(404, 'not_found', 'There is nothing here.');
}

const mime = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.mp4': 'video/mp4',
  '.m4s': 'video/iso.segment',
};
const policy =
  "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; style-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

function sendFile(response, path) {
  response.writeHead(200, { 'Content-Type': mime[extname(path)] ?? 'application/octet-stream', 'Content-Security-Policy': policy });
  createReadStream(path).pipe(response);
}

function media(path, response) {
  const name = path.replace(/^\/media\/[^/]+\//, '');
  const playlists = { 'multivariant.m3u8': multivariant, 'original/multivariant.m3u8': originalMultivariant };
  if (playlists[name]) return response.writeHead(200, { 'Content-Type': mime['.m3u8'] }).end(playlists[name]());
  const file = join(cache, normalize(name.replace(/^original\/copy\//, `${original.id}/`).replace(/^original\/(?=a-)/, '')));
  if (!file.startsWith(cache) || !existsSync(file)) return response.writeHead(404).end();
  // Beyond the first seconds of the upper rung a segment is "made" while the request waits.
  const wait = /v540\/000(0[4-9]|1)/.test(name) && prepared < 100 ? 900 : 0;
  return void setTimeout(() => sendFile(response, file), wait);
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const path = decodeURIComponent(url.pathname);
  if (path.startsWith('/media/')) return media(path, response);
  if (path === '/healthz') return response.end('ok');
  if (!path.startsWith('/api/v1')) {
    const file = join(dist, normalize(path));
    return sendFile(response, file.startsWith(dist) && existsSync(file) && statSync(file).isFile() ? file : join(dist, 'index.html'));
  }
  const endpoint = path.slice('/api/v1'.length);
  const picture = /^\/titles\/([^/]+)\/still$/.exec(endpoint);
  if (picture) return response.writeHead(200, { 'Content-Type': mime['.svg'] }).end(still(picture[1]) ?? '');
  if (endpoint === '/events') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
    response.write('event: hello\ndata: {"v":1}\n\n');
    streams.add(response);
    return request.on('close', () => streams.delete(response));
  }
  let text = '';
  for await (const chunk of request) text += chunk;
  try {
    const result = answer(request.method, endpoint, url.searchParams, text ? JSON.parse(text) : undefined);
    if (result === undefined) return response.writeHead(204).end();
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(result));
  } catch (error) {
    const status = error.status ?? 500;
    response.writeHead(status, {
      'Content-Type': 'application/problem+json',
      ...(error.retryAfter && { 'Retry-After': error.retryAfter }),
    });
    response.end(
      JSON.stringify({
        type: 'about:blank',
        title: error.message,
        status,
        detail: error.message,
        code: error.code ?? 'internal',
        errors: error.errors,
        ...error.more,
      }),
    );
  }
});

server.listen(Number(flag('port', '0')), '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
