import { CircleAlert, CircleCheck, KeyRound, LogIn, LogOut, Mail, TriangleAlert, Tv } from 'lucide-react';
import type { ReactNode } from 'react';
import type { SecurityEntry } from '../api/types';
import { type AccountKey, useAccountWords } from '../i18n/namespaces';
import { agentName } from '../lib/agent';
import { moment } from './date-format';
import { Line } from './Panel';

interface Kind {
  words: AccountKey;
  icon: ReactNode;
  tone?: 'warn' | 'danger';
}

const kinds: Record<string, Kind> = {
  sign_in: { words: 'kindSignIn', icon: <LogIn /> },
  sign_in_failed: { words: 'kindSignInFailed', icon: <CircleAlert />, tone: 'warn' },
  sign_out: { words: 'kindSignOut', icon: <LogOut /> },
  refresh_reused: { words: 'kindRefreshReused', icon: <TriangleAlert />, tone: 'danger' },
  password_changed: { words: 'kindPasswordChanged', icon: <KeyRound /> },
  token_elsewhere: { words: 'kindTokenElsewhere', icon: <TriangleAlert />, tone: 'danger' },
  media_refused: { words: 'kindMediaRefused', icon: <CircleAlert />, tone: 'warn' },
  key_rotated: { words: 'kindKeyRotated', icon: <KeyRound /> },
  email_changed: { words: 'kindEmailChanged', icon: <Mail /> },
  api_key_made: { words: 'kindApiKeyMade', icon: <KeyRound /> },
  api_key_ended: { words: 'kindApiKeyEnded', icon: <KeyRound /> },
  device_paired: { words: 'kindDevicePaired', icon: <Tv /> },
  device_denied: { words: 'kindDeviceDenied', icon: <CircleAlert />, tone: 'warn' },
  pin_failed: { words: 'kindPinFailed', icon: <CircleAlert />, tone: 'warn' },
};

/** Removes duplicates, such as an account's address that equals the entered one. */
const factsOf = (parts: (string | false | undefined)[]) => Array.from(new Set(parts.filter(Boolean))).join(' · ');

/** Entries of the security log, newest first. Unknown kinds show their raw name. */
export function SecurityList({ items, withAccount }: { items: SecurityEntry[]; withAccount?: boolean }) {
  const { t, language } = useAccountWords();
  return (
    <>
      {items.map(({ id, atMs, kind, account, address, detail }) => {
        const known = kinds[kind];
        return (
          <Line
            key={id}
            icon={known?.icon ?? <CircleCheck />}
            tone={known?.tone}
            title={known ? t(known.words) : kind}
            facts={factsOf([moment(language, atMs), withAccount && account?.email, address, agentName(detail)])}
          />
        );
      })}
    </>
  );
}
