package original

import (
	"errors"
	"io"
	"math"
	"slices"
	"strings"

	"movify/pkg/mp4"
	"movify/pkg/mpegts"
	"movify/pkg/sampleentry"
)

// tsHead is what the tables of a transport stream say.
type tsHead struct {
	file    *mpegts.Reader
	tables  *mpegts.Tables
	picture tsListed
	sounds  []tsListed
}

// tsListed is a stream of the tables.
type tsListed struct {
	mpegts.Stream
	number int    // of the stream in the file
	codec  string // as Matroska names it; of others in a word
}

// headBytesOfTS is within how many bytes the tables are looked for; they come ten times a second.
const headBytesOfTS = 8 << 20

// readTSHead reads the tables at the beginning of a transport stream, and chooses the picture: the first one that is listed.
func readTSHead(r io.ReaderAt, size int64) (*tsHead, error) {
	file, err := mpegts.NewReader(r, size)
	if errors.Is(err, mpegts.ErrNotTS) {
		return nil, ErrContainer.Because(err)
	}
	if err != nil {
		return nil, err
	}
	h := &tsHead{file: file, tables: &mpegts.Tables{}}
	if err := file.Each(0, headBytesOfTS, func(p mpegts.Packet) bool {
		h.tables.Add(p)
		return !h.tables.Complete()
	}); err != nil {
		return nil, err
	}
	return h, h.choose()
}

func (h *tsHead) choose() error {
	found, number := false, 0
	for _, s := range h.tables.Streams() {
		codec, picture, sound := tsCodec(s)
		listed := tsListed{s, number, codec}
		switch {
		case picture && !found:
			h.picture, found = listed, true
		case sound:
			h.sounds = append(h.sounds, listed)
		}
		number++
		if codec == "TrueHD" {
			number++ // that of a Blu-ray disc has AC-3 in it, which is a stream of its own
		}
	}
	switch {
	case !found:
		return ErrNoPicture
	case !strings.HasPrefix(h.picture.codec, "V_"):
		return ErrCodec.Saying("The video is in " + h.picture.codec + ", which no browser plays as it is.")
	}
	return nil
}

// blurayFormat is the registration of the streams of Blu-ray and AVCHD, which have types of their own.
const blurayFormat = "HDMV"

// tsPictureTypes and tsSoundTypes are the codecs of stream types (ISO/IEC 13818-1 table 2-34), and blurayCodecs those of Blu-ray beside
// them.
var (
	tsPictureTypes = map[byte]string{
		0x01: "MPEG-1", 0x02: "MPEG-2", 0x10: "MPEG-4", 0x1b: "V_MPEG4/ISO/AVC", 0x24: "V_MPEGH/ISO/HEVC",
		0x33: "VVC", 0x42: "AVS", 0xd1: "Dirac", 0xea: "VC-1",
	}
	tsSoundTypes = map[byte]string{
		0x03: "A_MPEG/L3", 0x04: "A_MPEG/L3", 0x0f: "A_AAC", 0x11: "LATM", 0x1c: "MPEG-4", 0x2d: "MPEG-H",
		0x2e: "MPEG-H", 0x81: "A_AC3", 0x87: "A_EAC3",
	}
	blurayCodecs = map[byte]string{
		0x80: "PCM", 0x82: "DTS", 0x83: "TrueHD", 0x84: "A_EAC3", 0x85: "DTS", 0x86: "DTS", 0xa1: "A_EAC3", 0xa2: "DTS",
	}
	// privateCodecs are those of private data, by the tag of a descriptor (ETSI EN 300 468 annexes D and G).
	privateCodecs = map[byte]string{0x6a: "A_AC3", 0x7a: "A_EAC3", 0x7b: "DTS", 0x7c: "LATM"}
)

