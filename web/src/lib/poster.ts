/** Setting a title on a generated poster: pure arithmetic in the poster's own units (200 × 300), so it scales with the card. */
export interface Setting {
  /** font size in poster units */ size: number;
  lines: string[];
}

const width = 172;
const largest = 40;
const smallest = 15;
const mostLines = 5;

/** Advance of a character of the display face, in em. Coarse, on the wide side, so that a line never leaves the card. */
function advance(char: string): number {
  if (/[ijlI.,:;'’!|]/.test(char)) return 0.32;
  if (/[frt\s()[\]-]/.test(char)) return 0.42;
  if (/[MWmw@%&—]/.test(char)) return 0.9;
  if (/[A-Z0-9ÀÂÇÉÈÊËÎÏÔÙÛÜŒ]/.test(char)) return 0.7;
  return char.charCodeAt(0) > 0x2e80 ? 1.05 : 0.6;
}

/** @internal */
export function measure(text: string, size: number): number {
  let sum = 0;
  for (const char of text) sum += advance(char);
  return sum * size;
}

function wrap(words: string[], size: number): string[] | undefined {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (measure(word, size) > width) return undefined;
    const longer = line ? `${line} ${word}` : word;
    if (line && measure(longer, size) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  if (line) lines.push(line);
  return lines;
}

/** The largest size at which the name fits in few enough lines; a word too long even for the smallest size is cut. */
export function setTitle(name: string): Setting {
  const words = name.trim().split(/\s+/).filter(Boolean);
  for (let size = largest; size >= smallest; size -= 1) {
    const lines = wrap(words, size);
    // Few lines may be large; a poster full of text reads better smaller.
    const allowed = size > 30 ? 3 : size > 22 ? 4 : mostLines;
    if (lines && lines.length <= allowed) return { size, lines };
  }
  return { size: smallest, lines: clip(name) };
}

function clip(name: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const char of name.trim()) {
    if (measure(`${line + char}…`, smallest) > width) {
      if (lines.length === mostLines - 1) return [...lines, `${line}…`];
      lines.push(line);
      line = '';
    }
    line += char;
  }
  return [...lines, line];
}

/** A stable small number from a text: selects the composition of a generated poster. */
export function pick(text: string, choices: number): number {
  let hash = 2166136261;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619);
  return (hash >>> 0) % choices;
}
