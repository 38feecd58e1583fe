import { createLink, type LinkComponent } from '@tanstack/react-router';
import { type AnchorHTMLAttributes, type ButtonHTMLAttributes, forwardRef, type ReactNode } from 'react';
import s from './Button.module.css';
import { names } from './class-names';
import { Spinner } from './Spinner';

type Tone = 'primary' | 'quiet' | 'brand' | 'danger' | 'bare';

interface Looks {
  tone?: Tone;
  icon?: ReactNode;
  /** shows a spinner instead of the icon and disables the button */ busy?: boolean;
  /** icon only; needs an aria-label */ round?: boolean;
  small?: boolean;
}

function classes({ tone = 'quiet', round, small }: Looks, extra?: string): string {
  return names(s.button, s[tone], round && s.round, small && s.small, extra);
}

export type ButtonProps = Looks & ButtonHTMLAttributes<HTMLButtonElement>;

export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(props, ref) {
  const { tone, icon, busy, round, small, className, children, ...rest } = props;
  return (
    <button
      type="button"
      {...rest}
      ref={ref}
      aria-busy={busy || undefined}
      className={classes({ tone, round, small }, className)}
      disabled={busy || rest.disabled}
    >
      {busy ? <Spinner /> : icon}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
});

type AnchorProps = Looks & AnchorHTMLAttributes<HTMLAnchorElement>;

const Anchor = forwardRef<HTMLAnchorElement, AnchorProps>(function Anchor(
  { tone, icon, round, small, busy: _busy, className, children, ...rest },
  ref,
) {
  return (
    <a {...rest} ref={ref} className={classes({ tone, round, small }, className)}>
      {icon}
      {children !== undefined && <span>{children as ReactNode}</span>}
    </a>
  );
});

const Routed = createLink(Anchor);

/** A link that looks like a button. */
export const ButtonLink: LinkComponent<typeof Anchor> = (props) => <Routed {...props} />;
