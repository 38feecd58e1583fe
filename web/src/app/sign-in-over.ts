import { onSignInOver } from '../api/client';
import { queries, queryClient } from '../api/queries';

/**
 * When the server refuses to renew the sign-in, bootstrap is fetched again: another tab may have renewed it a moment ago.
 * Without an account the route guards redirect to the sign-in, and from there back to the requested page.
 */
export function leaveWhenSignInIsOver(router: { invalidate: () => Promise<void> }): void {
  const { queryKey } = queries.bootstrap;
  onSignInOver(async () => {
    // Signed out before, or already being fetched.
    if (!queryClient.getQueryData(queryKey)?.account || queryClient.isFetching({ queryKey }) > 0) return;
    const found = await queryClient.fetchQuery({ ...queries.bootstrap, staleTime: 0 }).catch(() => undefined);
    if (!found || found.account) return;
    await router.invalidate();
    queryClient.removeQueries({ predicate: ({ queryKey: [topic] }) => topic !== queryKey[0] });
  });
}
