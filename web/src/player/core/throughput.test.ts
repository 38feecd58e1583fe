import { expect, it } from 'vitest';
import { Throughput } from './throughput';

const measured = (...transfers: [bytes: number, ms: number][]) => {
  const throughput = new Throughput();
  for (const [bytes, ms] of transfers) throughput.note({ bytes, ms });
  return throughput;
};

it.each<[string, [number, number][], number | undefined]>([
  ['is unknown at first', [], undefined],
  ['is the bits by the time', [[1_000_000, 1000]], 8e6],
  [
    'weighs each download by its time',
    [
      [1_000_000, 1000],
      [1_000_000, 3000],
    ],
    4e6,
  ],
  ['does not count small ones', [[5_000, 1]], undefined],
  ['believes no download of no time', [[100_000, 0]], 80e6],
])('%s', (_, transfers, expected) => {
  expect(measured(...transfers).value()).toBe(expected);
});

it('forgets old downloads', () => {
  const throughput = measured([1_000_000, 100_000]);
  for (let count = 0; count < 8; count += 1) throughput.note({ bytes: 1_000_000, ms: 1000 });
  expect(throughput.value()).toBe(8e6);
});

it('notices that a running download has become slow', () => {
  const throughput = measured([1_000_000, 1000]);
  expect(throughput.value({ bytes: 0, ms: 1500 })).toBe(8e6);
  expect(throughput.value({ bytes: 1_000_000, ms: 4000 })).toBe(2e6);
  expect(throughput.value({ bytes: 0, ms: 5000 })).toBe(0);
  expect(throughput.value({ bytes: 9_000_000, ms: 4000 })).toBe(8e6);
  expect(measured().value({ bytes: 1_000_000, ms: 4000 })).toBe(2e6);
});
