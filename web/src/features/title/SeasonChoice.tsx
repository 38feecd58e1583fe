import type { Season } from '../../api/types';
import { useViewerWords } from '../../i18n/namespaces';
import { Choice } from '../../ui/Choice';
import { sized } from '../../ui/Picture';
import s from './SeasonChoice.module.css';

interface Props {
  seasons: Season[];
  /** number of the selected season */ chosen: number;
  onChoose: (number: number) => void;
}

/** Season picker: posters where there are some, else names. */
export function SeasonChoice({ seasons, chosen, onChoose }: Props) {
  const { t } = useViewerWords();
  const nameOf = ({ number, name }: Season) => name || (number === 0 ? t('specials') : t('seasonNumber', { number }));
  if (!seasons.some(({ poster }) => poster)) {
    return (
      <Choice
        label={t('season')}
        value={String(chosen)}
        options={seasons.map((season) => ({ value: String(season.number), label: nameOf(season) }))}
        onChange={(number) => onChoose(Number(number))}
      />
    );
  }
  return (
    <div className={s.seasons} role="group" aria-label={t('season')} data-nav="row" data-nav-track="">
      {seasons.map((season) => (
        <button
          key={season.number}
          type="button"
          className={s.season}
          aria-pressed={season.number === chosen}
          data-nav-default={season.number === chosen ? '' : undefined}
          onClick={() => onChoose(season.number)}
        >
          <span className={s.poster}>
            {season.poster && <img src={sized(season.poster, 320)} alt="" loading="lazy" draggable={false} />}
          </span>
          <span className={s.name}>{nameOf(season)}</span>
          <span className={s.count}>{t('episodes', { count: season.episodes.length })}</span>
        </button>
      ))}
    </div>
  );
}