// tsCodec names the codec of a stream, and says whether it is a picture or a sound.
func tsCodec(s mpegts.Stream) (codec string, picture, sound bool) {
	const private = 0x06
	if codec, picture = tsPictureTypes[s.Type]; picture {
		return codec, true, false
	}
	if codec, sound = tsSoundTypes[s.Type]; sound {
		return codec, false, true
	}
	if s.Format == blurayFormat {
		codec, sound = blurayCodecs[s.Type]
		return codec, false, sound
	}
	if s.Type == private {
		for tag, codec := range privateCodecs {
			if _, ok := s.Descriptor(tag); ok {
				return codec, false, true
			}
		}
	}
	return "", false, false
}

// language is the code of ISO 639-2 that the tables say; "" for none.
func (s tsListed) language() string {
	const tag, size = 0x0a, 3
	d, _ := s.Descriptor(tag)
	if len(d) < size || packedLanguage(string(d[:size])) == packedLanguage("") {
		return ""
	}
	return string(d[:size])
}

// dolbyVision is the record that MP4 has of Dolby Vision, made of its descriptor (Dolby Vision Streams Within the MPEG-2
// Transport Stream Format section 3.3): the numbers of both begin alike. nil for none, and for a layer that needs another stream.
func (s tsListed) dolbyVision() []byte {
	const tag, fixed, record, baseLayer = 0xb0, 5, 24, 1
	d, ok := s.Descriptor(tag)
	if !ok || len(d) < fixed || d[3]&baseLayer == 0 {
		return nil
	}
	return append(slices.Clone(d[:fixed]), make([]byte, record-fixed)...)
}

// tsPictureTrack describes the picture by its parameter sets.
func tsPictureTrack(x tsPictureIndex) (Track, error) {
	p, err := sampleentry.FromSets(x.Codec, x.Sets)
	if err != nil {
		return Track{}, ErrCodec.Because(err)
	}
	if len(x.Dolby) > 0 {
		const dvcC = 0x64766343
		p.Additions = []sampleentry.Addition{{Type: dvcC, Data: x.Dolby}}
	}
	entry, err := sampleentry.Video(p)
	if err != nil {
		return Track{}, ErrCodec.Because(err)
	}
	t := enterTS("vide", entry, "")
	t.Timescale, t.Width, t.Height = tsClock, uint32(p.Width)<<16, uint32(p.Height)<<16
	if wide := uint64(p.Width) * uint64(p.AspectAcross); p.AspectDown > 0 && wide/uint64(p.AspectDown) < 1<<16 {
		t.Width = uint32(wide << 16 / uint64(p.AspectDown))
	}
	out, err := mp4PictureTrack(x.Stream, t, false)
	out.Format, out.Delay, out.Copy.OpenGroups = x.Codec, x.Delay, x.OpenGroups
	out.Units = Units{} // pictures are looked at when they are read
	return out, err
}

// tsSoundTrack describes a sound by its first frame.
func tsSoundTrack(x tsSoundIndex) (Track, bool) {
	s := sampleentry.Sound{Codec: x.Codec, First: x.Frame, Channels: x.Channels, Rate: float64(x.Rate)}
	if x.Codec == "A_AAC" {
		s.Private = specificConfig(x.Config)
	}
	entry, err := sampleentry.Audio(s)
	if err != nil || x.Rate > math.MaxUint16 && x.Codec != "A_AAC" {
		return Track{}, false
	}
	t := enterTS("soun", entry, x.Language)
	t.Timescale = tsClock
	out, ok := mp4SoundTrack(x.Stream, t)
	out.Format = x.Codec
	return out, ok
}

// enterTS makes a track of an MP4 file of a sample entry.
func enterTS(handler string, entry []byte, language string) mp4.Track {
	return mp4.Track{
		Handler: handler, Format: string(entry[4:8]), Entry: entry[8:], Enabled: true,
		ExtendedLanguage: language, Language: packedLanguage(language),
		Matrix: [9]int32{0: 1 << 16, 4: 1 << 16, 8: 1 << 30},
	}
}
