import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { accountQueries, ownAccount } from '../../api/account';
import { asProblem } from '../../api/problem';
import { queries, queryClient } from '../../api/queries';
import { useAccountWords } from '../../i18n/namespaces';
import { AuthFooter, AuthLayout } from '../../ui/AuthLayout';
import { ButtonLink } from '../../ui/Button';
import { isFieldError } from '../../ui/field-error';
import { Skeleton } from '../../ui/Skeleton';
import { Failure } from '../../ui/State';
import { type Draft, dropDraft, loadDraft, type Step, saveDraft, steps } from './draft';
import { LetterStep } from './LetterStep';
import { NameStep } from './NameStep';
import { PasswordStep } from './PasswordStep';

/** Registration, open or by an invitation. */
export function SignUp() {
  const { t } = useAccountWords();
  const { code } = useParams({ strict: false });
  const { data } = useQuery(queries.bootstrap);
  const invitation = useQuery({ ...accountQueries.invitation(code ?? ''), enabled: code !== undefined });

  if (code === undefined) return data?.registration === 'open' ? <Form /> : <Closed lead={t('registrationClosed')} />;
  if (invitation.data) {
    return invitation.data.valid ? <Form invite={code} email={invitation.data.email} /> : <Closed lead={t('inviteInvalid')} />;
  }
  return (
    <AuthLayout title={t('createAccount')}>
      {invitation.error ? <Failure error={invitation.error} onRetry={() => void invitation.refetch()} /> : <Skeleton shape="lines" />}
    </AuthLayout>
  );
}

function Closed({ lead }: { lead: string }) {
  const { t } = useAccountWords();
  return (
    <AuthLayout title={t('signUpImpossible')} lead={lead}>
      <div>
        <ButtonLink to="/login" tone="primary" data-nav-default="">
          {t('signIn')}
        </ButtonLink>
      </div>
    </AuthLayout>
  );
}

function Form({ invite, email }: { invite?: string; email?: string }) {
  const { t, language } = useAccountWords();
  const router = useRouter();
  const navigate = useNavigate();
  const { step = 'who' } = useSearch({ strict: false }) as { step?: Step };
  const { data } = useQuery(queries.bootstrap);
  const [draft, setDraft] = useState<Draft>(() => ({ ...loadDraft(), ...(email ? { email } : {}) }));

  const go = (next: Step, replace = false) => void navigate({ to: '.', search: next === 'who' ? {} : { step: next }, replace });
  const register = useMutation({
    mutationFn: ownAccount.register,
    onSuccess: (answer) => {
      // The draft stays: its address is shown, and may be the wrong one.
      if ('letter' in answer) return go('letter', true);
      dropDraft();
      queryClient.setQueryData(queries.bootstrap.queryKey, answer);
      router.history.replace('/home');
    },
    onError: (error) => {
      // Errors of the first step lead back to it; the input is kept.
      const { code } = asProblem(error);
      if (code === 'email_taken' || isFieldError(error, ['email', 'firstName', 'lastName'])) go('who', true);
    },
  });

  // A later step without input of the first, as after a link, starts with the first.
  const at = draft.email && draft.firstName ? step : 'who';
  if (at === 'letter') return <LetterStep email={draft.email} onBack={() => go('who', true)} />;
  const numbered = { step: t('stepOf', { step: steps.indexOf(at) + 1, steps: steps.length }) };
  const signIn = (
    <AuthFooter>
      <p>
        {t('haveAccount')} <Link to="/login">{t('signIn')}</Link>
      </p>
    </AuthFooter>
  );

  if (at === 'who') {
    return (
      <AuthLayout title={t('createAccount')} lead={invite ? t('invitedText') : t('whoText')} {...numbered}>
        <NameStep
          draft={draft}
          fixedEmail={email !== undefined}
          error={register.error}
          onNext={(next) => {
            setDraft(next);
            saveDraft(next);
            register.reset();
            go('password');
          }}
        />
        {signIn}
      </AuthLayout>
    );
  }
  return (
    <AuthLayout title={t('choosePassword')} lead={t('choosePasswordText', { email: draft.email })} {...numbered}>
      <PasswordStep
        email={draft.email}
        consent={data?.consent?.version}
        busy={register.isPending}
        error={register.error}
        onBack={() => go('who', true)}
        onNext={(password) => register.mutate({ ...draft, password, invite, consent: data?.consent?.version, language })}
      />
      {signIn}
    </AuthLayout>
  );
}
