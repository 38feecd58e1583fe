import { Ellipsis } from 'lucide-react';
import type { UserRow } from '../../api/types';
import { useAdminWords } from '../../i18n/namespaces';
import { Button } from '../../ui/Button';
import { names } from '../../ui/class-names';
import { moment } from '../../ui/date-format';
import s from './UserTable.module.css';

interface Props {
  items: UserRow[];
  ownId: string;
  onOpen: (id: string) => void;
}

/** One account per row; phones stack the cells. */
export function UserTable({ items, ownId, onOpen }: Props) {
  const { t, language } = useAdminWords();
  const number = new Intl.NumberFormat(language);
  return (
    <table className={s.table}>
      <thead>
        <tr>
          <th scope="col">{t('user')}</th>
          <th scope="col">{t('role')}</th>
          <th scope="col">{t('lastSeen')}</th>
          <th scope="col" className={s.number}>
            {t('profilesOf')}
          </th>
          <th scope="col" className={s.number}>
            {t('streamsOf')}
          </th>
          <th scope="col">
            <span className={s.unseen}>{t('actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ account, profiles, lastSeenMs, disabled }) => (
          <tr key={account.id} data-disabled={disabled || undefined} data-testid="user">
            <td>
              <p className={s.name}>
                {account.name}
                {account.id === ownId && <span className={s.tag}>{t('you')}</span>}
                {disabled && <span className={names(s.tag, s.off)}>{t('disabled')}</span>}
              </p>
              <p className={s.mail}>{account.email}</p>
            </td>
            <td data-label={t('role')}>{t(`role_${account.role}`)}</td>
            <td data-label={t('lastSeen')}>{lastSeenMs ? moment(language, lastSeenMs) : t('never')}</td>
            <td data-label={t('profilesOf')} className={s.number}>
              {`${number.format(profiles)} / ${number.format(account.profileLimit)}`}
            </td>
            <td data-label={t('streamsOf')} className={s.number}>
              {number.format(account.streams)}
            </td>
            <td className={s.more}>
              <Button
                small
                round
                tone="bare"
                icon={<Ellipsis />}
                aria-label={t('manageUser', { name: account.name || account.email })}
                onClick={() => onOpen(account.id)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
