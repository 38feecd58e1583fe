import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { profileQueries } from '../../api/profiles';
import { useViewerWords } from '../../i18n/namespaces';
import { Page } from '../../ui/Page';
import { Skeleton } from '../../ui/Skeleton';
import { Empty, Failure } from '../../ui/State';
import s from './EditPage.module.css';
import { ProfileForm } from './ProfileForm';

const route = getRouteApi('/profiles/$id');

/** Edits one profile: name, audience and playback. `/profiles/new` creates one. */
export function EditPage() {
  const { t } = useViewerWords();
  const { id } = route.useParams();
  const router = useRouter();
  const { data, error, refetch } = useQuery(profileQueries.list);
  const profile = data?.items.find((one) => one.id === id);
  const title = id === 'new' ? t('addProfile') : (profile?.name ?? '');
  const back = () => void router.navigate({ to: '/profiles', search: { manage: true } });
  return (
    <Page title={title} plain busy={!data && !error}>
      <div className={s.page} data-nav="col">
        <h1 className={s.title}>{title}</h1>
        {!data && (error ? <Failure error={error} onRetry={refetch} /> : <Skeleton shape="lines" count={2} />)}
        {data && (id === 'new' || profile) && <ProfileForm key={id} profile={profile} onDone={back} />}
        {data && id !== 'new' && !profile && <Empty heading={t('notFound')} text={t('notFoundText')} />}
      </div>
    </Page>
  );
}
