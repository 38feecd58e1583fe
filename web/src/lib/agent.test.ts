import { expect, it } from 'vitest';
import { agentName } from './agent';

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';

it.each([
  [`Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/156.0.0.0 Safari/537.36`, 'Chrome · Linux'],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/156.0.0.0 Safari/537.36 Edg/156.0`, 'Edge · Windows'],
  ['Mozilla/5.0 (Windows NT 10.0; rv:153.0) Gecko/20100101 Firefox/153.0', 'Firefox · Windows'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 (KHTML) Version/19.0 Mobile Safari/604.1', 'Safari · iPhone'],
  [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webkit} Version/19.0 Safari/605.1`, 'Safari · Mac'],
  [`Mozilla/5.0 (Linux; Android 15; Pixel 9) ${webkit} Chrome/156.0 Mobile Safari/537.36`, 'Chrome · Android'],
  [`Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) ${webkit} Chrome/94.0 TV Safari/537.36`, 'Samsung TV'],
  [`Mozilla/5.0 (Web0S; Linux/SmartTV) ${webkit} Chrome/108.0 Safari/537.36 WebAppManager`, 'LG TV'],
  ['Living room TV', 'Living room TV'],
  ['curl/8.11.0', 'curl'],
  ['', ''],
])('names %s', (agent, name) => {
  expect(agentName(agent)).toBe(name);
});
