/** Device names from the User-Agent header (RFC 9110 section 10.1.5). */

// The order matters: a browser's User-Agent also names the browsers it is derived from.
const browsers: [RegExp, string][] = [
  [/\bEdgA?\/|\bEdgiOS\//, 'Edge'],
  [/\bOPR\/|\bOPT\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bCriOS\/|\bChrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

const machines: [RegExp, string][] = [
  [/\bTizen\b/, 'Samsung TV'],
  [/\bWeb0S\b|\bwebOS\b/, 'LG TV'],
  [/\bAndroid TV\b|\bGoogleTV\b|\bBRAVIA\b|\bAFT\w+/, 'Android TV'],
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bLinux\b|\bX11\b/, 'Linux'],
];

const find = (table: [RegExp, string][], agent: string) => table.find(([pattern]) => pattern.test(agent))?.[1];

/** "Chrome · Windows"; other values keep their text without the version. */
export function agentName(agent: string): string {
  if (!/^Mozilla\/\d/.test(agent)) return agent.replace(/\/[\d.]+.*$/, '');
  const machine = find(machines, agent);
  if (machine?.endsWith('TV')) return machine;
  return [find(browsers, agent), machine].filter(Boolean).join(' · ') || agent;
}
