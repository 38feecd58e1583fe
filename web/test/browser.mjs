import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium-headless-shell', 'chromium', 'chromium-browser'];

/**
 * The Chromium that tests drive: the one that CHROMIUM names, else the first that is installed. The headless shell is
 * preferred: it composes no window, which is half of the processor time of a test that plays a film.
 */
export function chromiumPath() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
  const path = process.env.CHROMIUM ?? found;
  if (!path) throw new Error('Chromium is not installed: run make setup');
  return path;
}
