import { useMutation } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type FormEvent, useCallback, useState } from 'react';
import { server } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import { queries, queryClient } from '../../api/queries';
import type { Translation } from '../../i18n';
import { type AccountKey, useAccountWords, useViewerWords } from '../../i18n/namespaces';
import { device } from '../../lib/device';
import { AuthFooter, AuthLayout, Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Check } from '../../ui/Check';
import { Field } from '../../ui/Field';
import { useCountdown } from '../../ui/use-countdown';
import { waitWords } from '../../ui/words';
import { TvCode } from '../tv/TvCode';
import { AuthLinks, OidcProviders, ProviderError } from './SignInLinks';

const route = getRouteApi('/login');

function words({ t, reason }: Translation<AccountKey>, problem: Problem, wait: number): string {
  if (problem.code === 'sign_in_failed') return t('signInFailed');
  if (problem.status === 429) return waitWords(t, wait, 'tooMany', 'tooManyMinutes');
  return problem.code === 'offline' ? t('offlineText') : reason(problem.code, problem.message) || t('failedText');
}

/** Sign-in: by device code on TVs, by e-mail and password elsewhere or on request. */
export function SignIn() {
  const { t } = useViewerWords();
  const router = useRouter();
  const { to } = route.useSearch();
  const [byCode, setByCode] = useState(device() === 'tv');
  const signedIn = useCallback(async () => {
    await queryClient.fetchQuery({ ...queries.bootstrap, staleTime: 0 });
    router.history.replace(to?.startsWith('/') && !to.startsWith('//') ? to : '/home');
  }, [router, to]);
  if (!byCode) return <ByPassword />;
  return (
    <AuthLayout title={t('signIn')}>
      <div>
        <TvCode onSignedIn={signedIn} />
      </div>
      <AuthFooter>
        <Button tone="bare" data-nav-default="" onClick={() => setByCode(false)}>
          {t('tvByEmail')}
        </Button>
      </AuthFooter>
    </AuthLayout>
  );
}

function ByPassword() {
  const spoken = useAccountWords();
  const { t } = spoken;
  const router = useRouter();
  const { to } = route.useSearch();
  const signIn = useMutation({
    mutationFn: server.signIn,
    onSuccess: async (bootstrap) => {
      queryClient.setQueryData(queries.bootstrap.queryKey, bootstrap);
      // Only a path of this app: an external URL in `to` would be an open redirect.
      router.history.replace(to?.startsWith('/') && !to.startsWith('//') ? to : '/home');
    },
  });
  const problem = signIn.error ? asProblem(signIn.error) : undefined;
  const wait = useCountdown(problem);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    signIn.mutate({ email: String(form.get('email')), password: String(form.get('password')), remember: form.get('remember') === 'on' });
  };

  return (
    <AuthLayout title={t('signIn')}>
      <form onSubmit={submit} data-nav="col">
        {problem && !(problem.status === 429 && wait === 0) && <Notice>{words(spoken, problem, wait)}</Notice>}
        {!problem && <ProviderError />}
        <Field label={t('email')} name="email" type="email" autoComplete="username" required autoFocus data-nav-default="" />
        <Field label={t('password')} name="password" type="password" autoComplete="current-password" required />
        <Check name="remember" label={t('remember')} defaultChecked />
        <Button type="submit" tone="brand" busy={signIn.isPending} disabled={wait > 0} style={{ width: '100%' }}>
          {t('signIn')}
        </Button>
      </form>
      <OidcProviders />
      <AuthLinks />
    </AuthLayout>
  );
}
