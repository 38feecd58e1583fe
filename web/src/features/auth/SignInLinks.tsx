import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { LogIn } from 'lucide-react';
import { oidcAddress } from '../../api/account';
import { queries } from '../../api/queries';
import { type AccountKey, useAccountWords } from '../../i18n/namespaces';
import { AuthFooter, Notice } from '../../ui/AuthLayout';
import button from '../../ui/Button.module.css';
import { names } from '../../ui/class-names';
import s from './SignInLinks.module.css';

const route = getRouteApi('/login');

/** Sign-in with an OpenID Connect provider: a plain link, because the provider's page replaces this one. */
export function OidcProviders() {
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
  oidc_password: 'elsewherePassword',
};

/** The reason of a failed sign-in with a provider, from the URL that the server redirects to. */
export function ProviderError() {
  const { t } = useAccountWords();
  const { problem } = route.useSearch();
  return problem ? <Notice>{t(refusals[problem] ?? 'elsewhereRefused')}</Notice> : null;
}

/** Links to password reset and registration. */
export function AuthLinks() {
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
