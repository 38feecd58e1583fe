import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { MailCheck } from 'lucide-react';
import type { FormEvent } from 'react';
import { people } from '../../api/people';
import { asProblem } from '../../api/problem';
import { queries } from '../../api/queries';
import { useAccountWords } from '../../i18n/books';
import { Button, ButtonLink } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { Foot, Gate, Notice } from '../../ui/Gate';
import { PasswordField } from '../../ui/PasswordField';
import { isBesideFields, refused } from '../../ui/refused';
import { failureWords } from '../../ui/words';
import s from './Reset.module.css';

function BackToSignIn() {
  const { t } = useAccountWords();
  return (
    <Foot>
      <p>
        <Link to="/login" data-nav-default="">
          {t('backToSignIn')}
        </Link>
      </p>
    </Foot>
  );
}

/** Asks for a letter with a link. Whether the account exists is not told, so the answer is always the same. */
export function Reset() {
  const words = useAccountWords();
  const { t } = words;
  const { data } = useQuery(queries.bootstrap);
  const ask = useMutation({ mutationFn: people.askReset });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    ask.mutate(String(new FormData(event.currentTarget).get('email')).trim());
  };
  if (data && !data.mail) {
    return (
      <Gate title={t('resetTitle')} lead={t('resetNoMail')}>
        <BackToSignIn />
      </Gate>
    );
  }
  if (ask.isSuccess) {
    return (
      <Gate title={t('resetSent')} lead={t('resetSentText', { email: ask.variables })}>
        <div className={s.sent}>
          <MailCheck aria-hidden="true" />
        </div>
        <BackToSignIn />
      </Gate>
    );
  }
  return (
    <Gate title={t('resetTitle')} lead={t('resetText')}>
      <form onSubmit={submit} data-nav="col">
        {ask.error ? <Notice>{failureWords(words, ask.error)}</Notice> : null}
        <Field label={t('email')} name="email" type="email" autoComplete="username" required autoFocus />
        <Button type="submit" tone="brand" busy={ask.isPending} className={s.wide}>
          {t('resetSend')}
        </Button>
      </form>
      <BackToSignIn />
    </Gate>
  );
}

/** The page behind the link: a new password. */
export function NewPassword() {
  const words = useAccountWords();
  const { t } = words;
  const { code = '' } = useParams({ strict: false });
  const reset = useMutation({ mutationFn: (password: string) => people.reset(code, password) });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    reset.mutate(String(new FormData(event.currentTarget).get('password')));
  };
  if (reset.isSuccess) {
    return (
      <Gate title={t('passwordChanged')} lead={t('passwordChangedText')}>
        <div>
          <ButtonLink to="/login" tone="primary" data-nav-default="">
            {t('signIn')}
          </ButtonLink>
        </div>
      </Gate>
    );
  }
  if (reset.error && asProblem(reset.error).code === 'reset_invalid') {
    return (
      <Gate title={t('resetInvalid')} lead={failureWords(words, reset.error)}>
        <div>
          <ButtonLink to="/reset" tone="primary" data-nav-default="">
            {t('resetAgain')}
          </ButtonLink>
        </div>
        <BackToSignIn />
      </Gate>
    );
  }
  return (
    <Gate title={t('newPassword')} lead={t('newPasswordText')}>
      <form onSubmit={submit} data-nav="col">
        {reset.error && !isBesideFields(reset.error, ['password']) ? <Notice>{failureWords(words, reset.error)}</Notice> : null}
        <PasswordField label={t('newPassword')} name="password" autoFocus error={refused(words, reset.error, 'password')} />
        <Button type="submit" tone="brand" busy={reset.isPending} className={s.wide}>
          {t('savePassword')}
        </Button>
      </form>
      <BackToSignIn />
    </Gate>
  );
}
