import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RenditionState } from '../../api/types';
import { usePlayerT, usePlayerWords } from '../../i18n/namespaces';
import { sharpness } from '../../ui/words';
import type { Player, View } from '../core/player';
import { rates } from '../core/shortcuts';
import { megabits } from './bit-rate';
import s from './SettingsPanel.module.css';
import { Sheet } from './Sheet';

interface Props {
  player: Player;
  view: View;
  onClose: () => void;
}

/** Quality, audio tracks if there are several, playback speed. */
export function SettingsPanel({ player, view, onClose }: Props) {
  const t = usePlayerT();
  const { audio } = view;
  return (
    <Sheet title={t('settings')} onClose={onClose}>
      <QualityGroup player={player} view={view} />
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

/** Auto, the film as it is, and the rungs. */
function QualityGroup({ player, view }: Pick<Props, 'player' | 'view'>) {
  const { t, language } = usePlayerWords();
  const { way, original, quality, renditions } = view;
  const heights = heightsOf(view);
  const height = quality.kind === 'rung' ? rungFor(heights, quality.height) : undefined;
  const now = way.kind === 'original' ? t('original') : currentHeight(view);
  return (
    <Group label={t('quality')}>
      <Option checked={quality.kind === 'auto'} onPick={() => player.setQuality({ kind: 'auto' })} start>
        {now ? t('autoNow', { quality: now }) : t('auto')}
      </Option>
      {original && (
        <Option
          checked={quality.kind === 'original'}
          onPick={() => player.setQuality({ kind: 'original' })}
          note={`${original.name} · ${megabits(language, original.averageBps, 1)}`}
        >
          {t('original')}
        </Option>
      )}
      {heights.map((one) => (
        <Option
          key={one}
          checked={height === one}
          onPick={() => player.setQuality({ kind: 'rung', height: one })}
          note={readiness(one, renditions)}
        >
          {one}p {sharpness(one) && <small>{sharpness(one)}</small>}
        </Option>
      ))}
    </Group>
  );
}

function currentHeight({ levels }: View): string {
  const height = levels.all[levels.current]?.height;
  return height ? `${height}p` : '';
}

/** Heights of the rungs, the highest first. While Original plays the ladder's playlist is unknown, and the session names them. */
function heightsOf({ way, levels, renditions }: View): number[] {
  const listed = way.kind === 'ladder' && levels.all.length > 0;
  const heights = listed ? levels.all.map(({ height }) => height) : renditions.map(({ kind, height }) => (kind === 'video' ? height : 0));
  return Array.from(new Set(heights.filter((height): height is number => (height ?? 0) > 0))).sort((a, b) => b - a);
}

/** The rung that stands for a height chosen with another film. */
function rungFor(heights: number[], wanted: number): number | undefined {
  return heights.find((height) => height <= wanted) ?? heights[heights.length - 1];
}

/** "62 %" for a rung that is still being encoded. */
function readiness(height: number, renditions: RenditionState[]): string | undefined {
  const rendition = renditions.find((one) => one.kind === 'video' && one.height === height);
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
