import { queryOptions } from '@tanstack/react-query';
import { languages, setLanguage } from '../i18n';
import { call } from './client';
import { queries, queryClient } from './queries';
import type * as api from './types';

/** Profiles of an account, and switching between them. */
export const profiles = {
  list: (signal?: AbortSignal) => call('get', '/profiles', { signal }),
  alwaysAsk: (alwaysAsk: boolean) => call('patch', '/profiles-settings', { body: { alwaysAsk } }),
  add: (body: api.NewProfile) => call('post', '/profiles', { body }),
  change: (id: string, body: api.ProfilePatch) => call('patch', '/profiles/{id}', { path: { id }, body }),
  remove: (id: string, password: string) => call('delete', '/profiles/{id}', { path: { id }, body: { password } }),
  upload: (id: string, picture: Blob) => call('put', '/profiles/{id}/avatar', { path: { id }, body: picture }),
  choose: (id: string, keys: { pin?: string; exit?: string }) => call('post', '/profiles/{id}/choose', { path: { id }, body: keys }),
  question: (signal?: AbortSignal) => call('get', '/profiles/exit-challenge', { signal }),
  resetPin: (id: string, body: { password: string; pin?: string }) => call('post', '/profiles/{id}/pin/reset', { path: { id }, body }),
};

export const profileQueries = {
  list: queryOptions({ queryKey: ['profiles'], queryFn: ({ signal }) => profiles.list(signal) }),
  // An exit challenge is valid for one answer.
  question: queryOptions({
    queryKey: ['exit-challenge'],
    queryFn: ({ signal }) => profiles.question(signal),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  }),
};

/** Switches the app to another profile and drops every cached answer of the previous one. */
export async function switchProfile(bootstrap: api.Bootstrap): Promise<void> {
  const { queryKey } = queries.bootstrap;
  queryClient.setQueryData(queryKey, bootstrap);
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== queryKey[0] });
  const language = (Object.keys(languages) as (keyof typeof languages)[]).find((one) => one === bootstrap.profile?.language);
  if (language) await setLanguage(language);
}

/** Refetches the profiles and updates the current one in the cached bootstrap answer. */
export async function refreshProfiles(changed?: api.Profile): Promise<void> {
  queryClient.setQueryData(queries.bootstrap.queryKey, (old) =>
    old && changed && old.profile?.id === changed.id ? { ...old, profile: changed } : old,
  );
  await queryClient.invalidateQueries({ queryKey: profileQueries.list.queryKey });
}
