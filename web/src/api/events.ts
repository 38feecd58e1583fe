import type { QueryClient } from '@tanstack/react-query';
import { renewSignIn } from './client';

type Keys = readonly (readonly string[])[];

const titles: Keys = [['home'], ['titles'], ['title'], ['facets'], ['collections'], ['unmatched']];
const files: Keys = [['library'], ['attention'], ['bin']];
const encoding: Keys = [['jobs'], ['title']];
const position: Keys = [['home'], ['title'], ['history']];

/**
 * The queries that a notice makes stale, by its topic and kind. A notice holds no data: the mounted queries fetch again.
 * A position is stored every few seconds of playing, so `progress` must stay narrow.
 */
const stale: Record<string, Record<string, Keys>> = {
  library: { title: titles, collection: titles, scan: [...titles, ...files] },
  jobs: { progress: encoding, reconciled: encoding },
  session: { started: [], idle: [], ended: position },
  storage: { task: [['storage']] },
  viewer: {
    progress: position,
    history: [...position, ['list']],
    list: [['home'], ['title'], ['list']],
    rating: [['home'], ['title'], ['list']],
    search: [['searches']],
    streams: [['streams']],
    security: [['security', 'own']],
  },
};

/**
 * The stale queries of one notice. A kind that a newer server sends makes everything of its topic stale.
 * @internal
 */
export function staleAfter(topic: string, kind?: string): Keys {
  const kinds = stale[topic] ?? {};
  return (kind !== undefined && kinds[kind]) || Object.values(kinds).flat();
}

/** A query is refreshed at most once in this many milliseconds, however many notices concern it. */
const pause = 1000;

/** Keeps one event stream open until the returned function is called. */
export function listen(client: QueryClient): () => void {
  let source: EventSource | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let refusals = 0;
  const due = new Map<string, ReturnType<typeof setTimeout>>();

  const refresh = (keys: Keys) => {
    for (const queryKey of keys) {
      const name = queryKey.join();
      if (due.has(name)) continue;
      const run = () => {
        due.delete(name);
        void client.invalidateQueries({ queryKey });
      };
      due.set(name, setTimeout(run, pause));
    }
  };

  const open = () => {
    source = new EventSource('/api/v1/events');
    for (const topic of Object.keys(stale)) {
      source.addEventListener(topic, ({ data }) => refresh(staleAfter(topic, JSON.parse(data).kind)));
    }
    let greeted = false;
    source.addEventListener('hello', () => {
      refusals = 0;
      // A second greeting means notices were missed in between.
      if (greeted) for (const topic of Object.keys(stale)) refresh(staleAfter(topic));
      greeted = true;
    });
    source.onerror = () => {
      // The browser reconnects by itself unless it was refused: then the sign-in is renewed first.
      if (source?.readyState !== EventSource.CLOSED) return;
      // Not every refusal is about the sign-in (there may be too many streams): it is renewed once, and the pauses grow.
      const first = refusals === 0;
      const pause = (2000 + Math.random() * 8000) * Math.min(2 ** refusals, 60);
      refusals += 1;
      again = setTimeout(() => (first ? void renewSignIn().then(open) : open()), pause);
    };
  };

  open();
  return () => {
    source?.close();
    source = undefined;
    clearTimeout(again);
    for (const timer of due.values()) clearTimeout(timer);
  };
}
