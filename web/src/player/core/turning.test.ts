import { beforeEach, describe, expect, it, vi } from 'vitest';
import { turnsPictures } from './turning';

const video = { videoWidth: 0, videoHeight: 0, load: vi.fn(), removeAttribute: vi.fn() } as unknown as HTMLVideoElement;
const appendBuffer = vi.fn();
const addSourceBuffer = vi.fn(() => ({ appendBuffer }));

class FakeSource {
  addSourceBuffer = addSourceBuffer;
  addEventListener(_: string, open: () => void) {
    queueMicrotask(open);
  }
}

const ask = (width: number, height: number) => {
  Object.assign(video, { videoWidth: width, videoHeight: height });
  const answer = turnsPictures(FakeSource as unknown as new () => MediaSource);
  queueMicrotask(() => video.onloadedmetadata?.call(video, new Event('loadedmetadata')));
  return answer;
};

describe('whether a browser turns pictures', () => {
  beforeEach(() => {
    vi.restoreAllMocks();
    addSourceBuffer.mockImplementation(() => ({ appendBuffer }));
    vi.spyOn(document, 'createElement').mockReturnValue(video);
    vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:');
    vi.spyOn(URL, 'revokeObjectURL').mockReturnValue();
  });

  it('is seen by the shape of a picture that is turned upright', async () => {
    await expect(ask(180, 320)).resolves.toBe(true);
    await expect(ask(320, 180)).resolves.toBe(false);
    expect(appendBuffer).toHaveBeenCalled();
  });

  it('is no where the picture cannot be read', async () => {
    addSourceBuffer.mockImplementation(() => {
      throw new Error('no such type');
    });
    await expect(turnsPictures(FakeSource as unknown as new () => MediaSource)).resolves.toBe(false);
  });
});
