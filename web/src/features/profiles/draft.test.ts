import { describe, expect, it } from 'vitest';
import type { Profile } from '../../api/types';
import { draftOf, newOf, patchOf, withKids } from './draft';

const profile: Profile = {
  id: 'p1',
  name: 'Zoé',
  color: '#112233',
  avatar: 'owl',
  kids: false,
  unrated: true,
  hasPin: true,
  autoplayNext: true,
  isDefault: true,
};

describe('a draft of a profile', () => {
  it('sends nothing when nothing changed', () => {
    expect(patchOf(draftOf(profile), profile)).toEqual({});
  });

  it('sends what changed, and null for a limit or a PIN that is taken away', () => {
    const limited = { ...profile, maturity: 12 };
    const draft = { ...draftOf(limited), name: ' Zoé B ', maturity: undefined, pin: null, language: 'fr' };
    expect(patchOf(draft, limited)).toEqual({ name: 'Zoé B', maturity: null, pin: null, language: 'fr' });
  });

  it('takes an uploaded picture away by choosing the drawing behind it again', () => {
    const pictured = { ...profile, avatarUrl: '/api/v1/profiles/p1/avatar' };
    expect(patchOf(draftOf(pictured), pictured)).toEqual({});
    expect(patchOf({ ...draftOf(pictured), avatar: 'owl' }, pictured)).toEqual({ avatar: 'owl' });
  });

  it('limits a profile that becomes one for kids, and keeps a stricter limit', () => {
    expect(withKids(draftOf(profile), true)).toMatchObject({ kids: true, maturity: 7, unrated: false });
    expect(withKids({ ...draftOf(profile), maturity: 6 }, true)).toMatchObject({ maturity: 6 });
    expect(withKids({ ...draftOf(profile), kids: true, maturity: 7 }, false)).toMatchObject({ kids: false, maturity: 7 });
  });

  it('makes a new profile without a PIN unless one was typed', () => {
    expect(newOf({ ...draftOf(), name: 'Ana ' })).not.toHaveProperty('pin');
    expect(newOf({ ...draftOf(), name: 'Ana ', pin: '1234' })).toMatchObject({ name: 'Ana', pin: '1234', maturity: null });
  });
});
