package original

import (
	"math"

	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/mp4"
)

// pictureBoxes are the boxes of a sample entry that are copied beside the configuration of the codec: colour, shape, crop,
// HDR and Dolby Vision (ISO/IEC 14496-12 sections 12.1.4 and 12.1.5, and Dolby Vision Streams Within the ISOBMFF).
var pictureBoxes = [...]string{"colr", "pasp", "clap", "mdcv", "clli", "dvcC", "dvvC"}

// mp4PictureTrack describes a video track by its sample entry. sets says that parameter sets stand before pictures too.
func mp4PictureTrack(n int, t mp4.Track, sets bool) (Track, error) {
	codec, ok := pictureCodec(t, sets)
	if !ok {
		return Track{}, ErrCodec.Saying("The video is in " + printable(t.Format) + ", which no browser plays as it is.")
	}
	boxes := [][]byte{codec.config}
	for _, kind := range pictureBoxes {
		if b, ok := t.Part(kind); ok {
			boxes = append(boxes, mp4.MakeBox(kind, colour(kind, b)))
		}
	}
	entry, err := t.SampleEntry(codec.entry, boxes...)
	if err != nil {
		return Track{}, indexFault(err)
	}
	width, height := displaySize(t)
	if width == 0 || height == 0 {
		return Track{}, ErrCodec.Saying("The file does not say how large the picture is.")
	}
	return Track{
		Format: t.Format, Units: codec.units,
		Copy: media.Copy{
			Rendition: media.Rendition{
				ID: id.Rendition(trackID("v", n)), Kind: media.Video, Stream: n, Codecs: codec.name, Width: width, Height: height,
			},
			Range: codec.videoRange(t), Supplemental: codec.supplemental, Turned: turned(t.Matrix),
		},
		Init: mp4.TrackInit{
			Video: true, Timescale: t.Timescale, Language: t.Language, Matrix: t.Matrix,
			Width: t.Width, Height: t.Height, Entry: entry,
		},
	}, nil
}

// colour is a colr box as ISO files have it: QuickTime's "nclc" lacks the flag of full range.
func colour(kind string, b []byte) []byte {
	if kind == "colr" && len(b) == 10 && string(b[:4]) == "nclc" {
		return append(append([]byte("nclx"), b[4:]...), 0)
	}
	return b
}

// printable is a four-character code as words have it.
func printable(code string) string {
	out := []byte(code)
	for n, c := range out {
		if c < ' ' || c > '~' || c == '"' {
			out[n] = '?'
		}
	}
	return string(out)
}

// turned reports whether a matrix does more than move and scale.
func turned(m [9]int32) bool { return m[0] <= 0 || m[4] <= 0 || m[1] != 0 || m[3] != 0 }

// displaySize is how large the picture is shown: pixels of its own, made square by pasp, cropped by clap and turned by the
// matrix (ISO/IEC 14496-12 sections 12.1.4 and 8.3.2).
func displaySize(t mp4.Track) (width, height int) {
	w, h := t.PictureSize()
	x, y := float64(w), float64(h)
	word := func(b []byte, n int) float64 {
		return float64(uint32(b[n])<<24 | uint32(b[n+1])<<16 | uint32(b[n+2])<<8 | uint32(b[n+3]))
	}
	if b, ok := t.Part("clap"); ok && len(b) >= 16 && word(b, 4) > 0 && word(b, 12) > 0 {
		if cw, ch := word(b, 0)/word(b, 4), word(b, 8)/word(b, 12); cw >= 1 && cw <= x && ch >= 1 && ch <= y {
			x, y = cw, ch
		}
	}
	if b, ok := t.Part("pasp"); ok && len(b) >= 8 && word(b, 0) > 0 && word(b, 4) > 0 {
		if wide := x * word(b, 0) / word(b, 4); wide >= 1 && wide < 1<<15 {
			x = wide
		}
	}
	if t.Matrix[0] == 0 && t.Matrix[4] == 0 {
		x, y = y, x
	}
	return int(math.Round(x)), int(math.Round(y))
}

// mp4SoundTrack describes a sound track by its sample entry; ok is false for a codec that browsers do not play.
func mp4SoundTrack(n int, t mp4.Track) (Track, bool) {
	codec, ok := soundCodec(t)
	if !ok {
		return Track{}, false
	}
	entry, err := t.SampleEntry(codec.entry, codec.config)
	if err != nil {
		return Track{}, false
	}
	return Track{
		Format: t.Format,
		Copy: media.Copy{Rendition: media.Rendition{
			ID: id.Rendition(trackID("a", n)), Kind: media.Audio, Name: t.Title, Stream: n, Codecs: codec.name,
			Channels: codec.channels, Language: language(t), Default: t.Enabled,
		}},
		Init: mp4.TrackInit{Timescale: t.Timescale, Language: t.Language, Matrix: t.Matrix, Entry: entry},
	}, true
}

// language is the language of a track as the file has it: a BCP 47 tag, or the letters of ISO 639-2 that are packed in its
// mdhd (section 8.4.2.3); "" where it does not say.
func language(t mp4.Track) string {
	const unspecified, macintosh = 0x7fff, 0x400
	if t.ExtendedLanguage != "" {
		return t.ExtendedLanguage
	}
	if t.Language < macintosh || t.Language == unspecified {
		return ""
	}
	var out [3]byte
	for n := range out {
		out[n] = byte(t.Language>>(10-5*n)&0x1f) + 0x60
	}
	return string(out[:])
}
