import { expect, it } from 'vitest';
import type { StorageTask } from '../../api/types';
import { percentOf } from './TaskProgress';

const task: StorageTask = { id: 't', kind: 'move', to: 's3', state: 'running', done: 90, total: 100, doneBytes: 10, totalBytes: 200 };

it('counts bytes, because objects differ a thousandfold, and objects when there are no bytes', () => {
  expect(percentOf(task)).toBe(5);
  expect(percentOf({ ...task, doneBytes: 0, totalBytes: 0 })).toBe(90);
  expect(percentOf({ ...task, done: 0, total: 0, doneBytes: 0, totalBytes: 0 })).toBe(0);
});

it('is never past the end, although a move finds objects that came in meanwhile', () => {
  expect(percentOf({ ...task, doneBytes: 210 })).toBe(100);
});
