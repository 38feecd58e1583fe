import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { MailCheck } from 'lucide-react';
import { queries } from '../../api/queries';
import { useAccountWords } from '../../i18n/namespaces';
import { AuthFooter, AuthLayout, Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions } from '../../ui/Dialog';
import s from './Reset.module.css';

interface Props {
  email: string;
  onBack: () => void;
}

/** The end of a registration that a letter finishes. The letter alone tells whether the address has an account already. */
export function LetterStep({ email, onBack }: Props) {
  const { t } = useAccountWords();
  const { data } = useQuery(queries.bootstrap);
  return (
    <AuthLayout title={t('letterSent')} lead={t('signUpSentText', { email })}>
      {data && !data.mail ? (
        <div>
          {/* The last letter of the server could not be delivered. */}
          <Notice>{t('lettersLate')}</Notice>
        </div>
      ) : (
        <div className={s.sent}>
          <MailCheck aria-hidden="true" />
        </div>
      )}
      <p className={s.note}>{t('letterMissing')}</p>
      <Actions>
        <Button data-nav-default="" onClick={onBack}>
          {t('wrongAddress')}
        </Button>
      </Actions>
      <AuthFooter>
        <p>
          {t('haveAccount')} <Link to="/login">{t('signIn')}</Link>
        </p>
      </AuthFooter>
    </AuthLayout>
  );
}
