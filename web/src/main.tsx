import './ui/fonts.css';
import './ui/tokens.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/queries';
import { askWhenChoiceIsDue } from './app/choice-due';
import { followFocus } from './app/follow-focus';
import { router } from './app/routes';
import { leaveWhenSignInIsOver } from './app/sign-in-over';
import { preferredLanguage, setLanguage } from './i18n';
import { move } from './nav/focus';
import { installKeys } from './nav/keys';

async function main(): Promise<void> {
  await setLanguage(preferredLanguage());
  installKeys({ move, back: () => router.history.back() });
  followFocus(router);
  leaveWhenSignInIsOver(router);
  askWhenChoiceIsDue(router);
  const root = document.getElementById('root');
  if (!root) throw new Error('the page has no #root');
  createRoot(root).render(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
}

void main();
