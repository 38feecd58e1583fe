import { Check, TriangleAlert } from 'lucide-react';
import type { EncodeState, RenditionState } from '../../api/types';
import { type T, useT } from '../../i18n';
import { Progress } from '../../ui/Progress';
import { duration } from '../../ui/words';
import s from './Preparing.module.css';

interface Props {
  encode: EncodeState;
  /** the rest of the ladder is made in the background, or will be */ filling: boolean | undefined;
}

/** What is stored of the ladder, by rung, and the progress while more of it is made. */
export function Preparing({ encode, filling }: Props) {
  const t = useT();
  const done = encode.renditions.length > 0 && encode.renditions.every((one) => one.complete);
  return (
    <section className={s.box} aria-label={t('ladder')} data-testid="preparing" data-percent={Math.floor(encode.percent)}>
      {encode.error && (
        <p className={s.error}>
          <TriangleAlert aria-hidden="true" />
          {encode.error}
        </p>
      )}
      {!done && (filling || encode.running) && (
        <>
          <div className={s.head}>
            <h2 className={s.heading}>{t('preparing', { percent: Math.floor(encode.percent) })}</h2>
            <p className={s.pace}>{pace(t, encode)}</p>
          </div>
          <Progress percent={encode.percent} label={t('ladder')} />
          <p className={s.note}>{t('playAnyway')}</p>
        </>
      )}
      <ul className={s.rungs}>
        {encode.renditions.map((rendition) => (
          <Rung key={rendition.id} rendition={rendition} />
        ))}
      </ul>
    </section>
  );
}

function Rung({ rendition }: { rendition: RenditionState }) {
  const t = useT();
  return (
    <li className={s.rung} data-complete={rendition.complete || undefined}>
      <span>{rendition.name}</span>
      {rendition.complete ? <Check aria-label={t('ready')} /> : <span className={s.percent}>{Math.floor(rendition.percent)} %</span>}
    </li>
  );
}

function pace(t: T, { running, paused, speed, etaMs }: EncodeState): string {
  if (paused) return t('encodePaused');
  if (!running) return t('encodeWaiting');
  const parts = [
    speed ? t('speedTimes', { speed: Math.round(speed * 10) / 10 }) : '',
    etaMs ? t('readyIn', { time: duration(t, etaMs) }) : '',
  ];
  return parts.filter(Boolean).join(' · ');
}
