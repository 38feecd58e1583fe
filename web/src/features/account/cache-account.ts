import { queries, queryClient } from '../../api/queries';
import type { Account } from '../../api/types';

/** Stores a changed account in the cached bootstrap answer, from which every page reads it. */
export function cacheAccount(account: Account): void {
  queryClient.setQueryData(queries.bootstrap.queryKey, (old) => old && { ...old, account });
}
