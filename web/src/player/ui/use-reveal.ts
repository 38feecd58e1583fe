import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

export interface Reveal {
  shown: boolean;
  /** shows the controls and lets them go again after a while */ poke: () => void;
  hide: () => void;
}

const stay = 3500;

/** Whether the controls are in sight: always while something holds them, else for a while after a sign of life. */
export function useReveal(held: boolean): Reveal {
  const [awake, setAwake] = useState(true);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const poke = useCallback(() => {
    clearTimeout(timer.current);
    setAwake(true);
    timer.current = setTimeout(() => setAwake(false), stay);
  }, []);
  const hide = useCallback(() => {
    clearTimeout(timer.current);
    setAwake(false);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what stops holding them starts the clock anew
  useEffect(() => {
    poke();
    return () => clearTimeout(timer.current);
  }, [held, poke]);

  const shown = awake || held;
  return useMemo(() => ({ shown, poke, hide }), [shown, poke, hide]);
}
