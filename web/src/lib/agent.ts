/** The name of a device from what it calls itself (User-Agent, RFC 9110 section 10.1.5). */

// The order matters: every browser also claims to be the ones it descends from.
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

/** "Chrome · Windows"; a name that a person gave, or a program's, stays as it is, without its version. */
export function agentName(agent: string): string {
  if (!/^Mozilla\/\d/.test(agent)) return agent.replace(/\/[\d.]+.*$/, '');
  const machine = find(machines, agent);
  if (machine?.endsWith('TV')) return machine;
  return [find(browsers, agent), machine].filter(Boolean).join(' · ') || agent;
}
