import { type ReactNode, useEffect, useId, useRef } from 'react';
import { pushLayer } from '../nav/keys';
import s from './Dialog.module.css';

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
  /** at the side, or at the bottom of a phone, so that the page stays visible */ side?: boolean;
}

/** The browser's own modal dialog: focus trap, inert background and Escape work in every supported browser. */
export function Dialog({ title, onClose, children, wide, side }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  const id = useId();

  useEffect(() => {
    const dialog = ref.current;
    const opener = document.activeElement;
    dialog?.showModal();
    const off = pushLayer((key) => {
      if (key !== 'back') return false;
      close.current();
      return true;
    });
    return () => {
      off();
      dialog?.close();
      if (opener instanceof HTMLElement && document.contains(opener)) opener.focus();
    };
  }, []);

  return (
    <dialog
      ref={ref}
      className={s.dialog}
      data-wide={wide || undefined}
      data-side={side || undefined}
      aria-labelledby={id}
      data-nav="col"
      data-nav-trap=""
      onCancel={(event) => event.preventDefault()}
    >
      <h2 id={id} className={s.title}>
        {title}
      </h2>
      {children}
    </dialog>
  );
}

/** Button row of a dialog or form. */
export function Actions({ children }: { children: ReactNode }) {
  return (
    <div className={s.actions} data-nav="row">
      {children}
    </div>
  );
}
