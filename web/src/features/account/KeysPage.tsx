import { useMutation, useQuery } from '@tanstack/react-query';
import { KeyRound, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { accountQueries, ownAccount } from '../../api/account';
import { queries, queryClient } from '../../api/queries';
import type { ApiKey, KeyScope } from '../../api/types';
import { useAccountWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { day, moment } from '../../ui/date-format';
import { Line, Note, Panel } from '../../ui/Panel';
import { Skeleton } from '../../ui/Skeleton';
import { Failure } from '../../ui/State';
import { failureWords } from '../../ui/words';
import { AccountSections } from './AccountSections';
import { AddKey } from './AddKey';

/** API keys of the account. */
export function KeysPage() {
  const { t } = useAccountWords();
  const { data, error, refetch } = useQuery(accountQueries.keys);
  const account = useQuery(queries.bootstrap).data?.account;
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<ApiKey>();
  if (!data) {
    return (
      <AccountSections title={t('apiKeys')} busy={!error}>
        {error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton shape="lines" count={2} />}
      </AccountSections>
    );
  }
  const add = (
    <Button small icon={<Plus />} data-nav-default="" onClick={() => setAdding(true)}>
      {t('addKey')}
    </Button>
  );
  return (
    <AccountSections title={t('apiKeys')}>
      <Panel title={t('yourKeys')} actions={add}>
        <Note>{t('keysText')}</Note>
        {data.items.map((key) => (
          <KeyLine key={key.id} apiKey={key} onRemove={() => setLeaving(key)} />
        ))}
      </Panel>
      {adding && <AddKey admin={account?.role !== 'member'} onClose={() => setAdding(false)} />}
      {leaving && <RemoveKey apiKey={leaving} onClose={() => setLeaving(undefined)} />}
    </AccountSections>
  );
}

function KeyLine({ apiKey, onRemove }: { apiKey: ApiKey; onRemove: () => void }) {
  const { t, language } = useAccountWords();
  const facts = [
    `${apiKey.hint}…`,
    apiKey.scopes.map((scope) => t(`scope_${scope as KeyScope}`)).join(', '),
    t('madeOn', { when: day(language, apiKey.createdMs) }),
    apiKey.usedMs ? t('lastUsed', { when: moment(language, apiKey.usedMs) }) : t('neverUsed'),
  ].join(' · ');
  return (
    <Line icon={<KeyRound />} title={apiKey.name} facts={facts}>
      <Button small round tone="bare" icon={<Trash2 />} aria-label={t('removeKey', { name: apiKey.name })} onClick={onRemove} />
    </Line>
  );
}

function RemoveKey({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const words = useAccountWords();
  const { t } = words;
  const remove = useMutation({
    mutationFn: () => ownAccount.removeKey(apiKey.id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: accountQueries.keys.queryKey });
      onClose();
    },
  });
  return (
    <Dialog title={t('removeKeyAsk', { name: apiKey.name })} onClose={onClose}>
      {remove.error ? <Notice>{failureWords(words, remove.error)}</Notice> : null}
      <p>{t('removeKeyText')}</p>
      <Actions>
        <Button onClick={onClose} data-nav-default="">
          {t('cancel')}
        </Button>
        <Button tone="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
          {t('remove')}
        </Button>
      </Actions>
    </Dialog>
  );
}
