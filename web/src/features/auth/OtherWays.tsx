import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { LogIn } from 'lucide-react';
import { oidcAddress } from '../../api/account';
import { queries } from '../../api/queries';
import { type AccountKey, useAccountWords } from '../../i18n/namespaces';
import { AuthFooter, Notice } from '../../ui/AuthLayout';
import button from '../../ui/Button.module.css';
import { names } from '../../ui/class-names';
import s from './OtherWays.module.css';

const route = getRouteApi('/login');

/** Sign-in by somebody else's word: a plain link, because the provider's page replaces this one. */
export function Providers() {
  const { t } = useAccountWords();
  const { data } = useQuery(queries.bootstrap);
  if (!data?.oidc?.length) return null;
  return (
    <div className={s.providers} data-nav="col">
      <p className={s.or}>
        <span>{t('or')}</span>
      </p>
      {data.oidc.map(({ id, name }) => (
        <a key={id} href={oidcAddress(id)} className={names(button.button, button.quiet, s.provider)}>
          <LogIn aria-hidden="true" />
          <span>{t('continueWith', { name })}</span>
        </a>
      ))}
    </div>
  );
}

const refusals: Record<string, AccountKey> = {
  oidc_unavailable: 'elsewhereUnavailable',
  oidc_email_unverified: 'elsewhereUnverified',
  oidc_no_account: 'elsewhereUnknown',
};

/** Why somebody comes back from another service without being signed in: the server says so in the address. */
export function Returned() {
  const { t } = useAccountWords();
  const { problem } = route.useSearch();
  return problem ? <Notice>{t(refusals[problem] ?? 'elsewhereRefused')}</Notice> : null;
}

/** The ways on for whoever cannot sign in. */
export function OtherWays() {
  const { t } = useAccountWords();
  const { data } = useQuery(queries.bootstrap);
  return (
    <AuthFooter>
      <p>
        <Link to="/reset">{t('forgotPassword')}</Link>
      </p>
      {data?.registration === 'open' && (
        <p>
          {t('newHere')} <Link to="/signup">{t('createAccount')}</Link>
        </p>
      )}
      {data?.registration === 'invite' && <p>{t('inviteOnly')}</p>}
    </AuthFooter>
  );
}
