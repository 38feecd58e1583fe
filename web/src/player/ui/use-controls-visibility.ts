import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

export interface ControlsVisibility {
  shown: boolean;
  /** shows the controls until the timeout */ show: () => void;
  hide: () => void;
}

const stay = 3500;

/** Auto-hides the controls: visible while `held`, else for a while after the last input. */
export function useControlsVisibility(held: boolean): ControlsVisibility {
  const [awake, setAwake] = useState(true);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const show = useCallback(() => {
    clearTimeout(timer.current);
    setAwake(true);
    timer.current = setTimeout(() => setAwake(false), stay);
  }, []);
  const hide = useCallback(() => {
    clearTimeout(timer.current);
    setAwake(false);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of `held` restarts the timer
  useEffect(() => {
    show();
    return () => clearTimeout(timer.current);
  }, [held, show]);

  const shown = awake || held;
  return useMemo(() => ({ shown, show, hide }), [shown, show, hide]);
}
