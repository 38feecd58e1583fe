// The library in an administrator's hands: how its folders are watched, the bin, titles to check, what is said by hand.
const watch = {
  watchSetting: 'auto',
  watchFixed: false,
  pollSeconds: 0,
  everySeconds: 21_600,
  pollCostMs: 0,
  watchesUsed: 0,
  watchesLimit: 0,
  acceptable: false,
  transcode: 'when_watched',
  transcodeSetting: 'default',
  transcodeFixed: false,
};

export const rootOf = (root) => ({
  ...watch,
  ...(root.watch === 'poll'
    ? { fileSystem: 'NFS', watchReason: 'NFS does not tell of changes that others make.', everySeconds: 300, pollCostMs: 84 }
    : { fileSystem: 'ext4', watchesUsed: 412, watchesLimit: 65_536 }),
  lastChangeMs: 1_795_000_000_000,
  ...(root.state === 'unreachable' && {
    stateCode: 'root_empty',
    stateReason: 'The folder is empty: the disk is probably not mounted.',
    sinceMs: 1_795_200_000_000,
    held: { missing: 24, of: 24, sinceMs: 1_795_200_000_000 },
    acceptable: true,
  }),
  ...root,
});

export function keepingRoutes({ Refusal, find, detail, listed, withPosition, channels, roots }) {
  const bin = [
    {
      fileId: 'f9',
      titleId: 'm4',
      name: 'Stone Garden',
      path: '/media/films/Stone Garden (1994)/Stone Garden.mkv',
      missingSinceMs: 1_795_000_000_000,
      goneAtMs: 1_797_600_000_000,
    },
  ];
  const edits = new Map();
  const edited = (id) => {
    const title = find(id);
    if (!title) throw new Refusal(404, 'title_not_found', 'That title is not in the library.');
    return { ...detail(title), ...edits.get(id) };
  };
  const paths = (...list) => ({ total: list.length, paths: list });
  return {
    edits,
    routes: {
      'GET /library/preview': () => ({
        added: paths('/media/films/New One (2024)/New One.mkv', '/media/films/Another (2023).mkv'),
        changed: paths(),
        returned: paths(),
        missing: paths('/media/films/Old One (1990).mkv'),
        held: paths(),
        unreachable: paths(),
        moved: [{ from: '/media/films/a/Ash.mkv', to: '/media/films/b/Ash.mkv' }],
        movedTotal: 1,
        unchanged: 55,
        away: [{ path: '/mnt/nas/series', code: 'root_empty', reason: 'The folder is empty: the disk is probably not mounted.' }],
        ignored: [{ path: '/media/films/@Recycle', code: 'system_name', reason: 'This is a bin or a system folder of a disk.' }],
        ignoredTotal: 1,
      }),
      'GET /library/ladders': () => {
        const predicted = (files) => ({
          files,
          durationMs: files * 6_300_000,
          always: { workMs: files * 4_200_000, bytes: files * 8.9e9 },
          whenWatched: { workMs: files * 9000, bytes: files * 3.1e6 },
        });
        return {
          default: 'when_watched',
          all: predicted(roots().reduce((sum, { files }) => sum + files, 0)),
          items: roots().map(({ id, files }) => ({ rootId: id, ...predicted(files) })),
        };
      },
      'GET /library/bin': () => ({ items: bin, total: bin.length }),
      'GET /library/unmatched': () => ({
        items: listed()
          .slice(16, 19)
          .map((title) => ({
            title: withPosition(title),
            files: [{ fileId: `f${title.id}`, name: `${title.name}.mkv`, path: `/media/films/${title.name}.mkv` }],
          })),
        total: Math.min(3, listed().length),
      }),
      'POST /collections': (body) => {
        const made = { id: `c${channels.length + 4}`, ...body };
        channels.push(made);
        return made;
      },
      'PUT /collections/order': ({ collections }) => {
        channels.sort((a, b) => collections.indexOf(a.id) - collections.indexOf(b.id));
      },
    },
    patterns: [
      [
        'PATCH',
        /^\/library\/roots\/([^/]+)$/,
        (id, body) =>
          Object.assign(roots().find((one) => one.id === id) ?? {}, {
            ...(body.watch && { watchSetting: body.watch, pollSeconds: body.pollSeconds ?? 0 }),
            ...(body.transcode !== undefined && {
              transcode: body.transcode ?? 'when_watched',
              transcodeSetting: body.transcode ?? 'default',
            }),
          }),
      ],
      ['POST', /^\/library\/roots\/([^/]+)\/ladders$/, (id) => ({ files: roots().find((one) => one.id === id)?.files ?? 0 })],
      ['POST', /^\/titles\/([^/]+)\/ladder$/, () => ({ files: 1 })],
      [
        'POST',
        /^\/library\/roots\/([^/]+)\/accept$/,
        (id) => void Object.assign(roots().find((one) => one.id === id) ?? {}, { held: undefined, acceptable: false }),
      ],
      ['DELETE', /^\/library\/bin\/([^/]+)$/, (id) => void bin.splice(0, bin.length, ...bin.filter(({ fileId }) => fileId !== id))],
      ['PATCH', /^\/titles\/([^/]+)$/, (id, body) => void edits.set(id, { ...edits.get(id), ...body }) ?? edited(id)],
      [
        'GET',
        /^\/titles\/([^/]+)\/matches$/,
        (id) => ({
          searched: true,
          items: [
            {
              provider: 'tmdb',
              id: '603',
              name: find(id).name,
              year: find(id).year,
              overview: 'A river, a brother, a record of voices.',
              certainty: 'name',
            },
            { provider: 'tmdb', id: '604', name: `${find(id).name} II`, year: 2021, overview: 'It goes on.', certainty: 'little' },
          ],
        }),
      ],
      ['PUT', /^\/titles\/([^/]+)\/match$/, (id) => edited(id)],
      ['POST', /^\/titles\/([^/]+)\/refresh$/, (id) => edited(id)],
      [
        'PUT',
        /^\/collections\/([^/]+)\/titles\/order$/,
        (id, { titles }) => void Object.assign(channels.find((one) => one.id === id) ?? {}, { titles }),
      ],
      ['PATCH', /^\/collections\/([^/]+)$/, (id, body) => Object.assign(channels.find((one) => one.id === id) ?? {}, body)],
      [
        'DELETE',
        /^\/collections\/([^/]+)$/,
        (id) =>
          void channels.splice(
            channels.findIndex((one) => one.id === id),
            1,
          ),
      ],
    ],
  };
}
