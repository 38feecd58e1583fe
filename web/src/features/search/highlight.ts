/** A part of a name; `hit` when it matches the query. */
export interface HighlightPart {
  text: string;
  hit: boolean;
}

const ligatures: Record<string, string> = { œ: 'oe', æ: 'ae', ø: 'o', ß: 'ss', ł: 'l', đ: 'd', ı: 'i' };

/** "Cœur" → "coeur", letter by letter; `from` maps each folded letter to its index in the text. */
function fold(text: string): { letters: string; from: number[] } {
  let letters = '';
  const from: number[] = [];
  let at = 0;
  for (const char of text) {
    const lower = char.toLowerCase();
    const plain = ligatures[lower] ?? lower.normalize('NFD').replace(/[\u0300-\u036f]/g, '');
    letters += plain;
    while (from.length < letters.length) from.push(at);
    at += char.length;
  }
  from.push(at);
  return { letters, from };
}

/**
 * Splits a name at the prefixes that words of the query match, ignoring accents. Fuzzy matches of the server are not
 * highlighted, because a highlighted guess looks like an error.
 */
export function highlight(name: string, query: string): HighlightPart[] {
  const { letters, from } = fold(name);
  const hits = new Set<number>();
  const words = fold(query)
    .letters.split(/[\s.,:;!?·_-]+/)
    .filter(Boolean);
  for (const word of words) {
    for (let at = letters.indexOf(word); at >= 0; at = letters.indexOf(word, at + 1)) {
      const begins = at === 0 || /[\s.,:;!?·_'’(["-]/.test(letters[at - 1] ?? '');
      if (!begins && !/[\u3040-\u9fff\uac00-\ud7af]/.test(word)) continue;
      for (let letter = at; letter < at + word.length; letter += 1) hits.add(from[letter] ?? -1);
    }
  }
  const parts: HighlightPart[] = [];
  let at = 0;
  for (const char of name) {
    const hit = hits.has(at);
    const last = parts[parts.length - 1];
    if (last?.hit === hit) last.text += char;
    else parts.push({ text: char, hit });
    at += char.length;
  }
  return parts;
}
