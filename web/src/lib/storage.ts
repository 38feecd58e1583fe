/** Small preferences that survive a reload. Private windows and some TVs refuse storage: then they last as long as the page. */
const memory = new Map<string, string>();
const prefix = 'movify.';

export function load(key: string): string | undefined {
  try {
    return localStorage.getItem(prefix + key) ?? memory.get(key);
  } catch {
    return memory.get(key);
  }
}

export function save(key: string, value: string): void {
  memory.set(key, value);
  try {
    localStorage.setItem(prefix + key, value);
  } catch {
    // Kept in memory above.
  }
}
