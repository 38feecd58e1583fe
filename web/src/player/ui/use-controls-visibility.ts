import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

export interface ControlsVisibility {
  shown: boolean;
  /** shows the controls and lets them go again after a while */ show: () => void;
  hide: () => void;
}

const stay = 3500;

/** Whether the controls are in sight: always while something holds them, else for a while after a sign of life. */
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

  // biome-ignore lint/correctness/useExhaustiveDependencies: what stops holding them starts the clock anew
  useEffect(() => {
    show();
    return () => clearTimeout(timer.current);
  }, [held, show]);

  const shown = awake || held;
  return useMemo(() => ({ shown, show, hide }), [shown, show, hide]);
}
