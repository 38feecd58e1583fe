// The accounts part of the contract: registration, credentials, sign-ins, keys, users. `world` is what it shares with the
// rest of the mock: the account signed in, its password, and whether somebody is signed in at all.
const hour = 3_600_000;
const minLength = 10;
const common = ['password123', 'correct horse', '1234567890'];

/** A stream as administrators see it. */
const playback = ({ id, title, profile, device, sinceMs }, at) => ({
  id,
  title,
  titleId: title && 'm1',
  account: 'Camille Moreau',
  profile,
  device,
  sinceMs,
  height: at === 0 ? 1080 : 540,
  encoding: at > 0,
  way:
    at === 0
      ? { kind: 'original', code: 'original_fits', message: 'original', params: { picture: 'H.264 High 4.1, 1080p, 8.2 Mb/s' } }
      : { kind: 'ladder', code: 'ladder_codec', message: 'ladder', params: { picture: 'HEVC Main 10 5.1' } },
});

export function peopleRoutes({ Refusal, world, bootstrap }) {
  const now = Date.now();
  let serial = 10;
  const fresh = (prefix) => `${prefix}${++serial}`;
  const member = (id, firstName, lastName, role, more) => ({
    account: {
      ...world.account,
      id,
      firstName,
      lastName,
      name: `${firstName} ${lastName}`,
      email: `${firstName.toLowerCase().normalize('NFD').replace(/\W/g, '')}@example.org`,
      role,
      createdMs: now - 4000 * hour,
    },
    profiles: 2,
    lastSeenMs: now - 5 * hour,
    signIns: 1,
    disabled: false,
    ...more,
  });
  const lists = {};
  lists.others = [
    member('a2', 'Noé', 'Lambert', 'admin', { signIns: 3 }),
    member('a3', 'Inès', 'Moreau', 'member', { lastSeenMs: undefined, signIns: 0 }),
    member('a4', 'Sacha', 'Petit', 'member', { disabled: true, profiles: 4 }),
  ];
  lists.invites = [
    { id: 'i1', email: 'grandmother@example.org', role: 'member', expiresMs: now + 100 * hour },
    { id: 'i2', role: 'member', expiresMs: now - 10 * hour, usedMs: now - 20 * hour },
  ];
  lists.signIns = [
    {
      id: 's1',
      device: 'Chromium on Linux',
      address: '192.168.1.20',
      createdMs: now - 300 * hour,
      seenMs: now,
      current: true,
      kind: 'browser',
    },
    {
      id: 's2',
      device: 'Living room TV',
      address: '192.168.1.31',
      createdMs: now - 900 * hour,
      seenMs: now - 3 * hour,
      current: false,
      kind: 'tv',
    },
    {
      id: 's3',
      device: 'Safari on iPhone',
      address: '82.64.12.9',
      createdMs: now - 50 * hour,
      seenMs: now - 26 * hour,
      current: false,
      kind: 'browser',
    },
  ];
  lists.streams = [
    { id: 'v1', title: 'The Last Signal', profile: 'Camille', device: 'Living room TV', sinceMs: now - hour, own: true },
    { id: 'v2', profile: 'Léo', device: 'Safari on iPhone', sinceMs: now - hour / 4, own: true },
  ];
  lists.keys = [
    { id: 'k1', name: 'Kitchen display', scopes: ['read', 'play'], createdMs: now - 2000 * hour, usedMs: now - hour, hint: 'mvf_7f2a' },
  ];
  const happened = [
    ['sign_in_failed', '203.0.113.7', ''],
    ['sign_in', '192.168.1.20', 'Chromium on Linux'],
    ['token_elsewhere', '198.51.100.4', 'The Last Signal'],
    ['password_changed', '192.168.1.20', ''],
    ['refresh_reused', '203.0.113.7', 'Safari on iPhone'],
    ['key_rotated', '192.168.1.20', 'media'],
    ['sign_out', '192.168.1.31', 'Living room TV'],
    ['media_refused', '198.51.100.4', ''],
  ];
  const log = Array.from({ length: 40 }, (_, at) => {
    const [kind, address, detail] = happened[at % happened.length];
    return { id: `e${at}`, atMs: now - at * at * 600_000, kind, account: { id: 'a1', email: world.account.email }, address, detail };
  });
  const page = (_, search) => {
    const from = Number(search.get('cursor') ?? 0);
    return { items: log.slice(from, from + 15), next: from + 15 < log.length ? String(from + 15) : undefined };
  };

  const checkPassword = (password, field) => {
    const reason = password.length < minLength ? 'Please use at least 10 characters.' : 'Everybody tries that password first.';
    if (password.length < minLength || common.includes(password))
      throw new Refusal(422, 'password_weak', reason, [{ location: `body.${field}`, message: reason }]);
  };
  const mustKnow = (password, field) => {
    if (password !== world.password)
      throw new Refusal(422, 'password_wrong', 'That is not your password.', [
        { location: `body.${field}`, message: 'That is not your password.' },
      ]);
  };
  const everybody = () => [
    { account: world.account, profiles: 2, lastSeenMs: Date.now(), signIns: lists.signIns.length, disabled: false },
    ...lists.others,
  ];

  const enter = (body) => {
    Object.assign(world.account, body, { password: undefined, name: `${body.firstName} ${body.lastName}`, role: 'member' });
    world.password = body.password;
    world.signedIn = true;
    return bootstrap();
  };
  let pending;

  const routes = {
    'POST /auth/register': (body) => {
      checkPassword(body.password, 'password');
      if (!body.invite) {
        pending = body; // any code but "bad" finishes it
        return { letter: true };
      }
      if (everybody().some(({ account }) => account.email === body.email))
        throw new Refusal(409, 'email_taken', 'There is an account with that e-mail address already.');
      return enter(body);
    },
    'GET /auth/password-rules': () => ({ minLength }),
    'POST /auth/password-strength': ({ password, email }) =>
      common.includes(password) || password === email ? { ok: false, reason: 'Everybody tries that password first.' } : { ok: true },
    'POST /auth/reset': () => undefined,
    'PATCH /account': (body) => {
      Object.assign(world.account, body);
      world.account.name = `${world.account.firstName} ${world.account.lastName}`.trim();
      return world.account;
    },
    'POST /account/email': ({ password }) => mustKnow(password, 'password'),
    'POST /account/password': ({ current, next }) => {
      mustKnow(current, 'current');
      checkPassword(next, 'next');
      world.password = next;
    },
    'GET /account/export': () => ({ account: world.account, keys: lists.keys, log }),
    'DELETE /account': ({ password }) => {
      mustKnow(password, 'password');
      world.signedIn = false;
    },
    'GET /auth/sign-ins': () => ({ items: lists.signIns }),
    'POST /auth/sign-out-everywhere': ({ keepThis }) => {
      lists.signIns = lists.signIns.filter(({ current }) => current);
      world.signedIn = keepThis;
    },
    'GET /streams': () => ({ items: lists.streams, limit: world.places }),
    'GET /playbacks': () => ({ items: lists.streams.map(playback) }),
    'GET /account/security': page,
    'GET /security-log': page,
    'POST /keys/rotate': ({ purpose }) => {
      log.unshift({ id: fresh('e'), atMs: Date.now(), kind: 'key_rotated', address: '192.168.1.20', detail: purpose });
    },
    'GET /api-keys': () => ({ items: lists.keys }),
    'POST /api-keys': (body) => {
      const key = { ...body, id: fresh('k'), hint: 'mvf_7f2a', createdMs: Date.now() };
      lists.keys = [...lists.keys, key];
      return { ...key, key: 'mvf_7f2a9c1e5b8d4f60a3c7e1d92b5f8a04c6e3' };
    },
    'GET /users': () => ({ items: everybody() }),
    'GET /invites': () => ({ items: lists.invites }),
    'POST /invites': ({ email, role, days }) => {
      const invite = { id: fresh('i'), email, role, expiresMs: Date.now() + (days ?? 7) * 24 * hour };
      lists.invites = [...lists.invites, invite];
      return { ...invite, code: 'K7Q2-MNPR', url: '/signup/K7Q2-MNPR' };
    },
  };
  const drop = (list, id) => list.filter((one) => (one.account ?? one).id !== id);
  const patterns = [
    ['GET', /^\/auth\/invites\/(.+)$/, (code) => (code === 'bad' ? { valid: false } : { valid: true, email: 'guest@example.org' })],
    [
      'POST',
      /^\/auth\/register\/(.+)$/,
      (code, { password }) => {
        if (code === 'bad' || !pending)
          throw new Refusal(403, 'registration_invalid', 'That link is not valid any more. Please register again.');
        if (password !== pending.password)
          throw new Refusal(403, 'password_wrong', 'That is not the password that was chosen with the registration.');
        return enter(pending);
      },
    ],
    [
      'POST',
      /^\/auth\/reset\/(.+)$/,
      (code, { password }) => {
        if (code === 'bad') throw new Refusal(403, 'reset_invalid', 'That link is not valid any more. Please ask for a new one.');
        checkPassword(password, 'password');
        world.password = password;
      },
    ],
    ['POST', /^\/account\/email\/(.+)$/, () => undefined],
    [
      'DELETE',
      /^\/auth\/sign-ins\/(.+)$/,
      (id) => {
        lists.signIns = drop(lists.signIns, id);
      },
    ],
    [
      'POST',
      /^\/(?:streams|playbacks)\/(.+)\/stop$/,
      (id) => {
        lists.streams = drop(lists.streams, id);
      },
    ],
    [
      'DELETE',
      /^\/api-keys\/(.+)$/,
      (id) => {
        lists.keys = drop(lists.keys, id);
      },
    ],
    [
      'DELETE',
      /^\/invites\/(.+)$/,
      (id) => {
        lists.invites = drop(lists.invites, id);
      },
    ],
    [
      'DELETE',
      /^\/users\/(.+)$/,
      (id) => {
        lists.others = drop(lists.others, id);
      },
    ],
    ['POST', /^\/users\/(.+)\/reset-link$/, () => ({ url: '/reset/9fK2mQx7', expiresMs: Date.now() + hour })],
    [
      'PATCH',
      /^\/users\/(.+)$/,
      (id, { disabled, ...rest }) => {
        const user = everybody().find(({ account }) => account.id === id);
        if (disabled !== undefined) user.disabled = disabled;
        Object.assign(user.account, rest);
        return user;
      },
    ],
  ];
  return { routes, patterns };
}
