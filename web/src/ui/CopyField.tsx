import { Check, Copy } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useT } from '../i18n';
import { Button } from './Button';
import s from './CopyField.module.css';

/** Copies text. The Clipboard API needs https; without it the selection is copied with execCommand. */
async function copy(field: HTMLInputElement): Promise<boolean> {
  field.select();
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(field.value);
      return true;
    }
    return document.execCommand('copy');
  } catch {
    return document.execCommand('copy');
  }
}

/** A read-only value with a copy button, such as a link or a key. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const t = useT();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <div className={s.copy} data-nav="row">
      <input ref={field} className={s.value} readOnly aria-label={label} value={value} onFocus={(event) => event.target.select()} />
      <Button
        tone="primary"
        icon={copied ? <Check /> : <Copy />}
        data-nav-default=""
        onClick={() => field.current && void copy(field.current).then(setCopied)}
      >
        {t(copied ? 'copied' : 'copy')}
      </Button>
    </div>
  );
}
