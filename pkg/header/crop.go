package header

import (
	"encoding/binary"
	"math"

	"movify/pkg/matroska"
	"movify/pkg/media"
	"movify/pkg/mp4"
)

// cropMatroska takes the visible rectangle of a picture and its shape from PixelCrop (RFC 9559 section 5.1.4.1.28). The
// display size is that of the rest, which libavformat does not know of.
func cropMatroska(v *media.VideoTrack, of matroska.Video) {
	const bound = 1 << 16
	if max(of.CropLeft, of.CropTop, of.CropRight, of.CropBottom, of.Width, of.Height) > bound {
		return
	}
	c := media.Crop{
		Left: int(of.CropLeft), Top: int(of.CropTop), Right: int(of.CropRight), Bottom: int(of.CropBottom),
	}
	if !croppable(*v, c, int(of.Width), int(of.Height)) {
		return
	}
	v.Crop = c
	of.Width -= of.CropLeft + of.CropRight
	of.Height -= of.CropTop + of.CropBottom
	if sar := matroskaAspect(of); sar.Known() {
		v.SAR = sar
	}
}

// stereoMatroska marks a film that has a picture for each eye in every frame, and gives the frame its shape. RFC 9559 section
// 5.1.4.1.28.3 has the display size of one of the two, as ffmpeg writes and libavformat reads it; mkvmerge writes that of the
// frame. Of both meanings that one is taken whose pixels are nearer to squares.
func stereoMatroska(v *media.VideoTrack, of matroska.Video) {
	beside := of.StereoMode == 1 || of.StereoMode == 11
	if above := of.StereoMode == 2 || of.StereoMode == 3; !beside && !above {
		return
	}
	v.Stereo = true
	of.Width -= min(of.Width, of.CropLeft+of.CropRight)
	of.Height -= min(of.Height, of.CropTop+of.CropBottom)
	frame := matroskaAspect(of)
	if !frame.Known() {
		return
	}
	double := media.Ratio{Num: 2 * frame.Num, Den: frame.Den}
	if !beside {
		double = media.Ratio{Num: frame.Num, Den: 2 * frame.Den}
	}
	unlike := func(r media.Ratio) float64 { return math.Abs(math.Log(r.Float())) }
	if v.SAR = frame; unlike(double) < unlike(frame) {
		v.SAR = reduce(int64(double.Num), int64(double.Den), 255)
	}
}

// croppable reports whether a crop takes something off a picture and leaves some of it, and is of the size that the decoder
// gives.
func croppable(v media.VideoTrack, c media.Crop, width, height int) bool {
	const least = 16 // samples that are left
	return c != (media.Crop{}) && v.Width == width && v.Height == height && min(c.Left, c.Top, c.Right, c.Bottom) >= 0 &&
		width-c.Left-c.Right >= least && height-c.Top-c.Bottom >= least
}

// cropMP4 takes the visible rectangle of a picture from a CleanApertureBox (ISO/IEC 14496-12 section 12.1.4.2).
func cropMP4(v *media.VideoTrack, t mp4.Track) {
	b, ok := t.Part("clap")
	if !ok || len(b) < 32 || t.Entries != 1 {
		return
	}
	var numbers [4]float64 // width and height of the aperture, and how far its centre is from the picture's
	for n := range numbers {
		num, den := int32(binary.BigEndian.Uint32(b[8*n:])), binary.BigEndian.Uint32(b[8*n+4:])
		if den == 0 {
			return
		}
		numbers[n] = float64(num) / float64(den)
	}
	width, height := t.PictureSize()
	var c media.Crop
	c.Left, c.Right = margins(width, numbers[0], numbers[2])
	c.Top, c.Bottom = margins(height, numbers[1], numbers[3])
	if croppable(*v, c, width, height) {
		v.Crop = c
	}
}

// margins are the samples before and behind an aperture, negative when it is not inside.
func margins(all int, aperture, offset float64) (before, behind int) {
	first := math.Round((float64(all)-aperture)/2 + offset)
	if aperture < 1 || aperture > float64(all) || math.Abs(first) > float64(all) {
		return -1, -1
	}
	return int(first), all - int(first) - int(math.Round(aperture))
}
