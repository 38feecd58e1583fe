import { highlight } from './highlight';
import s from './SearchPage.module.css';

/** A name with the query's matches highlighted. */
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
