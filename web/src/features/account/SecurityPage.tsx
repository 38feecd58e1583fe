import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { Download, Trash2 } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { accountQueries, exportAddress, ownAccount } from '../../api/account';
import { queries } from '../../api/queries';
import { useAccountWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import button from '../../ui/Button.module.css';
import { names } from '../../ui/class-names';
import { Actions } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { fieldError, isFieldError } from '../../ui/field-error';
import { Line, Note, Panel } from '../../ui/Panel';
import { PasswordField } from '../../ui/PasswordField';
import { SecurityList } from '../../ui/SecurityList';
import { failureWords } from '../../ui/words';
import { AccountSections } from './AccountSections';
import s from './account.module.css';
import { DeleteAccount } from './DeleteAccount';

/** Password, security log, data export and deletion of the account. */
export function SecurityPage() {
  const { t } = useAccountWords();
  const { data } = useQuery(queries.bootstrap);
  const [leaving, setLeaving] = useState(false);
  const account = data?.account;
  if (!account) return null;
  return (
    <AccountSections title={t('security')}>
      {account.hasPassword ? <Password email={account.email} /> : <NoPassword email={account.email} mail={data.mail} />}
      <Panel title={t('yourData')}>
        <Line title={t('exportTitle')} facts={t('exportText')}>
          <a className={names(button.button, button.quiet, button.small)} href={exportAddress} download>
            <Download aria-hidden="true" />
            <span>{t('download')}</span>
          </a>
        </Line>
        <Line
          title={t('deleteAccount')}
          facts={t(account.role === 'owner' ? 'ownerStaysText' : account.hasPassword ? 'deleteText' : 'deleteNeedsPassword')}
        >
          <Button
            small
            tone="danger"
            icon={<Trash2 />}
            disabled={account.role === 'owner' || !account.hasPassword}
            onClick={() => setLeaving(true)}
          >
            {t('delete')}
          </Button>
        </Line>
      </Panel>
      <Log />
      {leaving && <DeleteAccount email={account.email} onClose={() => setLeaving(false)} />}
    </AccountSections>
  );
}

function Password({ email }: { email: string }) {
  const words = useAccountWords();
  const { t } = words;
  const form = useRef<HTMLFormElement>(null);
  // A new key remounts the form, which empties it.
  const [round, setRound] = useState(0);
  const change = useMutation({ mutationFn: ownAccount.changePassword, onSuccess: () => setRound(round + 1) });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    change.mutate({ current: String(data.get('current') ?? ''), next: String(data.get('next')) });
  };
  return (
    <Panel title={t('password')}>
      <form key={round} ref={form} onSubmit={submit} className={s.form} data-nav="col">
        {change.error && !isFieldError(change.error, ['current', 'next'], ['password_wrong']) ? (
          <Notice>{failureWords(words, change.error)}</Notice>
        ) : null}
        <input type="hidden" name="username" autoComplete="username" value={email} />
        <Field
          label={t('currentPassword')}
          name="current"
          type="password"
          autoComplete="current-password"
          required
          error={fieldError(words, change.error, 'current', 'password_wrong')}
        />
        <PasswordField label={t('newPassword')} name="next" email={email} error={fieldError(words, change.error, 'next')} />
        <Actions>
          {change.isSuccess && (
            <p className={s.done} role="status">
              {t('passwordChangedHere')}
            </p>
          )}
          <Button type="submit" busy={change.isPending}>
            {t('savePassword')}
          </Button>
        </Actions>
      </form>
    </Panel>
  );
}

/** An account that signs in by OpenID Connect sets its first password with the e-mail for forgotten passwords. */
function NoPassword({ email, mail }: { email: string; mail: boolean }) {
  const words = useAccountWords();
  const { t } = words;
  const ask = useMutation({ mutationFn: () => ownAccount.askReset(email) });
  return (
    <Panel title={t('password')}>
      {ask.error ? <Notice>{failureWords(words, ask.error)}</Notice> : null}
      <Note>{t(ask.isSuccess ? 'linkSent' : mail ? 'noPasswordText' : 'noPasswordNoMail', { email })}</Note>
      {mail && !ask.isSuccess && (
        <Button small busy={ask.isPending} onClick={() => ask.mutate()}>
          {t('resetSend')}
        </Button>
      )}
    </Panel>
  );
}

function Log() {
  const words = useAccountWords();
  const { t } = words;
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(accountQueries.security);
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel title={t('whatHappened')}>
      {error ? <Note>{failureWords(words, error)}</Note> : null}
      {data && items.length === 0 && <Note>{t('nothingHappened')}</Note>}
      <SecurityList items={items} />
      {hasNextPage && (
        <Actions>
          <Button small busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('showMore')}
          </Button>
        </Actions>
      )}
    </Panel>
  );
}
