import { marks } from './marks';
import s from './SearchPage.module.css';

/** A name with what was asked for set off. */
export function Marked({ name, question }: { name: string; question: string }) {
  return marks(name, question).map(({ text, hit }, at) =>
    hit ? (
      <mark key={at} className={s.mark}>
        {text}
      </mark>
    ) : (
      text
    ),
  );
}
