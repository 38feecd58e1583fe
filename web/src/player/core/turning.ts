/**
 * An Init Section (ISO/IEC 14496-12) of a track in H.264, 320 × 180, without a picture. Its track header has the matrix of a phone that
 * was held upright: a quarter turn clockwise.
 */
const upright =
  'AAAAFGZ0eXBpc282AAAAAGlzbzYAAAJpbW9vdgAAAGxtdmhkAAAAAAAAAAAAAAAAAAAD6AAAAAAAAQAAAQAAAAAAAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAgAAAc10cmFrAAAAXHRraGQAAAADAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAAAAAAAA//8AAAAAAAAAAAAAALQAAAAAAABAAAAAAUAAAAC0AAAAAAFpbWRpYQAAACBtZGhkAAAAAAAAAAAAAAAAAAAD6AAAAABVxAAAAAAAIWhkbHIAAAAAAAAAAHZpZGUAAAAAAAAAAAAAAAAAAAABIG1pbmYAAAAUdm1oZAAAAAEAAAAAAAAAAAAAACRkaW5mAAAAHGRyZWYAAAAAAAAAAQAAAAx1cmwgAAAAAQAAAOBzdGJsAAAAlHN0c2QAAAAAAAAAAQAAAIRhdmMxAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAAAAUAAtABIAAAASAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAGP//AAAALmF2Y0MBQsAM/+EAF2dCwAzaBQZ+fARAAAADAEAAAAyDxQqoAQAEaM4PyAAAABBzdHRzAAAAAAAAAAAAAAAQc3RzYwAAAAAAAAAAAAAAFHN0c3oAAAAAAAAAAAAAAAAAAAAQc3RjbwAAAAAAAAAAAAAAKG12ZXgAAAAgdHJleAAAAAAAAAABAAAAAQAAAAAAAAAAAAAAAA==';

/** A Media Source class of the browser. */
export type Source = new () => MediaSource;

/**
 * Asks the browser whether it turns pictures by the matrix of their track header: once it has read the Init Section, its video element
 * is higher than wide. Never answers where the browser does not read it.
 */
export function turnsPictures(of: Source): Promise<boolean> {
  const video = document.createElement('video');
  const source = new of();
  const url = URL.createObjectURL(source);
  return new Promise<boolean>((answer) => {
    video.disableRemotePlayback = true; // a ManagedMediaSource opens only then
    video.muted = true;
    video.onerror = () => answer(false);
    video.onloadedmetadata = () => answer(video.videoHeight > video.videoWidth);
    source.addEventListener('sourceopen', () => {
      try {
        source.addSourceBuffer('video/mp4; codecs="avc1.42C00C"').appendBuffer(Uint8Array.from(atob(upright), (c) => c.charCodeAt(0)));
      } catch {
        answer(false);
      }
    });
    video.src = url;
  }).finally(() => {
    video.removeAttribute('src');
    video.load();
    URL.revokeObjectURL(url);
  });
}
