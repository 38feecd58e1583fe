import type { QueryClient } from '@tanstack/react-query';
import { renew } from './client';

/** What a notice from the server makes stale. Notices carry no truth: the pages that show it ask again. */
const stale: Record<string, readonly (readonly string[])[]> = {
  library: [['home'], ['titles'], ['title'], ['library'], ['attention'], ['facets'], ['collections'], ['bin'], ['unmatched']],
  jobs: [['jobs'], ['title']],
  session: [['home'], ['title']],
  storage: [['storage']],
  viewer: [['home'], ['title'], ['list'], ['history'], ['searches'], ['streams'], ['profiles']],
};

/** At most one refresh per topic in this many milliseconds, however many notices come. */
const pause = 1000;

/** Keeps one event stream open until the returned function is called. */
export function listen(client: QueryClient): () => void {
  let source: EventSource | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  const due = new Map<string, ReturnType<typeof setTimeout>>();

  const refresh = (topic: string) => {
    if (due.has(topic)) return;
    const run = () => {
      due.delete(topic);
      for (const queryKey of stale[topic] ?? []) void client.invalidateQueries({ queryKey });
    };
    due.set(topic, setTimeout(run, pause));
  };

  const open = () => {
    source = new EventSource('/api/v1/events');
    for (const topic of Object.keys(stale)) source.addEventListener(topic, () => refresh(topic));
    let greeted = false;
    source.addEventListener('hello', () => {
      // A second greeting means notices were missed in between.
      if (greeted) for (const topic of Object.keys(stale)) refresh(topic);
      greeted = true;
    });
    source.onerror = () => {
      // The browser reconnects by itself unless it was refused: then the sign-in is renewed first.
      if (source?.readyState !== EventSource.CLOSED) return;
      again = setTimeout(() => void renew().then(open), 2000 + Math.random() * 8000);
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
