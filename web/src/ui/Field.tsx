import { CircleAlert, Eye, EyeOff } from 'lucide-react';
import { Children, forwardRef, type InputHTMLAttributes, type ReactNode, useId, useState } from 'react';
import { useT } from '../i18n';
import { names } from './class-names';
import s from './Field.module.css';

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint?: string;
  error?: string;
}

/** A labelled input with a hint or error; passwords have a show button. */
export const Field = forwardRef<HTMLInputElement, Props>(function Field({ label, hint, error, type = 'text', ...rest }, ref) {
  const t = useT();
  const id = useId();
  const [shown, setShown] = useState(false);
  const secret = type === 'password';
  const note = error ?? hint;
  return (
    <div className={s.field}>
      <label className={s.label} htmlFor={id}>
        {label}
      </label>
      <div className={s.box}>
        <input
          {...rest}
          ref={ref}
          id={id}
          type={secret && shown ? 'text' : type}
          className={names(s.input, secret && s.secret, error && s.wrong)}
          aria-invalid={error ? true : undefined}
          aria-describedby={note ? `${id}-note` : undefined}
        />
        {secret && (
          <button type="button" className={s.eye} aria-label={t(shown ? 'hidePassword' : 'showPassword')} onClick={() => setShown(!shown)}>
            {shown ? <EyeOff /> : <Eye />}
          </button>
        )}
      </div>
      {note && (
        <p id={`${id}-note`} className={error ? s.error : s.hint}>
          {error && <CircleAlert aria-hidden="true" />}
          {note}
        </p>
      )}
    </div>
  );
});

/** Fields side by side on wide screens. */
export function Pair({ children }: { children: ReactNode }) {
  return (
    <div className={s.pair} data-nav="row">
      {Children.map(children, (child) => child && <div>{child}</div>)}
    </div>
  );
}
