import { onSignInOver } from '../api/client';
import { queries, queryClient } from '../api/queries';

/**
 * When the server refuses to renew the sign-in, it is asked once more who is here: another tab may have renewed it a moment
 * ago. If it is nobody, the guards of the pages lead to the sign-in, and from there back to the page asked for.
 */
export function leaveWhenSignInIsOver(router: { invalidate: () => Promise<void> }): void {
  const { queryKey } = queries.bootstrap;
  onSignInOver(async () => {
    // Nobody was here, or the question is being asked already.
    if (!queryClient.getQueryData(queryKey)?.account || queryClient.isFetching({ queryKey }) > 0) return;
    const found = await queryClient.fetchQuery({ ...queries.bootstrap, staleTime: 0 }).catch(() => undefined);
    if (!found || found.account) return;
    await router.invalidate();
    queryClient.removeQueries({ predicate: ({ queryKey: [topic] }) => topic !== queryKey[0] });
  });
}
