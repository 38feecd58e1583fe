// Who watches with the account, and what each leaves behind: profiles, list, history, searches; codes of TVs.
const minute = 60_000;

export function viewerRoutes({ Refusal, world, bootstrap, find, withPosition, notify }) {
  let serial = 10;
  const fresh = (prefix) => `${prefix}${++serial}`;
  const grown = { kids: false, unrated: true, hasPin: false, autoplayNext: true, isDefault: false };
  const lists = {
    profiles: [
      world.profile,
      ...(world.fresh
        ? []
        : [
            { ...grown, id: 'p2', name: 'Noé', color: '#2b6cc2', avatar: 'rocket', hasPin: true },
            { ...grown, id: 'p3', name: 'Lila', color: '#7a3fa0', avatar: 'fox', kids: true, maturity: 7, unrated: false },
            { ...grown, id: 'p4', name: 'Mamie', color: '#3f9b55' },
          ]),
    ],
    pins: { p2: '1234' },
    alwaysAsk: false,
    question: [17, 8],
    wrong: 0,
    lockedUntil: 0,
    listed: world.fresh ? [] : ['m3', 's0', 'm8'],
    ratings: { m3: 1 },
    watched: {},
    searches: world.fresh
      ? []
      : [
          { id: 'q1', text: 'winter', atMs: Date.now() - 50 * minute },
          { id: 'q2', text: 'coeur', atMs: Date.now() - 90 * minute },
        ],
    visits: world.fresh
      ? []
      : ['m1', 'm7', 's0e1x2', 's0e1x1', 'm12', 'm4'].map((titleId, at) => ({
          id: `h${at}`,
          titleId,
          atMs: Date.now() - at * at * 300 * minute,
          watched: at % 3 === 2,
        })),
    codes: {},
  };
  const mine = (id) => {
    const found = lists.profiles.find((one) => one.id === id);
    if (!found) throw new Refusal(404, 'profile_not_found', 'That profile does not exist.');
    return found;
  };
  const mustKnow = (password) => {
    if (password !== world.password)
      throw new Refusal(422, 'password_wrong', 'That is not your password.', [
        { location: 'body.password', message: 'That is not your password.' },
      ]);
  };
  const nameFree = (name, id) => {
    if (lists.profiles.some((one) => one.id !== id && one.name.toLowerCase() === name.toLowerCase()))
      throw new Refusal(409, 'profile_name_taken', 'Another profile has that name.');
  };
  const locked = (code, more) =>
    Object.assign(new Refusal(429, code, 'Too many wrong ones. Please wait a minute.'), { more, retryAfter: 60 });
  const tried = (code, words) => {
    lists.wrong += 1;
    if (lists.wrong >= 5) {
      lists.wrong = 0;
      lists.lockedUntil = Date.now() + minute;
    }
    throw Object.assign(new Refusal(403, code, words), { more: { triesLeft: 5 - lists.wrong } });
  };
  const checkPin = (id, pin) => {
    if (Date.now() < lists.lockedUntil) throw locked('pin_locked');
    if (!pin) throw new Refusal(403, 'pin_needed', 'Please enter the PIN of this profile.');
    if (pin !== lists.pins[id]) tried('pin_wrong', 'That is not the PIN of this profile.');
  };
  const checkExit = (exit) => {
    if (Date.now() < lists.lockedUntil) throw locked('exit_locked');
    if (!exit) throw new Refusal(403, 'exit_needed', 'Please answer the question for grown-ups to leave the kids profile.');
    if (Number(exit) !== lists.question[0] * lists.question[1]) tried('exit_wrong', 'That is not the answer.');
  };
  const apply = (profile, { pin, password: _, maturity, ...rest }) => {
    Object.assign(profile, rest);
    if (maturity !== undefined) profile.maturity = maturity ?? undefined;
    if (pin !== undefined) {
      profile.hasPin = pin !== null;
      lists.pins[profile.id] = pin;
    }
    return profile;
  };
  const marks = (titleId) => ({
    listed: lists.listed.includes(titleId),
    rating: lists.ratings[titleId] || undefined,
    watched: lists.watched[titleId] ?? false,
  });
  const told = (kind) => notify('viewer', { kind, ids: {} });

  const routes = {
    'GET /profiles': () => ({ items: lists.profiles, limit: 7, alwaysAsk: lists.alwaysAsk }),
    'PATCH /profiles-settings': (body) => {
      lists.alwaysAsk = body.alwaysAsk;
    },
    'POST /profiles': (body) => {
      if (lists.profiles.length >= 7) throw new Refusal(409, 'profile_limit', 'This account has as many profiles as it may have.');
      nameFree(body.name);
      const profile = apply({ ...grown, id: fresh('p'), color: '#355d7a' }, body);
      lists.profiles = [...lists.profiles, profile];
      return profile;
    },
    'GET /profiles/exit-challenge': () => {
      lists.question = [12 + (serial % 8), 7];
      return { question: lists.question.join(' × ') };
    },
    'GET /list': () => ({
      items: lists.listed
        .map(find)
        .filter(Boolean)
        .map((title) => withPosition(title)),
    }),
    'GET /history': () => ({
      items: lists.visits.flatMap(({ titleId, ...visit }) => {
        const title = find(titleId);
        return title ? [{ ...visit, title: withPosition(title), positionMs: 0 }] : [];
      }),
    }),
    'DELETE /history': () => {
      lists.visits = [];
    },
    'GET /searches': () => ({ items: lists.searches }),
    'POST /searches': ({ text }) => {
      lists.searches = [{ id: fresh('q'), text, atMs: Date.now() }, ...lists.searches.filter((one) => one.text !== text)].slice(0, 10);
    },
    'DELETE /searches': () => {
      lists.searches = [];
    },
    'POST /auth/device': ({ client }) => {
      const code = 'BCDF-GHJK';
      lists.codes[code] = { client, address: '192.168.1.31', expiresMs: Date.now() + 10 * minute };
      return {
        device_code: 'secret',
        user_code: code,
        verification_uri: 'http://192.168.1.20:8099/tv',
        verification_uri_complete: `http://192.168.1.20:8099/tv?code=${code}`,
        expires_in: 600,
        interval: 2,
      };
    },
    'POST /auth/device/token': () => {
      const { approved } = lists.codes['BCDF-GHJK'] ?? {};
      if (approved === undefined) throw new Refusal(400, 'authorization_pending', 'Nobody has answered yet.');
      if (!approved) throw new Refusal(400, 'access_denied', 'It was turned away.');
      world.signedIn = true;
    },
  };
  const off = (key, id) => {
    lists[key] = lists[key].filter((one) => one !== id && one.id !== id && one.titleId !== id);
  };
  const code = (typed) => {
    const found = lists.codes[typed.toUpperCase()];
    if (!found) throw new Refusal(404, 'code_not_found', 'No device shows that code.');
    return found;
  };
  const patterns = [
    [
      'PATCH',
      /^\/profiles\/([^/]+)$/,
      (id, body) => {
        const profile = mine(id);
        if (body.name) nameFree(body.name, id);
        const lifts = body.maturity === null || (body.pin !== undefined && profile.hasPin) || (body.kids === false && profile.kids);
        if (lifts && !body.password) throw new Refusal(403, 'password_needed', 'Please enter the password of the account to change that.');
        if (lifts) mustKnow(body.password);
        return apply(profile, body);
      },
    ],
    [
      'DELETE',
      /^\/profiles\/([^/]+)$/,
      (id, { password }) => {
        mustKnow(password);
        if (lists.profiles.filter(({ kids }) => !kids).length === 1 && !mine(id).kids)
          throw new Refusal(409, 'profile_last', 'An account keeps at least one profile that is not for kids.');
        off('profiles', id);
      },
    ],
    [
      'POST',
      /^\/profiles\/([^/]+)\/choose$/,
      (id, { pin, exit }) => {
        const profile = mine(id);
        if (profile.hasPin) checkPin(id, pin);
        else if (world.profile.kids && world.profile.id !== id) checkExit(exit);
        lists.wrong = 0;
        world.profile = profile;
        world.chosen = true;
        return bootstrap();
      },
    ],
    [
      'POST',
      /^\/profiles\/([^/]+)\/pin\/reset$/,
      (id, { password, pin }) => {
        mustKnow(password);
        apply(mine(id), { pin: pin || null });
      },
    ],
    [
      'PUT',
      /^\/list\/(.+)$/,
      (id) => {
        off('listed', id);
        lists.listed = [id, ...lists.listed];
        told('list');
      },
    ],
    [
      'DELETE',
      /^\/list\/(.+)$/,
      (id) => {
        off('listed', id);
        told('list');
      },
    ],
    ['DELETE', /^\/history\/(.+)$/, (id) => off('visits', id)],
    ['DELETE', /^\/searches\/(.+)$/, (id) => off('searches', id)],
    [
      'PUT',
      /^\/titles\/(.+)\/watched$/,
      (id) => {
        lists.watched[id] = true;
      },
    ],
    [
      'DELETE',
      /^\/titles\/(.+)\/watched$/,
      (id) => {
        lists.watched[id] = false;
      },
    ],
    [
      'PUT',
      /^\/titles\/(.+)\/rating$/,
      (id, { value }) => {
        lists.ratings[id] = value;
      },
    ],
    ['GET', /^\/auth\/device\/(.+)$/, code],
    [
      'POST',
      /^\/auth\/device\/(.+)$/,
      (typed, { approve }) => {
        code(typed).approved = approve;
      },
    ],
  ];
  return { routes, patterns, marks, count: () => lists.profiles.length, alwaysAsk: () => lists.alwaysAsk };
}
