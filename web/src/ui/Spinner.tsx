import { names } from './class-names';
import s from './Spinner.module.css';

export function Spinner({ large }: { large?: boolean }) {
  return (
    <svg className={names(s.spinner, large && s.large)} viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="10" fill="none" stroke="currentColor" strokeOpacity=".22" strokeWidth="2.5" />
      <path d="M12 2a10 10 0 0 1 10 10" fill="none" stroke="currentColor" strokeWidth="2.5" strokeLinecap="round" />
    </svg>
  );
}
