import { useEffect, useState } from 'react';
import { pairing } from '../../api/pairing';
import { asProblem } from '../../api/problem';
import type { Pairing } from '../../api/types';
import { useViewerWords } from '../../i18n/namespaces';
import { agentName } from '../../lib/agent';
import { Notice } from '../../ui/AuthLayout';
import { Spinner } from '../../ui/Spinner';
import { failureWords } from '../../ui/words';
import s from './TvCode.module.css';

/** Waits so many seconds, or until the page goes away. */
function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** Polls at the server's interval until the request is answered: true = signed in, false = the code expired. */
async function answered({ device_code, interval, expires_in }: Pairing, signal: AbortSignal): Promise<boolean> {
  let wait = interval;
  for (const end = performance.now() + expires_in * 1000; performance.now() < end; ) {
    await pause(wait, signal);
    try {
      await pairing.fetch(device_code, signal);
      return true;
    } catch (error) {
      const { code, status } = asProblem(error);
      if (code === 'slow_down') wait += 5;
      // A network error does not end the polling.
      else if (code !== 'authorization_pending' && status !== 0) return false;
    }
  }
  return false;
}

/** Shows a device code, and a new one when it expires, until one is approved. */
export function TvCode({ onSignedIn }: { onSignedIn: () => Promise<void> }) {
  const words = useViewerWords();
  const { t } = words;
  const [shown, setShown] = useState<Pairing>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const run = async () => {
      for (;;) {
        const made = await pairing.begin(agentName(navigator.userAgent).slice(0, 80) || 'TV', signal);
        setShown(made);
        if (await answered(made, signal)) return onSignedIn();
      }
    };
    run().catch((reason: unknown) => signal.aborted || setError(reason));
    return () => leaving.abort();
  }, [onSignedIn]);
  if (error) return <Notice>{failureWords(words, error)}</Notice>;
  if (!shown) return <Spinner large />;
  return (
    <div className={s.tv}>
      <p className={s.step}>{t('tvGoTo')}</p>
      <p className={s.address}>{shown.verification_uri.replace(/^https?:\/\//, '')}</p>
      <p className={s.step}>{t('tvType')}</p>
      <p className={s.code} data-testid="user-code">
        {shown.user_code}
      </p>
    </div>
  );
}
