import { useMutation, useQuery } from '@tanstack/react-query';
import { Mail } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { ownAccount } from '../../api/account';
import { queries } from '../../api/queries';
import type { Account } from '../../api/types';
import { type Language, languages, setLanguage } from '../../i18n';
import { useAccountWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { Actions } from '../../ui/Dialog';
import { day } from '../../ui/date-format';
import { Facts } from '../../ui/Facts';
import { Field, Pair } from '../../ui/Field';
import { fieldError, isFieldError } from '../../ui/field-error';
import { Line, Panel } from '../../ui/Panel';
import { failureWords } from '../../ui/words';
import { AccountSections } from './AccountSections';
import s from './account.module.css';
import { ChangeEmail } from './ChangeEmail';
import { cacheAccount } from './cache-account';

/** Name, e-mail address and language of the account. */
export function OverviewPage() {
  const { t, language } = useAccountWords();
  const { data } = useQuery(queries.bootstrap);
  const [changing, setChanging] = useState(false);
  const account = data?.account;
  const speak = useMutation({ mutationFn: (chosen: Language) => ownAccount.change({ language: chosen }) });
  if (!account) return null;
  return (
    <AccountSections title={t('account')}>
      <Names account={account} />
      <Panel title={t('email')}>
        <Line title={account.email} facts={t(data.mail ? 'emailText' : 'emailTextNoMail')}>
          <Button small icon={<Mail />} onClick={() => setChanging(true)}>
            {t('change')}
          </Button>
        </Line>
      </Panel>
      <Panel title={t('language')}>
        <div className={s.choice}>
          <Choice
            label={t('language')}
            value={language}
            options={Object.entries(languages).map(([value, label]) => ({ value: value as Language, label, lang: value }))}
            onChange={(value) => {
              void setLanguage(value);
              speak.mutate(value);
            }}
          />
        </div>
      </Panel>
      <Panel title={t('aboutAccount')}>
        <Facts
          rows={[
            [t('memberSince'), account.createdMs ? day(language, account.createdMs) : ''],
            [t('role'), t(`role_${account.role}`)],
            [t('streamsAtOnce'), account.streams],
            [t('profilesAtMost'), account.profileLimit],
            [t('termsAgreed'), account.consentVersion],
          ]}
        />
      </Panel>
      {changing && <ChangeEmail onClose={() => setChanging(false)} />}
    </AccountSections>
  );
}

function Names({ account }: { account: Account }) {
  const words = useAccountWords();
  const { t } = words;
  const save = useMutation({ mutationFn: ownAccount.change, onSuccess: cacheAccount });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    save.mutate({ firstName: String(form.get('firstName')).trim(), lastName: String(form.get('lastName')).trim() });
  };
  return (
    <Panel title={t('yourName')}>
      <form onSubmit={submit} className={s.form} data-nav="col">
        {save.error && !isFieldError(save.error, ['firstName', 'lastName']) ? <Notice>{failureWords(words, save.error)}</Notice> : null}
        <Pair>
          <Field
            label={t('firstName')}
            name="firstName"
            autoComplete="given-name"
            required
            maxLength={80}
            defaultValue={account.firstName}
            error={fieldError(words, save.error, 'firstName')}
          />
          <Field
            label={t('lastName')}
            name="lastName"
            autoComplete="family-name"
            maxLength={80}
            defaultValue={account.lastName}
            error={fieldError(words, save.error, 'lastName')}
          />
        </Pair>
        <Actions>
          {save.isSuccess && (
            <p className={s.done} role="status">
              {t('saved')}
            </p>
          )}
          <Button type="submit" busy={save.isPending}>
            {t('save')}
          </Button>
        </Actions>
      </form>
    </Panel>
  );
}
