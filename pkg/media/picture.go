package media

import "slices"

// Picture is the video track that is played, the best by, in this order: there is a decoder for it; it is not disabled;
// it is no single picture; it is the default; it is the longest; it is the largest; it is the first. A track without a
// length lasts as long as the file. Attached pictures and thumbnails are never played. ok is false without another track.
func (p Probe) Picture() (track VideoTrack, ok bool) {
	for _, v := range p.Video {
		if !v.isStill() && (!ok || p.better(v, track)) {
			track, ok = v, true
		}
	}
	return track, ok
}

// VideoTrack finds the video track of a stream index.
func (p Probe) VideoTrack(index int) (track VideoTrack, ok bool) {
	n := slices.IndexFunc(p.Video, func(v VideoTrack) bool { return v.Index == index })
	if n < 0 {
		return VideoTrack{}, false
	}
	return p.Video[n], true
}

// stills are codecs, by ffprobe's names, of single pictures. A film may be in some of them too, when nothing else is in the
// file.
var stills = []string{"png", "apng", "bmp", "gif", "webp", "tiff", "jpegls", "mjpeg", "jpeg2000"}

func (v VideoTrack) isStill() bool { return v.AttachedPicture || v.Still }

// likeStill reports whether a track is rather a picture than a film.
func (v VideoTrack) likeStill() bool { return v.Frames == 1 || slices.Contains(stills, v.Codec) }

// nearlyAsLong is how much two lengths may differ and count as equal: a fiftieth, at least half a second.
func nearlyAsLong(a, b int64) bool { return max(a, b)-min(a, b) < max(500_000, max(a, b)/50) }

// better reports whether v is to be played rather than w, which comes before it.
func (p Probe) better(v, w VideoTrack) bool {
	for _, prefer := range []struct{ v, w bool }{
		{!v.Undecodable, !w.Undecodable},
		{!v.Disabled, !w.Disabled},
		{!v.likeStill(), !w.likeStill()},
		{v.Default, w.Default},
	} {
		if prefer.v != prefer.w {
			return prefer.v
		}
	}
	if long, other := p.lengthOf(v), p.lengthOf(w); !nearlyAsLong(long, other) {
		return long > other
	}
	return v.Width*v.Height > w.Width*w.Height
}

func (p Probe) lengthOf(v VideoTrack) int64 {
	if v.DurationUS > 0 {
		return v.DurationUS
	}
	return p.DurationUS
}
