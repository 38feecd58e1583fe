import { useQuery } from '@tanstack/react-query';
import { catalogueQueries } from '../../api/catalogue';
import { queries } from '../../api/queries';
import type { UserChange, UserRow } from '../../api/types';
import { useAdminWords } from '../../i18n/namespaces';
import { Check } from '../../ui/Check';
import { Choice } from '../../ui/Choice';
import s from './users.module.css';

/** Limits a member's access to some library folders and channels. */
export function AccessFields({ user, onChange }: { user: UserRow; onChange: (change: UserChange) => void }) {
  const { t } = useAdminWords();
  const roots = useQuery(queries.library).data?.roots.map(({ id, path }) => ({ id, name: path }));
  const channels = useQuery(catalogueQueries.channels).data?.items;
  return (
    <>
      <AccessLimit label={t('seesFolders')} all={roots ?? []} chosen={user.libraries} onChange={(libraries) => onChange({ libraries })} />
      <AccessLimit
        label={t('seesChannels')}
        all={channels ?? []}
        chosen={user.channels}
        onChange={(some) => onChange({ channels: some })}
      />
    </>
  );
}

interface LimitProps {
  label: string;
  all: { id: string; name: string }[];
  /** absent = everything */ chosen?: string[];
  onChange: (chosen: string[] | null) => void;
}

function AccessLimit({ label, all, chosen, onChange }: LimitProps) {
  const { t } = useAdminWords();
  if (all.length === 0 && !chosen) return null;
  const toggle = (id: string, on: boolean) => onChange(on ? [...(chosen ?? []), id] : (chosen ?? []).filter((one) => one !== id));
  return (
    <div className={s.choice}>
      <p className={s.label}>{label}</p>
      <Choice<'all' | 'some'>
        label={label}
        value={chosen ? 'some' : 'all'}
        options={[
          { value: 'all', label: t('seesAll') },
          { value: 'some', label: t('seesSome') },
        ]}
        onChange={(value) => onChange(value === 'all' ? null : all.map(({ id }) => id))}
      />
      {chosen &&
        all.map(({ id, name }) => (
          <Check key={id} label={name} checked={chosen.includes(id)} onChange={(event) => toggle(id, event.target.checked)} />
        ))}
    </div>
  );
}
