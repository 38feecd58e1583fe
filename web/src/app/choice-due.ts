import { onChoiceDue } from '../api/client';
import { queries, queryClient } from '../api/queries';

interface Router {
  state: { location: { pathname: string; href: string } };
  navigate: (to: { to: '/profiles'; search: { to: string } }) => Promise<void>;
}

/**
 * When another tab was started and the account wants to be asked each time, the server answers nothing until a profile is
 * chosen again: the page leads there, and back afterwards.
 */
export function askWhenChoiceIsDue(router: Router): void {
  onChoiceDue(() => {
    queryClient.setQueryData(queries.bootstrap.queryKey, (old) => old && { ...old, chooseProfile: true });
    const { pathname, href } = router.state.location;
    if (pathname !== '/profiles') void router.navigate({ to: '/profiles', search: { to: href } });
  });
}
