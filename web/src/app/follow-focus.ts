import { guard, remember } from '../nav/focus';

interface Watched {
  history: { location: { state: { __TSR_key?: string; key?: string } } };
  subscribe(event: 'onBeforeNavigate', run: () => void): () => void;
}

/**
 * Keeps the focus on a control: saves it when a page is left, and restores it when it was lost: after a navigation, when
 * data arrive, when a dialog closes.
 */
export function followFocus(router: Watched): void {
  const entry = () => router.history.location.state.__TSR_key ?? router.history.location.state.key ?? 'first';
  let current = entry();
  router.subscribe('onBeforeNavigate', () => {
    remember(current);
    current = entry();
  });

  let asked = false;
  const check = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      if (!document.querySelector('main[data-busy]')) guard(current);
    });
  };
  new MutationObserver(check).observe(document.body, { childList: true, subtree: true });
  window.addEventListener('keydown', check);
}
