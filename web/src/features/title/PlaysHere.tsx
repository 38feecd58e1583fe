import { useQuery } from '@tanstack/react-query';
import { waysOf } from '../../api/ways';
import { useWayWords } from '../../ui/way-words';

interface Props {
  titleId: string;
  /** absent = the version that Play begins with */ fileId?: string;
}

/** How a file would be played on this device, and why; nothing while that is not known. It is asked for once the page is there. */
export function PlaysHere({ titleId, fileId }: Props) {
  const { data } = useQuery(waysOf(titleId));
  const words = useWayWords();
  const found = data?.items.find((one) => (fileId === undefined ? one.first : one.fileId === fileId));
  if (!found || !words) return null;
  return <span data-testid="plays-here">{words.plays(found.way, found.encodesSound)}</span>;
}
