import { useMutation } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { ownAccount } from '../../api/account';
import { queries, queryClient } from '../../api/queries';
import { useAccountWords } from '../../i18n/namespaces';
import { AuthLayout, Notice } from '../../ui/AuthLayout';
import { Button, ButtonLink } from '../../ui/Button';
import { Actions } from '../../ui/Dialog';
import { failureWords } from '../../ui/words';

/** Confirms a new e-mail address. It waits for a click, because mail scanners follow links too. */
export function ConfirmEmail() {
  const words = useAccountWords();
  const { t } = words;
  const { code = '' } = useParams({ strict: false });
  const confirm = useMutation({
    mutationFn: () => ownAccount.confirmEmail(code),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queries.bootstrap.queryKey }),
  });
  return (
    <AuthLayout
      title={t(confirm.isSuccess ? 'emailChanged' : 'confirmEmail')}
      lead={t(confirm.isSuccess ? 'emailChangedText' : 'confirmEmailText')}
    >
      <div>
        {confirm.error ? <Notice>{failureWords(words, confirm.error)}</Notice> : null}
        <Actions>
          {confirm.isSuccess ? (
            <ButtonLink to="/account" tone="primary" data-nav-default="">
              {t('continue')}
            </ButtonLink>
          ) : (
            <Button tone="brand" data-nav-default="" busy={confirm.isPending} onClick={() => confirm.mutate()}>
              {t('confirm')}
            </Button>
          )}
        </Actions>
      </div>
    </AuthLayout>
  );
}
