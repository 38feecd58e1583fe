/** Full screen and picture in picture, where the browser has them. */
type AppleVideo = HTMLVideoElement & { webkitEnterFullscreen?: () => void };

const ignore = () => undefined;

export function canPictureInPicture(): boolean {
  return 'pictureInPictureEnabled' in document && document.pictureInPictureEnabled;
}

/** The whole player goes full screen; on an iPhone only the video itself can. */
export function toggleFullscreen(stage: HTMLElement | null, video: AppleVideo): void {
  if (document.fullscreenElement) void document.exitFullscreen().catch(ignore);
  else if (stage?.requestFullscreen) void stage.requestFullscreen().catch(ignore);
  else video.webkitEnterFullscreen?.();
}

export function togglePictureInPicture(video: HTMLVideoElement): void {
  if (!canPictureInPicture()) return;
  if (document.pictureInPictureElement) void document.exitPictureInPicture().catch(ignore);
  else void video.requestPictureInPicture().catch(ignore);
}
