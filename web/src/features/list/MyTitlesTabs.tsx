import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useViewerWords } from '../../i18n/namespaces';
import { Choice } from '../../ui/Choice';
import s from './MyTitlesTabs.module.css';

/** Switches between the list and the history. */
export function MyTitlesTabs({ here, children }: { here: '/list' | '/history'; children?: ReactNode }) {
  const { t } = useViewerWords();
  const navigate = useNavigate();
  return (
    <div className={s.tools} data-nav="row">
      <Choice<'/list' | '/history'>
        label={t('mine')}
        value={here}
        options={[
          { value: '/list', label: t('myList') },
          { value: '/history', label: t('history') },
        ]}
        onChange={(to) => void navigate({ to, replace: true })}
      />
      {children}
    </div>
  );
}
