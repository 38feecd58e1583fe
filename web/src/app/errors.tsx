import { useQuery } from '@tanstack/react-query';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { MapPinOff } from 'lucide-react';
import { queries } from '../api/queries';
import { useT } from '../i18n';
import { ButtonLink } from '../ui/Button';
import { Page } from '../ui/Page';
import { Skeleton } from '../ui/Skeleton';
import { Empty, Failure } from '../ui/State';
import { Shell } from './Shell';

/** The 404 page. It keeps the menu for signed-in viewers. */
export function NotFound() {
  const t = useT();
  const { data } = useQuery(queries.bootstrap);
  const page = (
    <Page title={t('notFound')} plain={!data?.account}>
      <Empty icon={<MapPinOff />} heading={t('notFound')} text={t('notFoundText')}>
        <ButtonLink to="/home" tone="primary" data-nav-default="">
          {t('goHome')}
        </ButtonLink>
      </Empty>
    </Page>
  );
  return data?.account ? <Shell>{page}</Shell> : page;
}

export function PageError({ error, reset }: ErrorComponentProps) {
  const t = useT();
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Page title={t('failed')} plain>
      <Failure error={error} onRetry={retry} />
    </Page>
  );
}

export function Waiting() {
  return (
    <main data-busy="">
      <Skeleton shape="hero" />
      <Skeleton shape="row" count={2} />
    </main>
  );
}
