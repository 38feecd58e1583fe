import s from './Logo.module.css';

/** The logo and the server's brand name. */
export function Logo({ brand = 'Movify' }: { brand?: string }) {
  return (
    <span className={s.logo}>
      <svg viewBox="0 0 44 34" aria-hidden="true">
        <path
          d="M2 33V4.5C2 .7 6.7-.9 9 2l13 16.5L35 2c2.3-2.9 7-1.3 7 2.5V33h-9.5V14.5L24.4 25a3 3 0 0 1-4.8 0L11.5 14.5V33z"
          fill="currentColor"
        />
      </svg>
      <span>{brand}</span>
    </span>
  );
}
