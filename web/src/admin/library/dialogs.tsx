import { lazy } from 'react';
import { openBook } from '../../i18n';
import { accountBook, adminBook, keeperBook } from '../../i18n/books';

/**
 * The dialogs of the administrator that other pages open: their code and words come when the first of them is wanted, so
 * wrap them in Suspense.
 */
function withWords<M>(load: () => Promise<M>): Promise<M> {
  return Promise.all([load(), ...[keeperBook, adminBook, accountBook].map(openBook)]).then(([module]) => module as M);
}

export const EditTitle = lazy(() => withWords(() => import('./EditTitle').then((m) => ({ default: m.EditTitle }))));
export const FixMatch = lazy(() => withWords(() => import('./FixMatch').then((m) => ({ default: m.FixMatch }))));
export const ChangePicture = lazy(() => withWords(() => import('./ChangePicture').then((m) => ({ default: m.ChangePicture }))));
