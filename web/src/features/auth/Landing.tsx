import { useNavigate } from '@tanstack/react-router';
import { MonitorPlay, ShieldCheck, UsersRound } from 'lucide-react';
import type { FormEvent } from 'react';
import { useAccountWords } from '../../i18n/namespaces';
import { AuthHeader } from '../../ui/AuthLayout';
import { Button, ButtonLink } from '../../ui/Button';
import { Page } from '../../ui/Page';
import { loadDraft, saveDraft } from './draft';
import s from './Landing.module.css';

/** The landing page for signed-out visitors where registration is open. */
export function Landing() {
  const { t } = useAccountWords();
  const navigate = useNavigate();
  const draft = loadDraft();
  const begin = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    saveDraft({ ...draft, email: String(new FormData(event.currentTarget).get('email')).trim() });
    void navigate({ to: '/signup' });
  };
  const points = [
    { icon: <MonitorPlay />, title: t('pointAnywhere'), text: t('pointAnywhereText') },
    { icon: <UsersRound />, title: t('pointFamily'), text: t('pointFamilyText') },
    { icon: <ShieldCheck />, title: t('pointPrivate'), text: t('pointPrivateText') },
  ];
  return (
    <Page title="" plain>
      <AuthHeader>
        <ButtonLink to="/login" small className={s.signIn}>
          {t('signIn')}
        </ButtonLink>
      </AuthHeader>
      <section className={s.hero}>
        <h1 className={s.line}>{t('landingLine')}</h1>
        <p className={s.lead}>{t('landingText')}</p>
        <form className={s.begin} onSubmit={begin} data-nav="row">
          <input
            className={s.email}
            name="email"
            type="email"
            required
            autoComplete="email"
            aria-label={t('email')}
            placeholder={t('email')}
            defaultValue={draft.email}
          />
          <Button type="submit" tone="brand" className={s.go}>
            {t('getStarted')}
          </Button>
        </form>
      </section>
      <ul className={s.points}>
        {points.map(({ icon, title, text }) => (
          <li key={title} className={s.point}>
            {icon}
            <h2 className={s.pointTitle}>{title}</h2>
            <p>{text}</p>
          </li>
        ))}
      </ul>
    </Page>
  );
}
