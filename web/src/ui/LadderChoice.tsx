import type { LadderPrediction, LadderSetting } from '../api/types';
import { type AccountKey, useAccountWords } from '../i18n/namespaces';
import s from './LadderChoice.module.css';
import { ladderCost } from './ladder-cost';

/** The names of the settings. */
export const ladderNames = {
  when_watched: 'ladderWhenWatched',
  always: 'ladderAlways',
  never: 'ladderNever',
} as const satisfies Record<LadderSetting, AccountKey>;

const texts = {
  when_watched: 'ladderWhenWatchedText',
  always: 'ladderAlwaysText',
  never: 'ladderNeverText',
} as const satisfies Record<LadderSetting, AccountKey>;

const settings = Object.keys(ladderNames) as LadderSetting[];

interface Props {
  label: string;
  value: LadderSetting;
  /** the setting of the configuration, which is marked */ standard: LadderSetting | undefined;
  prediction: LadderPrediction | undefined;
  disabled?: boolean;
  onChange: (value: LadderSetting) => void;
}

/** The three settings of a folder's ladders, each with its predicted work and space. */
export function LadderChoice({ label, value, standard, prediction, disabled, onChange }: Props) {
  const { t, language } = useAccountWords();
  return (
    <div role="group" aria-label={label} data-nav="col">
      {settings.map((setting) => (
        <button
          key={setting}
          type="button"
          className={s.way}
          aria-pressed={setting === value}
          disabled={disabled}
          data-nav-default={setting === value ? '' : undefined}
          data-testid={`ladder-${setting}`}
          onClick={() => onChange(setting)}
        >
          <span className={s.name}>
            <span className={s.words}>{t(ladderNames[setting])}</span>
            {setting === standard && <span className={s.mark}>{t('ladderDefault')}</span>}
          </span>
          <span className={s.text}>{t(texts[setting])}</span>
          {prediction && <span className={s.cost}>{ladderCost(t, language, setting, prediction)}</span>}
        </button>
      ))}
    </div>
  );
}
