/** 724000 → "12:04", 5880000 → "1:38:00". */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor((ms || 0) / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

export interface Span {
  hours: number;
  minutes: number;
  seconds: number;
}

/** Splits milliseconds for a sentence such as "1 h 38 min". */
export function span(ms: number): Span {
  const seconds = Math.max(0, Math.floor((ms || 0) / 1000));
  return { hours: Math.floor(seconds / 3600), minutes: Math.floor(seconds / 60) % 60, seconds: seconds % 60 };
}
