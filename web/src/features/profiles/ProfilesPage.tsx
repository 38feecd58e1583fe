import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { Lock, Pencil, Plus } from 'lucide-react';
import { profileQueries, profiles, refreshProfiles } from '../../api/profiles';
import { queries } from '../../api/queries';
import type { Profile } from '../../api/types';
import { useViewerWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Avatar } from '../../ui/Avatar';
import { ButtonLink } from '../../ui/Button';
import { Check } from '../../ui/Check';
import { Logo } from '../../ui/Logo';
import { Page } from '../../ui/Page';
import { Failure } from '../../ui/State';
import { failureWords } from '../../ui/words';
import s from './ProfilesPage.module.css';
import { EntryDialogs, useProfileEntry } from './use-profile-entry';

const route = getRouteApi('/profiles');

/** The profile picker, shown after a sign-in and for switching profiles. */
export function ProfilesPage() {
  const { t } = useViewerWords();
  const { manage } = route.useSearch();
  const { data, error, refetch } = useQuery(profileQueries.list);
  const { data: bootstrap } = useQuery(queries.bootstrap);
  const managing = Boolean(manage) && bootstrap?.profile?.kids === false;
  return (
    <Page title={t(managing ? 'manageProfiles' : 'whoWatches')} plain busy={!data && !error}>
      <header className={s.head}>
        <Logo brand={bootstrap?.brand} />
      </header>
      <div className={s.body} data-nav="col">
        <h1 className={s.title}>{t(managing ? 'manageProfiles' : 'whoWatches')}</h1>
        {data &&
          (managing ? (
            <Manage items={data.items} limit={data.limit} alwaysAsk={data.alwaysAsk} />
          ) : (
            <Choose items={data.items} limit={data.limit} />
          ))}
        {!data && error && <Failure error={error} onRetry={refetch} />}
      </div>
    </Page>
  );
}

function Choose({ items, limit }: { items: Profile[]; limit: number }) {
  const words = useViewerWords();
  const { t } = words;
  const router = useRouter();
  const { to } = route.useSearch();
  const { data: bootstrap } = useQuery(queries.bootstrap);
  const current = bootstrap?.profile;
  const entrance = useProfileEntry(current, () => router.history.replace(to?.startsWith('/') && !to.startsWith('//') ? to : '/home'));
  return (
    <>
      {entrance.error ? <Notice>{failureWords(words, entrance.error)}</Notice> : null}
      <div className={s.tiles} data-nav="row">
        {items.map((profile) => (
          <button
            key={profile.id}
            type="button"
            className={s.tile}
            aria-busy={entrance.busy === profile.id || undefined}
            data-nav-default={profile.id === current?.id ? '' : undefined}
            onClick={() => entrance.begin(profile)}
          >
            <Face profile={profile} />
          </button>
        ))}
        {!current?.kids && items.length < limit && <Add />}
      </div>
      {!current?.kids && (
        <ButtonLink to="/profiles" search={{ to, manage: true }} replace icon={<Pencil />}>
          {t('manageProfiles')}
        </ButtonLink>
      )}
      <EntryDialogs entrance={entrance} />
    </>
  );
}

function Manage({ items, limit, alwaysAsk }: { items: Profile[]; limit: number; alwaysAsk: boolean }) {
  const words = useViewerWords();
  const { t } = words;
  const { to } = route.useSearch();
  const ask = useMutation({ mutationFn: profiles.alwaysAsk, onSettled: () => refreshProfiles() });
  return (
    <>
      {ask.error ? <Notice>{failureWords(words, ask.error)}</Notice> : null}
      <div className={s.tiles} data-nav="row">
        {items.map((profile) => (
          <Link key={profile.id} to="/profiles/$id" params={{ id: profile.id }} className={s.tile} data-focus-id={`profile/${profile.id}`}>
            <Face profile={profile} changing />
          </Link>
        ))}
        {items.length < limit && <Add />}
      </div>
      {items.length >= limit && <p className={s.note}>{t('profilesFull', { count: limit })}</p>}
      <Check
        label={t('alwaysAsk')}
        checked={ask.isPending ? ask.variables : alwaysAsk}
        onChange={(event) => ask.mutate(event.target.checked)}
      />
      <ButtonLink to="/profiles" search={{ to }} replace tone="primary">
        {t('done')}
      </ButtonLink>
    </>
  );
}

function Face({ profile, changing }: { profile: Profile; changing?: boolean }) {
  const { t } = useViewerWords();
  return (
    <>
      <span className={s.face}>
        <Avatar profile={profile} className={s.picture} />
        {changing ? (
          <span className={s.pencil} role="img" aria-label={t('changeThis')}>
            <Pencil />
          </span>
        ) : (
          profile.hasPin && (
            <span className={s.lock} role="img" aria-label={t('locked')}>
              <Lock />
            </span>
          )
        )}
        {profile.kids && <span className={s.ribbon}>{t('kids')}</span>}
      </span>
      <span className={s.name}>{profile.name}</span>
    </>
  );
}

function Add() {
  const { t } = useViewerWords();
  return (
    <Link to="/profiles/$id" params={{ id: 'new' }} className={s.tile} data-focus-id="profile/new">
      <span className={s.face}>
        <span className={s.add}>
          <Plus />
        </span>
      </span>
      <span className={s.name}>{t('addProfile')}</span>
    </Link>
  );
}
