import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Heart, History, LogOut, Settings2, UserRound, UsersRound } from 'lucide-react';
import { server } from '../../api/client';
import { queries, queryClient } from '../../api/queries';
import { type Language, languages, setLanguage, useLanguage } from '../../i18n';
import { Avatar } from '../../ui/Avatar';
import { Button, ButtonLink } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { Page } from '../../ui/Page';
import s from './MePage.module.css';

/** The signed-in profile, the app's language, and sign-out. */
export function MePage() {
  const { t, language } = useLanguage();
  const navigate = useNavigate();
  const { data } = useQuery(queries.bootstrap);
  const leave = useMutation({
    mutationFn: server.signOut,
    onSettled: async () => {
      queryClient.clear();
      await navigate({ to: '/login' });
    },
  });
  const { account, profile } = data ?? {};
  return (
    <Page title={t('me')} heading>
      <div className={s.body} data-nav="col">
        <div className={s.who}>
          <Avatar profile={profile} large />
          <div>
            <p className={s.name}>{profile?.name}</p>
            {!profile?.kids && <p className={s.mail}>{account?.email}</p>}
          </div>
        </div>
        <h2 className={s.heading}>{t('language')}</h2>
        <Choice
          label={t('language')}
          value={language}
          options={Object.entries(languages).map(([value, label]) => ({ value: value as Language, label, lang: value }))}
          onChange={(value) => void setLanguage(value)}
        />
        <div className={s.actions} data-nav="row">
          <ButtonLink to="/list" icon={<Heart />}>
            {t('myList')}
          </ButtonLink>
          <ButtonLink to="/history" icon={<History />}>
            {t('history')}
          </ButtonLink>
          <ButtonLink to="/profiles" icon={<UsersRound />}>
            {t('switchProfile')}
          </ButtonLink>
          {!profile?.kids && (
            <ButtonLink to="/account" icon={<UserRound />}>
              {t('myAccount')}
            </ButtonLink>
          )}
          {account && account.role !== 'member' && !profile?.kids && (
            <ButtonLink to="/admin" icon={<Settings2 />}>
              {t('admin')}
            </ButtonLink>
          )}
          {!profile?.kids && (
            <Button icon={<LogOut />} busy={leave.isPending} onClick={() => leave.mutate()}>
              {t('signOut')}
            </Button>
          )}
        </div>
        <p className={s.version}>Movify {data?.version}</p>
      </div>
    </Page>
  );
}
