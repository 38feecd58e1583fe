import s from './Choice.module.css';

interface Option<V extends string> {
  value: V;
  label: string;
  lang?: string;
}

interface Props<V extends string> {
  label: string;
  value: V;
  options: Option<V>[];
  onChange: (value: V) => void;
}

/** A radio group as chips instead of a native select, which a remote cannot open. */
export function Choice<V extends string>({ label, value, options, onChange }: Props<V>) {
  return (
    <div className={s.choice} role="group" aria-label={label} data-nav="row" data-nav-track="">
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          className={s.chip}
          lang={option.lang}
          aria-pressed={option.value === value}
          data-nav-default={option.value === value ? '' : undefined}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
