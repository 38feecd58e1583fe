import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RenditionState } from '../../api/types';
import { usePlayerT } from '../../i18n/namespaces';
import { sharpness } from '../../ui/words';
import type { Level } from '../core/engine';
import type { Player, View } from '../core/player';
import { rates } from '../core/shortcuts';
import s from './SettingsPanel.module.css';
import { Sheet } from './Sheet';

interface Props {
  player: Player;
  view: View;
  onClose: () => void;
}

/** Quality levels, audio tracks if there are several, playback speed. */
export function SettingsPanel({ player, view, onClose }: Props) {
  const t = usePlayerT();
  const { levels, audio, renditions } = view;
  const current = levels.all[levels.current];
  const highestFirst = levels.all.slice().reverse();
  return (
    <Sheet title={t('settings')} onClose={onClose}>
      <Group label={t('quality')}>
        <Option checked={levels.chosen < 0} onPick={() => player.setLevel(-1)} start>
          {current?.height ? t('autoNow', { quality: `${current.height}p` }) : t('auto')}
        </Option>
        {highestFirst.map((level) => (
          <Option
            key={level.index}
            checked={levels.chosen === level.index}
            onPick={() => player.setLevel(level.index)}
            note={readiness(level, renditions)}
          >
            {level.height}p {sharpness(level.height) && <small>{sharpness(level.height)}</small>}
          </Option>
        ))}
      </Group>
      {audio.all.length > 1 && (
        <Group label={t('audio')}>
          {audio.all.map((track) => (
            <Option key={track.index} checked={audio.current === track.index} onPick={() => player.setAudio(track.index)}>
              {track.name || track.language}
            </Option>
          ))}
        </Group>
      )}
      <Group label={t('speed')} inline>
        {rates.map((rate) => (
          <Option key={rate} checked={view.rate === rate} onPick={() => player.setRate(rate)}>
            {rate}×
          </Option>
        ))}
      </Group>
    </Sheet>
  );
}

/** "62 %" for a rung that is still being encoded. */
function readiness(level: Level, renditions: RenditionState[]): string | undefined {
  const rendition = renditions.find((one) => one.kind === 'video' && one.height === level.height);
  return rendition && !rendition.complete ? `${Math.floor(rendition.percent)} %` : undefined;
}

function Group({ label, inline, children }: { label: string; inline?: boolean; children: ReactNode }) {
  return (
    <section className={s.group}>
      <h3 className={s.heading}>{label}</h3>
      <div role="radiogroup" aria-label={label} className={inline ? s.inline : s.list} data-nav={inline ? 'row' : 'col'}>
        {children}
      </div>
    </section>
  );
}

interface OptionProps {
  checked: boolean;
  onPick: () => void;
  /** focused when the panel opens */ start?: boolean;
  note?: string;
  children: ReactNode;
}

function Option({ checked, onPick, start, note, children }: OptionProps) {
  return (
    <button
      type="button"
      role="radio"
      aria-checked={checked}
      className={s.option}
      data-nav-default={start ? '' : undefined}
      onClick={onPick}
    >
      <Check className={s.mark} aria-hidden="true" />
      <span className={s.label}>{children}</span>
      {note && <span className={s.note}>{note}</span>}
    </button>
  );
}
