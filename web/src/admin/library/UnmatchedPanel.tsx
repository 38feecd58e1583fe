import { useMutation, useQuery } from '@tanstack/react-query';
import { Check, FileQuestion, Pencil } from 'lucide-react';
import { useState } from 'react';
import { keeping, keepingQueries, type Unmatched } from '../../api/keeping';
import { queryClient } from '../../api/queries';
import { useKeeperWords } from '../../i18n/books';
import { Button } from '../../ui/Button';
import { Line, Note, Panel } from '../../ui/Panel';
import { FixMatch } from './FixMatch';

const refresh = () => queryClient.invalidateQueries({ queryKey: ['library', 'unmatched'] });

/** Files whose names say too little to be sure. Nothing is guessed: somebody says what they are, or that the name is right. */
export function UnmatchedPanel() {
  const { t } = useKeeperWords();
  const { data } = useQuery(keepingQueries.unmatched);
  const [fixing, setFixing] = useState<Unmatched>();
  const check = useMutation({ mutationFn: (item: Unmatched) => keeping.match(item.titleId, { checked: true }), onSettled: refresh });
  const items = data?.items ?? [];
  return (
    <Panel title={items.length > 0 ? t('unmatchedCount', { count: items.length }) : t('unmatched')}>
      <Note>{t(items.length > 0 ? 'unmatchedText' : 'unmatchedNone')}</Note>
      {items.map((item) => (
        <Line key={item.fileId} icon={<FileQuestion />} title={item.year ? `${item.name} (${item.year})` : item.name} facts={item.path}>
          <Button
            small
            round
            tone="bare"
            icon={<Check />}
            aria-label={t('nameIsRight', { name: item.name })}
            busy={check.isPending && check.variables.fileId === item.fileId}
            onClick={() => check.mutate(item)}
          />
          <Button small icon={<Pencil />} onClick={() => setFixing(item)}>
            {t('fixMatch')}
          </Button>
        </Line>
      ))}
      {fixing && (
        <FixMatch
          titleId={fixing.titleId}
          fileId={fixing.fileId}
          name={fixing.name}
          year={fixing.year}
          path={fixing.path}
          evidence={fixing.evidence}
          onClose={() => {
            setFixing(undefined);
            void refresh();
          }}
        />
      )}
    </Panel>
  );
}
