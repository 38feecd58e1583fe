import { useMutation } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { queryClient } from '../../api/queries';
import { userQueries, users } from '../../api/users';
import { type AdminKey, useAdminWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { Line, Panel } from '../../ui/Panel';
import { failureWords } from '../../ui/words';

type Purpose = 'access' | 'media';

const keys: Record<Purpose, { name: AdminKey; text: AdminKey }> = {
  access: { name: 'keyAccess', text: 'keyAccessText' },
  media: { name: 'keyMedia', text: 'keyMediaText' },
};

/** Rotation of the signing keys. */
export function KeysPanel() {
  const { t } = useAdminWords();
  const [asking, setAsking] = useState<Purpose>();
  return (
    <Panel title={t('signingKeys')}>
      {(['access', 'media'] as const).map((purpose) => (
        <Line key={purpose} icon={<KeyRound />} title={t(keys[purpose].name)} facts={t(keys[purpose].text)}>
          <Button small onClick={() => setAsking(purpose)}>
            {t('rotate')}
          </Button>
        </Line>
      ))}
      {asking && <Rotate purpose={asking} onClose={() => setAsking(undefined)} />}
    </Panel>
  );
}

function Rotate({ purpose, onClose }: { purpose: Purpose; onClose: () => void }) {
  const words = useAdminWords();
  const { t } = words;
  const rotate = useMutation({
    mutationFn: () => users.rotateKeys(purpose),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: userQueries.security.queryKey });
      onClose();
    },
  });
  return (
    <Dialog title={t('rotateAsk', { name: t(keys[purpose].name) })} onClose={onClose}>
      {rotate.error ? <Notice>{failureWords(words, rotate.error)}</Notice> : null}
      <p>{t('rotateText')}</p>
      <Actions>
        <Button onClick={onClose} data-nav-default="">
          {t('cancel')}
        </Button>
        <Button tone="primary" busy={rotate.isPending} onClick={() => rotate.mutate()}>
          {t('rotate')}
        </Button>
      </Actions>
    </Dialog>
  );
}
