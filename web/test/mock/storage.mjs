// The storage part of the contract: a disk, an S3 storage that refuses the bucket "refused", and tasks that take seconds.
export function storageRoutes({ Refusal, notify }) {
  let home = 'disk';
  let s3;
  let task;
  let timer;

  const status = () => ({
    home,
    engine: '',
    disk: {
      dir: '/var/lib/movify/blobs',
      bytes: home === 'disk' ? 214_000_000_000 : 0,
      blobs: home === 'disk' ? 18_412 : 0,
      freeBytes: 812_000_000_000,
    },
    stage: { bytes: 3_400_000_000 },
    cache: home === 's3' ? { bytes: 2_100_000_000, limit: 5_000_000_000 } : { bytes: 0, limit: 0 },
    s3,
    task,
  });

  const run = (kind, more, ticks, end) => {
    if (task?.state === 'running') throw new Refusal(409, 'storage_busy', 'Another storage task is running.');
    const total = kind === 'move' ? 18_412 : 37;
    const totalBytes = kind === 'move' ? 214_000_000_000 : 1_900_000_000;
    task = { id: `t${Date.now()}`, kind, state: 'running', done: 0, total, doneBytes: 0, totalBytes, startedMs: Date.now(), ...more };
    let tick = 0;
    timer = setInterval(() => {
      tick += 1;
      const share = Math.min(1, tick / ticks);
      task = { ...task, done: Math.round(total * share), doneBytes: Math.round(totalBytes * share), speed: totalBytes / ticks / 0.5 };
      if (share === 1) {
        clearInterval(timer);
        task = { ...task, state: 'done', speed: undefined, finishedMs: Date.now(), ...end() };
      }
      notify('storage', { kind: 'task' });
    }, 500);
    timer.unref();
    return task;
  };

  const check = (wish) => {
    const refused = wish?.bucket === 'refused';
    return {
      ok: !refused,
      items: [
        { name: 'put', ok: !refused, level: refused ? 'fail' : 'ok', words: refused ? 'The key may not write to this bucket.' : '' },
        {
          name: 'write once',
          ok: true,
          level: 'warn',
          words: 'The provider ignores If-None-Match: a key written twice at once is written twice.',
        },
        { name: 'get', ok: true, level: 'ok', words: '' },
        { name: 'range', ok: true, level: 'ok', words: '' },
        { name: 'multipart', ok: true, level: 'ok', words: '' },
        { name: 'list', ok: true, level: 'ok', words: '' },
        { name: 'delete', ok: true, level: 'ok', words: '' },
        { name: 'clock', ok: true, level: 'ok', words: 'The clocks agree.' },
        { name: 'private objects', ok: true, level: 'ok', words: '' },
      ],
    };
  };

  const garbage = Array.from({ length: 37 }, (_, at) => ({
    key: `media/9f${at}c21/v540/${String(at).padStart(5, '0')}.m4s`,
    size: 51_000_000 + at * 1_000,
    why: at % 3 ? 'no file has this fingerprint any more' : 'made by an older recipe',
  }));

  return {
    'GET /storage': () => status(),
    'POST /storage/check': ({ s3: wish }) => check(wish ?? s3),
    'PUT /storage/s3': (wish) => {
      const { ok, items } = check(wish);
      if (!ok) throw Object.assign(new Refusal(422, 'storage_check_failed', 'The storage did not pass the test.'), { more: { items } });
      const { secretKey: _, ...kept } = wish;
      s3 = { ...kept, from: 'saved', delivery: 'proxy' };
      return status();
    },
    'DELETE /storage/s3': () => {
      s3 = undefined;
    },
    'POST /storage/move': ({ to }) =>
      run('move', { to }, 20, () => {
        home = to;
        return {};
      }),
    'POST /storage/gc': ({ dryRun }) => run('gc', { dryRun }, 4, () => (dryRun ? { garbage } : {})),
    'POST /storage/task/cancel': () => {
      clearInterval(timer);
      task = { ...task, state: 'cancelled', finishedMs: Date.now() };
    },
  };
}
