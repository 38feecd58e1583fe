import { useMutation } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { adminLibrary } from '../../api/admin-library';
import type { TitleDetail } from '../../api/types';
import { type AdminKey, useAdminWords } from '../../i18n/namespaces';
import { Notice } from '../../ui/AuthLayout';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { fieldError } from '../../ui/field-error';
import { failureWords } from '../../ui/words';
import s from './EditDialog.module.css';
import { type Draft, draftOf, type Field, fields, patchOf, refreshTitle } from './title-draft';

const labels: Record<Field, AdminKey> = {
  name: 'fieldName',
  originalName: 'fieldOriginalName',
  sortName: 'fieldSortName',
  year: 'fieldYear',
  released: 'fieldReleased',
  certification: 'fieldCertification',
  age: 'fieldAge',
  tagline: 'fieldTagline',
  overview: 'fieldOverview',
  genres: 'fieldGenres',
  studios: 'fieldStudios',
  countries: 'fieldCountries',
  credits: 'fieldCredits',
};

const hints: Partial<Record<Field, AdminKey>> = { genres: 'byCommas', studios: 'byCommas', countries: 'byCommas', credits: 'creditsHint' };
const lines: Partial<Record<Field, number>> = { overview: 5, credits: 6 };
/** Fields shown in pairs on wide screens. */
const short: Field[] = ['year', 'released', 'certification', 'age'];

/** Edits a title's fields and shows the source of each. Edited fields override later scans. */
export function EditDialog({ title, onClose }: { title: TitleDetail; onClose: () => void }) {
  const words = useAdminWords();
  const { t } = words;
  const before = draftOf(title);
  const [draft, setDraft] = useState<Draft>(before);
  const [automatic, setAutomatic] = useState<Field[]>([]);
  const save = useMutation({
    mutationFn: () => adminLibrary.change(title.id, patchOf(before, draft, automatic)),
    onSuccess: (made) => {
      refreshTitle(title.id, made);
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const toggle = (field: Field) => setAutomatic((old) => (old.includes(field) ? old.filter((one) => one !== field) : [...old, field]));
  const row = (field: Field) => (
    <EditedField
      key={field}
      label={t(labels[field])}
      value={draft[field]}
      lines={lines[field]}
      kind={field === 'year' || field === 'age' ? 'number' : field === 'released' ? 'date' : 'text'}
      source={title.admin?.evidence[field]}
      hint={hints[field] && t(hints[field])}
      edited={title.admin?.edited.includes(field) ?? false}
      automatic={automatic.includes(field)}
      error={fieldError(words, save.error, field)}
      onChange={(text) => setDraft((old) => ({ ...old, [field]: text }))}
      onAutomatic={() => toggle(field)}
    />
  );
  return (
    <Dialog title={t('editTitle')} wide onClose={onClose}>
      <form onSubmit={submit} data-nav="col">
        {save.error ? <Notice>{failureWords(words, save.error)}</Notice> : null}
        {fields.slice(0, 3).map(row)}
        <div className={s.pair}>{short.map(row)}</div>
        {fields.slice(7).map(row)}
        <Actions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone="primary" busy={save.isPending}>
            {t('save')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

interface FieldProps {
  label: string;
  value: string;
  lines?: number;
  kind: 'text' | 'number' | 'date';
  /** the source of the value */ source?: string;
  hint?: ReactNode;
  /** edited by an administrator */ edited: boolean;
  /** reset to the merged value on save */ automatic: boolean;
  error?: string;
  onChange: (text: string) => void;
  onAutomatic: () => void;
}

function EditedField({ label, value, lines: rows, kind, source, hint, edited, automatic, error, onChange, onAutomatic }: FieldProps) {
  const { t } = useAdminWords();
  const id = useId();
  const shared = {
    id,
    value,
    disabled: automatic,
    className: s.input,
    'aria-invalid': error ? true : undefined,
    'aria-describedby': `${id}-note`,
  };
  const from = automatic ? t('willBeAutomatic') : edited ? t('editedByHand') : source ? t('readFrom', { source }) : '';
  return (
    <div className={s.field}>
      <div className={s.head}>
        <label htmlFor={id} className={s.label}>
          {label}
        </label>
        {edited && (
          <button type="button" className={s.reset} aria-pressed={automatic} onClick={onAutomatic}>
            <RotateCcw aria-hidden="true" />
            {t('automatic')}
          </button>
        )}
      </div>
      {rows ? (
        <textarea {...shared} rows={rows} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <input {...shared} type={kind} onChange={(event) => onChange(event.target.value)} />
      )}
      <p id={`${id}-note`} className={error ? s.error : s.note}>
        {error ?? [hint, from].filter(Boolean).join(' · ')}
      </p>
    </div>
  );
}
