package original

import (
	"encoding/binary"
	"math"

	"movify/pkg/matroska"
	"movify/pkg/mp4"
	"movify/pkg/sampleentry"
)

// matroskaPictureEntry describes a video track by the sample entry that MP4 has for it. first is a key frame; sets says that
// parameter sets stand before pictures too.
func matroskaPictureEntry(n int, t matroska.Track, first []byte, sets bool) (Track, error) {
	v := t.Video
	across, down := pixelShape(v)
	entry, err := sampleentry.Video(sampleentry.Picture{
		Codec: t.Codec, Private: t.Private, First: first, InBand: sets && t.Codec == "V_MPEGH/ISO/HEVC",
		Width: int(min(v.Width, math.MaxInt32)), Height: int(min(v.Height, math.MaxInt32)), FrameNS: t.FrameNS,
		AspectAcross: across, AspectDown: down, Colour: colourOf(v), Additions: additions(t),
	})
	if err != nil {
		words := "The video is in " + printable(t.Codec) + ", which no browser plays as it is."
		return Track{}, ErrCodec.Saying(words).Because(err)
	}
	entered := enter("vide", t, entry)
	entered.Width, entered.Height = uint32(v.Width)<<16, uint32(v.Height)<<16
	if across > 0 && v.Width*uint64(across)/uint64(down) < 1<<16 {
		entered.Width = uint32(v.Width * uint64(across) << 16 / uint64(down))
	}
	entered.Matrix = rolled(v.Projection, int32(entered.Width), int32(entered.Height))
	out, err := mp4PictureTrack(n, entered, sets)
	out.Format, out.Prefix = t.Codec, t.Stripped
	return out, err
}

// rolled is the matrix (ISO/IEC 14496-12 section 8.3.2) of a flat picture that is rolled counter-clockwise by whole quarters (RFC
// 9559 section 5.1.4.1.28.46), moved so that its corner stays where it is. Other projections are not shown by browsers.
func rolled(p matroska.Projection, width, height int32) [9]int32 {
	const one, last = 1 << 16, 1 << 30
	if p.Type == 0 && p.Yaw == 0 && p.Pitch == 0 {
		switch p.Roll {
		case 90:
			return [9]int32{1: -one, 3: one, 7: width, 8: last}
		case -90:
			return [9]int32{1: one, 3: -one, 6: height, 8: last}
		case 180, -180:
			return [9]int32{0: -one, 4: -one, 6: width, 7: height, 8: last}
		}
	}
	return [9]int32{0: one, 4: one, 8: last}
}

// enter makes a track of an MP4 file of a sample entry.
func enter(handler string, t matroska.Track, entry []byte) mp4.Track {
	language := t.LanguageBCP47
	if language == "" && t.Language != "und" {
		language = t.Language
	}
	return mp4.Track{
		Handler: handler, Format: string(entry[4:8]), Entry: entry[8:], Title: t.Name, ExtendedLanguage: language,
		Language: packedLanguage(t.Language), Enabled: t.Default, Matrix: [9]int32{0: 1 << 16, 4: 1 << 16, 8: 1 << 30},
	}
}

// packedLanguage is a code of ISO 639-2 as mdhd has it (ISO/IEC 14496-12 section 8.4.2.3).
func packedLanguage(code string) (out uint16) {
	const undetermined = 0x55c4
	if len(code) != 3 {
		return undetermined
	}
	for n := range 3 {
		if code[n] < 'a' || code[n] > 'z' {
			return undetermined
		}
		out = out<<5 | uint16(code[n]-0x60)
	}
	return out
}

// pixelShape is the shape of a pixel that makes the picture as wide and high as it is displayed (RFC 9559 sections
// 5.1.4.1.28.12 to 14); zeros where pixels are square or it does not say.
func pixelShape(v matroska.Video) (across, down uint32) {
	const unknownUnit, most = 4, 1 << 16
	width, height := v.DisplayWidth, v.DisplayHeight
	if width == 0 {
		width = v.Width
	}
	if height == 0 {
		height = v.Height
	}
	largest, least := max(width, height, v.Width, v.Height), min(width, height, v.Width, v.Height)
	if v.DisplayUnit >= unknownUnit || largest >= most || least == 0 {
		return 0, 0
	}
	a, b := width*v.Height, height*v.Width
	common := divisor(a, b)
	if a, b = a/common, b/common; a == b || a > math.MaxUint32 || b > math.MaxUint32 {
		return 0, 0
	}
	return uint32(a), uint32(b)
}

func divisor(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// colourOf is the colour of a track; nil when it says nothing.
func colourOf(v matroska.Video) *sampleentry.Colour {
	const full, left, half = 2, 1, 2
	if !v.Coloured {
		return nil
	}
	word := func(n uint64) uint16 { return uint16(min(n, math.MaxUint16)) }
	c := &sampleentry.Colour{
		Primaries: word(v.Primaries), Transfer: word(v.Transfer), Matrix: word(v.Matrix), Full: v.Range == full,
		Left: v.SitingAcross == left && v.SitingDown == half, MaxCLL: word(v.MaxCLL), MaxFALL: word(v.MaxFALL),
	}
	if v.Mastering != nil {
		m := sampleentry.Mastering(*v.Mastering)
		c.Mastering = &m
	}
	return c
}

func additions(t matroska.Track) (out []sampleentry.Addition) {
	for _, a := range t.Additions {
		out = append(out, sampleentry.Addition{Type: a.Type, Data: a.Extra})
	}
	return out
}

// matroskaSoundEntry does the same for a sound; ok is false for a codec that browsers do not play.
func matroskaSoundEntry(n int, t matroska.Track, first []byte) (out Track, ok bool) {
	const mostChannels, mostRate = 64, 1 << 20
	if !(t.Audio.Rate >= 1 && t.Audio.Rate < mostRate) || t.Audio.Channels > mostChannels {
		return out, false
	}
	entry, err := sampleentry.Audio(sampleentry.Sound{
		Codec: t.Codec, Private: t.Private, First: first, Channels: int(t.Audio.Channels), Rate: t.Audio.Rate,
		OutputRate: t.Audio.OutputRate,
	})
	if err != nil {
		return out, false
	}
	out, ok = mp4SoundTrack(n, enter("soun", t, entry))
	out.Format, out.Prefix = t.Codec, t.Stripped
	out.Init.Timescale = soundRate(t, entry)
	return out, ok
}

// soundRate is the ticks in a second of a sound: its rate, as the sample entry has it where that is not a part of it.
func soundRate(t matroska.Track, entry []byte) uint32 {
	const at = 8 + 24
	rate := uint32(binary.BigEndian.Uint16(entry[at:]))
	if t.Codec != "A_OPUS" && uint32(t.Audio.Rate) > math.MaxUint16 {
		return uint32(t.Audio.Rate)
	}
	return rate
}
