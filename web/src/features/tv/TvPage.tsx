import { useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { pairing } from '../../api/pairing';
import { useViewerWords } from '../../i18n/namespaces';
import { AuthLayout, Notice } from '../../ui/AuthLayout';
import { Button, ButtonLink } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { failureWords } from '../../ui/words';
import s from './TvCode.module.css';

const route = getRouteApi('/tv');

/** Approves or denies the sign-in of a TV by its device code. */
export function TvPage() {
  const words = useViewerWords();
  const { t } = words;
  const { code: given } = route.useSearch();
  const [code, setCode] = useState(given ?? '');
  const look = useMutation({ mutationFn: () => pairing.waiting(code.trim()) });
  const answer = useMutation({ mutationFn: (approve: boolean) => pairing.answer(code.trim(), approve) });
  const error = answer.error ?? look.error;
  const notice = error ? <Notice>{failureWords(words, error)}</Notice> : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    look.mutate();
  };
  if (answer.isSuccess) {
    return (
      <AuthLayout title={t(answer.variables ? 'tvDone' : 'tvTurnedAway')} lead={t(answer.variables ? 'tvDoneText' : 'tvTurnedAwayText')}>
        <div>
          <ButtonLink to="/home" tone="primary" data-nav-default="">
            {t('goHome')}
          </ButtonLink>
        </div>
      </AuthLayout>
    );
  }
  if (look.data) {
    return (
      <AuthLayout title={t('tvConfirm')} lead={t('tvConfirmText')}>
        <div>
          {notice}
          <p className={s.device}>{look.data.client}</p>
          <p className={s.place}>{t(look.data.home ? 'tvAtHome' : 'tvElsewhere', { address: look.data.address })}</p>
          <p className={s.typed}>{code.trim()}</p>
          <div className={s.answers} data-nav="row">
            <Button busy={answer.isPending && !answer.variables} onClick={() => answer.mutate(false)}>
              {t('tvNotMe')}
            </Button>
            <Button tone="brand" data-nav-default="" busy={answer.isPending && answer.variables} onClick={() => answer.mutate(true)}>
              {t('tvApprove')}
            </Button>
          </div>
        </div>
      </AuthLayout>
    );
  }
  return (
    <AuthLayout title={t('tvTitle')} lead={t('tvText')}>
      <form onSubmit={submit} data-nav="col">
        {notice}
        <Field
          label={t('tvCode')}
          name="code"
          required
          autoFocus
          autoComplete="one-time-code"
          autoCapitalize="characters"
          maxLength={32}
          placeholder="BCDF-GHJK"
          value={code}
          onChange={(event) => setCode(event.target.value.toUpperCase())}
        />
        <Button type="submit" tone="brand" busy={look.isPending} style={{ width: '100%' }}>
          {t('continue')}
        </Button>
      </form>
    </AuthLayout>
  );
}
