import { highlight } from './highlight';
import s from './SearchPage.module.css';

/** A name with what was asked for set off. */
export function Highlighted({ name, query }: { name: string; query: string }) {
  return highlight(name, query).map(({ text, hit }, at) =>
    hit ? (
      <mark key={at} className={s.mark}>
        {text}
      </mark>
    ) : (
      text
    ),
  );
}
