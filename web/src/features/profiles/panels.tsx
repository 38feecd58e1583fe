import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { profileQueries } from '../../api/profiles';
import { languages } from '../../i18n';
import { useViewerWords } from '../../i18n/namespaces';
import { Button } from '../../ui/Button';
import { Check } from '../../ui/Check';
import { Choice } from '../../ui/Choice';
import { Actions, Dialog } from '../../ui/Dialog';
import { Line, Panel } from '../../ui/Panel';
import { type Draft, withKids } from './draft';
import s from './EditPage.module.css';
import { PinEntry } from './PinEntry';

interface Props {
  draft: Draft;
  onChange: (draft: Draft) => void;
}

const ages = [6, 7, 10, 12, 14, 16, 18];

/** Age limit and kids settings of a profile. */
export function AgePanel({ draft, onChange, id }: Props & { id?: string }) {
  const { t } = useViewerWords();
  const { maturity } = draft;
  const known = maturity === undefined || ages.includes(maturity) ? ages : [...ages, maturity].sort((a, b) => a - b);
  const offered = draft.kids ? known.filter((age) => age <= 12) : known;
  return (
    <Panel title={t('mayWatch')}>
      <Check label={t('kidsProfile')} checked={draft.kids} onChange={(event) => onChange(withKids(draft, event.target.checked))} />
      <p className={s.note}>{t('kidsText')}</p>
      <p className={s.label}>{t('ageLimit')}</p>
      <Choice
        label={t('ageLimit')}
        value={maturity === undefined ? '' : String(maturity)}
        options={[
          ...offered.map((age) => ({ value: String(age), label: t('ageUpTo', { age }) })),
          ...(draft.kids ? [] : [{ value: '', label: t('noLimit') }]),
        ]}
        onChange={(age) => onChange({ ...draft, maturity: age === '' ? undefined : Number(age) })}
      />
      <Check label={t('unratedToo')} checked={draft.unrated} onChange={(event) => onChange({ ...draft, unrated: event.target.checked })} />
      {maturity !== undefined && <OpenProfiles except={id} />}
    </Panel>
  );
}

/** Names the profiles without a limit that anybody can change to, because they have no PIN. */
function OpenProfiles({ except }: { except?: string }) {
  const { t } = useViewerWords();
  const { data } = useQuery(profileQueries.list);
  const open = (data?.items ?? []).filter((one) => one.id !== except && one.maturity === undefined && !one.hasPin);
  if (open.length === 0) return null;
  const names = open.map((one) => one.name).join(', ');
  return (
    <p className={s.note} data-testid="open-profiles">
      {t('openWithoutPin', { names, count: open.length })}
    </p>
  );
}

/** Playback and language settings of a profile. */
export function PlayPanel({ draft, onChange }: Props) {
  const { t } = useViewerWords();
  const spoken = Object.entries(languages).map(([value, label]) => ({ value: value as string, label: label as string, lang: value }));
  const choices = [
    { key: 'language', label: t('language'), none: t('likeDevice') },
    { key: 'audioLanguage', label: t('audioLanguage'), none: t('likeFilm') },
    { key: 'subtitleLanguage', label: t('subtitleLanguage'), none: t('noSubtitles') },
  ] as const;
  return (
    <Panel title={t('languageAndPlay')}>
      {choices.map(({ key, label, none }) => (
        <div key={key}>
          <p className={s.label}>{label}</p>
          <Choice
            label={label}
            value={draft[key]}
            options={[{ value: '', label: none }, ...spoken]}
            onChange={(value) => onChange({ ...draft, [key]: value })}
          />
        </div>
      ))}
      <Check
        label={t('autoplayNext')}
        checked={draft.autoplayNext}
        onChange={(event) => onChange({ ...draft, autoplayNext: event.target.checked })}
      />
    </Panel>
  );
}

/** Sets or removes the PIN of a profile. */
export function PinPanel({ draft, onChange, hasPin }: Props & { hasPin: boolean }) {
  const { t } = useViewerWords();
  const [typing, setTyping] = useState(false);
  const locked = draft.pin === undefined ? hasPin : draft.pin !== null;
  return (
    <Panel title={t('pin')}>
      <Line title={t(locked ? 'pinOn' : 'pinOff')} facts={t(draft.pin === undefined ? 'pinText' : 'pinUnsaved')}>
        {locked && (
          <Button small tone="bare" onClick={() => onChange({ ...draft, pin: hasPin ? null : undefined })}>
            {t('remove')}
          </Button>
        )}
        <Button small onClick={() => setTyping(true)}>
          {t(locked ? 'pinChange' : 'pinSet')}
        </Button>
      </Line>
      {typing && (
        <NewPin
          onClose={() => setTyping(false)}
          onPin={(pin) => {
            onChange({ ...draft, pin });
            setTyping(false);
          }}
        />
      )}
    </Panel>
  );
}

/** The PIN is entered twice, because its digits are hidden. */
function NewPin({ onPin, onClose }: { onPin: (pin: string) => void; onClose: () => void }) {
  const { t } = useViewerWords();
  const [first, setFirst] = useState<string>();
  const [pin, setPin] = useState('');
  const [missed, setMissed] = useState(0);
  const change = (typed: string) => {
    setPin(typed);
    if (typed.length < 4) return;
    if (first === typed) return onPin(typed);
    setPin('');
    setFirst(first === undefined ? typed : undefined);
    setMissed(first === undefined ? 0 : missed + 1);
  };
  return (
    <Dialog title={t(first === undefined ? 'pinChoose' : 'pinAgain')} onClose={onClose}>
      <PinEntry value={pin} onChange={change} wrong={missed} note={missed > 0 && first === undefined ? t('pinDiffers') : undefined} />
      <Actions>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </Actions>
    </Dialog>
  );
}
