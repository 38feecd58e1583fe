import { expect, it, vi } from 'vitest';
import { Problem } from '../../api/problem';
import type { Player } from './player';
import { refreshRefusedToken } from './token-refresh';

/** A stub player with a settable fault. */
function faulty() {
  let fault: { kind: string; code: string; status?: number } | undefined;
  const watchers = new Set<() => void>();
  const retry = vi.fn();
  const player = {
    snapshot: () => ({ fault }),
    subscribe: (run: () => void) => {
      watchers.add(run);
      return () => watchers.delete(run);
    },
    retry,
  } as unknown as Player;
  const fail = (status?: number) => {
    fault = { kind: 'network', code: `E-NET-${status ?? 0}`, status };
    for (const run of watchers) run();
  };
  return { player, retry, fail };
}

it('renews a token that is too old, once, and goes on', async () => {
  const { player, retry, fail } = faulty();
  const refresh = vi.fn().mockResolvedValue(undefined);
  const end = vi.fn();
  refreshRefusedToken(player, refresh, end);
  fail(403);
  await vi.waitFor(() => expect(retry).toHaveBeenCalledOnce());
  fail(403);
  expect(refresh).toHaveBeenCalledOnce();
  expect(end).not.toHaveBeenCalled();
});

it('leaves a network that is away alone', () => {
  const { player, fail } = faulty();
  const refresh = vi.fn();
  refreshRefusedToken(player, refresh, vi.fn());
  fail();
  fail(503);
  expect(refresh).not.toHaveBeenCalled();
});

it('tells of a playback that was stopped elsewhere, and of places that others hold', async () => {
  const ended = new Problem(403, 'session_ended', 'This playback has ended.');
  const one = faulty();
  const end = vi.fn();
  refreshRefusedToken(one.player, () => Promise.reject(ended), end);
  one.fail(403);
  await vi.waitFor(() => expect(end).toHaveBeenCalledWith(ended));

  const two = faulty();
  const full = vi.fn();
  refreshRefusedToken(two.player, () => Promise.resolve(), full);
  two.fail(429);
  await vi.waitFor(() => expect(full).toHaveBeenCalledWith(undefined));
  expect(two.retry).not.toHaveBeenCalled();
});
