package matroska

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
)

// Header is what a file says of itself before its first Cluster and where its SeekHead points: RFC 9559 section 5.1,
// with the defaults of the specification filled in.
type Header struct {
	DocType    string // "matroska" or "webm"
	DurationNS int64  // 0 = it does not say
	// LastCueNS is the time of the last place that the Cues point to, nanoseconds; 0 = there are none.
	LastCueNS int64
	// FirstCueNS is that of the first one.
	FirstCueNS int64
	Title      string
	MuxingApp  string
	// DateNS is when it was made, nanoseconds since the first moment of 2001 in UTC; HasDate says that it is known.
	DateNS      int64
	HasDate     bool
	Tracks      []Track   // in file order
	Editions    []Edition // of chapters, in file order
	Tags        []Tag
	Attachments []Attachment
}

// Track is one TrackEntry. What the entry does not say has the default of the specification.
type Track struct {
	Number   uint64
	UID      uint64
	Type     uint64 // 1 video, 2 audio, 17 subtitles, … (RFC 9559 section 5.1.4.1.3)
	Codec    string // "V_MPEG4/ISO/AVC"
	Private  []byte
	Name     string
	Language string // ISO 639-2, "und" when it is not determined
	// LanguageBCP47 goes before Language; "" when it does not say.
	LanguageBCP47 string
	Default       bool
	Forced        bool
	Disabled      bool // it is not to be used (section 5.1.4.1.4)
	Hearing       bool // made for people who cannot hear
	Visual        bool // made for people who cannot see
	Original      bool // in the language of the film
	Commentary    bool
	FrameNS       uint64 // how long a frame lasts; 0 = it does not say
	// DelayNS is the CodecDelay: how much earlier than its Block says the sound of a Block is (section 5.1.4.1.25).
	DelayNS uint64
	// PreRollNS is the SeekPreRoll: how long a decoder runs behind a seek before its output is right.
	PreRollNS     uint64
	Unlaced       bool   // no Block holds several frames
	MaxAdditionID uint64 // the largest number of a BlockAddition; 0 = there are none
	Sealed        bool   // encrypted, or its Private is compressed
	// Compressed says that frames are stored otherwise than as their codec made them, and not only by header stripping.
	Compressed bool
	// Stripped is the beginning that every frame lacks in the file (header stripping, section 5.1.4.1.31.7).
	Stripped  []byte
	Video     Video
	Audio     Audio
	Additions []Addition
}

// Video is what a track says of its picture. Widths and heights are pixels.
type Video struct {
	Width, Height               uint64
	DisplayWidth, DisplayHeight uint64 // 0 = it does not say: as wide and high as the picture
	DisplayUnit                 uint64 // 0 pixels, 1 cm, 2 inches, 3 aspect ratio, 4 unknown
	Interlaced                  uint64 // 0 unknown, 1 interlaced, 2 progressive
	FieldOrder                  uint64 // 2 = unknown
	StereoMode                  uint64 // section 5.1.4.1.28.3; 0 = one view
	// Pixels of each side that are hidden (sections 5.1.4.1.28.8 to 11).
	CropLeft, CropTop, CropRight, CropBottom uint64
	Projected                                bool // a projection or a pose is given
	Projection                               Projection
	// Matrix, Transfer and Primaries are code points of ITU-T H.273; 2 = unspecified. Coloured says that there is a
	// Colour.
	Matrix, Transfer, Primaries uint64
	Coloured                    bool
	Range                       uint64 // 0 unspecified, 1 broadcast, 2 full, 3 as Matrix and Transfer say
	ColourBits                  uint64 // of a channel; 0 = it does not say
	// SitingAcross and SitingDown are where chroma samples lie: 0 unspecified, 1 on the left or top, 2 half way.
	SitingAcross, SitingDown uint64
	MaxCLL, MaxFALL          uint64 // candelas per square metre; 0 = it does not say
	Mastering                *Mastering
}

// Mastering is the display that a film was mastered on (section 5.1.4.1.28.30): CIE 1931 chromaticities, and luminances
// in candelas per square metre. A value that is not given is 0.
type Mastering struct {
	RedX, RedY, GreenX, GreenY, BlueX, BlueY, WhiteX, WhiteY float64
	LuminanceMax, LuminanceMin                               float64
}

// Projection is how the picture lies in space (section 5.1.4.1.28.41). Angles are degrees, counter-clockwise; one that
// is no finite number is 0.
type Projection struct {
	Type             uint64 // 0 rectangular, 1 equirectangular, 2 cubemap, 3 mesh
	Yaw, Pitch, Roll float64
}

// Audio is what a track says of its sound. Rates are Hz.
type Audio struct {
	Rate, OutputRate float64 // OutputRate is 0 when it does not say
	Channels, Bits   uint64
}

// Addition is a BlockAdditionMapping: what else comes with a track, by the type's registered number.
type Addition struct {
	Type  uint64
	Extra []byte
}

// Edition is one list of chapters (section 5.1.7.1).
type Edition struct {
	Hidden  bool
	Default bool
	// Ordered says that it is a list of what to play and in which order.
	Ordered  bool
	Chapters []Chapter // in file order, of the first level
}

// Chapter is a chapter of an edition. Times are nanoseconds.
type Chapter struct {
	UID       uint64
	StartNS   int64
	EndNS     int64 // HasEnd says whether it is given
	HasEnd    bool
	Title     string
	Hidden    bool
	Disabled  bool
	Elsewhere bool // it is a part of another file
}

// Tag is one name and value. Track, Edition, Chapter and Attachment are the UIDs it is about; with all of them 0 it is
// about the whole file.
type Tag struct {
	Track, Edition, Chapter, Attachment uint64
	TargetType                          string // "MOVIE", "EPISODE", …; "" when it does not say
	Name                                string // of a tag inside a tag: "OUTER/INNER"
	Value                               string
	Language                            string // "und" when it is not determined
	Default                             bool
}

// Attachment is a file inside the file.
type Attachment struct {
	UID       uint64
	Name      string
	MediaType string
	Offset    int64 // of its bytes in the file
	Size      int64 // bytes
}

// Bounds of a header. One beyond them is ErrTooMuch.
const (
	maxTracks      = 256
	maxChapters    = 2_000
	maxEditions    = 200
	maxTags        = 4_000
	maxTagDepth    = 4
	maxAttachments = 256
	maxPart        = 4 << 20 // bytes of one part: Info, Tracks, Chapters or Tags
)

// ErrTooMuch is returned, wrapped, for a header larger than is read.
var ErrTooMuch = errors.New("matroska header too large")

// ReadHeader reads the header of a file of the given size: at most some 16 MiB, usually a few KiB. A file without an
// Info and a Tracks that can be found is ErrMalformed.
func ReadHeader(r io.ReaderAt, size int64) (Header, error) {
	h, err := readFileHeader(r, size)
	if err != nil {
		return Header{}, fmt.Errorf("read matroska header: %w", err)
	}
	return h, nil
}

func readFileHeader(r io.ReaderAt, size int64) (Header, error) {
	info, start, err := inspect(r, size)
	if err != nil {
		return Header{}, err
	}
	if start == 0 {
		return Header{}, fmt.Errorf("%w: it ends before its Segment", ErrMalformed)
	}
	s := open(r, size, info, start)
	b := headerReader{segment: s, h: Header{DocType: info.DocType}, met: map[uint32]bool{}}
	s.on = map[uint32]func(off, size int64) error{
		idInfo:       b.once(idInfo, s.part(b.info)),
		idTracks:     b.once(idTracks, s.part(b.tracks)),
		idChapters:   b.once(idChapters, s.part(b.chapters)),
		idTags:       s.part(b.tags), // there may be several
		idAttachment: b.once(idAttachment, b.attachments),
		idCues:       b.once(idCues, b.lastCue),
	}
	if err := s.scan(); err != nil {
		return Header{}, err
	}
	if !b.met[idInfo] || !b.met[idTracks] {
		return Header{}, fmt.Errorf("%w: no Info or no Tracks", ErrMalformed)
	}
	if ns := b.ticks * float64(s.scale); ns > 0 && ns < math.MaxInt64 {
		b.h.DurationNS = int64(math.Round(ns))
	}
	if ns := float64(b.cue) * float64(s.scale); ns < math.MaxInt64 {
		b.h.LastCueNS = int64(ns)
	}
	if ns := float64(b.firstCue) * float64(s.scale); ns < math.MaxInt64 {
		b.h.FirstCueNS = int64(ns)
	}
	return b.h, nil
}

// headerReader fills a Header.
type headerReader struct {
	*segment
	h     Header
	ticks float64 // the duration
	cue   uint64  // ticks of the last cue
	// firstCue is that of the first one.
	firstCue uint64
	met      map[uint32]bool
}

// once reads the first of several, which are copies (RFC 9559 section 4.4).
func (b *headerReader) once(id uint32, do func(off, size int64) error) func(off, size int64) error {
	return func(off, size int64) error {
		if b.met[id] {
			return nil
		}
		b.met[id] = true
		return do(off, size)
	}
}

// part is bytes with a bound.
func (s *segment) part(read func([]byte) error) func(off, size int64) error {
	return func(off, size int64) error {
		if size > maxPart {
			return fmt.Errorf("%w: %d bytes in one part", ErrTooMuch, size)
		}
		return s.bytes(read)(off, size)
	}
}

func (b *headerReader) info(data []byte) error {
	for e, err := range children(data) {
		if err != nil {
			return err
		}
		switch e.id {
		case idTimestampScale:
			b.scale, err = e.uint()
		case idDuration:
			b.ticks, err = e.float()
		case idTitle:
			b.h.Title = e.text()
		case idMuxingApp:
			b.h.MuxingApp = e.text()
		case idDateUTC:
			var ns uint64
			ns, err = e.uint()
			b.h.DateNS, b.h.HasDate = int64(ns), len(e.data) == 8
		}
		if err != nil {
			return err
		}
	}
	if b.scale == 0 {
		return fmt.Errorf("%w: a tick of no time", ErrMalformed)
	}
	return nil
}

const (
	// cuesEnd is how many bytes of the end of the Cues are read: some hundred of them.
	cuesEnd = 16 << 10
	// maxCueStarts bounds the search for the first whole CuePoint in those: one has some 20 bytes.
	maxCueStarts = 32
)

// cueSize is more than a CuePoint has, bytes.
const cueSize = 1 << 10

// lastCue reads the time of the last of the Cues, which stand in the order of their times (RFC 9559 section 5.1.5.1).
// Of large ones only the end is read. It begins inside a CuePoint: the first byte from which whole CuePoints fill the
// rest is where the next one begins.
func (b *headerReader) lastCue(off, size int64) error {
	head, err := b.load(off, min(size, cueSize))
	if err != nil {
		return err
	}
	b.firstCue = firstCueIn(head)
	tail := min(size, cuesEnd)
	data, err := b.load(off+size-tail, tail)
	if err != nil {
		return err
	}
	if tail == size {
		b.cue, _ = lastCueIn(data)
		return nil
	}
	for range maxCueStarts {
		n := bytes.IndexByte(data, idCuePoint)
		if n < 0 {
			return nil
		}
		data = data[n:]
		if cue, ok := lastCueIn(data); ok {
			b.cue = cue
			return nil
		}
		data = data[1:]
	}
	return nil
}

// firstCueIn gives the time of the first CuePoint of data, which may be cut behind it; 0 where there is none.
func firstCueIn(data []byte) (ticks uint64) {
	for e, err := range children(data) {
		if err != nil {
			return 0
		}
		if e.id == idCuePoint {
			if fields(e.data, map[uint32]*uint64{idCueTime: &ticks}) != nil {
				return 0
			}
			return ticks
		}
	}
	return 0
}

// lastCueIn gives the latest time of CuePoints that fill data; ok is false for bytes that are something else.
func lastCueIn(data []byte) (ticks uint64, ok bool) {
	for e, err := range children(data) {
		if err != nil || e.id != idCuePoint && e.id != idVoid && e.id != idCRC32 {
			return 0, false
		}
		if e.id != idCuePoint {
			continue
		}
		var at uint64
		if fields(e.data, map[uint32]*uint64{idCueTime: &at}) != nil {
			return 0, false
		}
		ticks, ok = max(ticks, at), true
	}
	return ticks, ok
}

// attachments lists the attached files without reading them: there may be fonts of many megabytes.
func (b *headerReader) attachments(off, size int64) error {
	end := off + size
	for off < end {
		h, err := readHeader(b.r, off, end)
		if err != nil {
			return fmt.Errorf("%w: attachments: %w", ErrMalformed, err)
		}
		data := off + int64(h.len)
		if h.size == unknownSize || h.size > end-data {
			return fmt.Errorf("%w: an attachment larger than the attachments", ErrMalformed)
		}
		if h.id == idAttachedFile {
			if len(b.h.Attachments) == maxAttachments {
				return fmt.Errorf("%w: more than %d attachments", ErrTooMuch, maxAttachments)
			}
			a, err := b.attachment(data, data+h.size)
			if err != nil {
				return err
			}
			b.h.Attachments = append(b.h.Attachments, a)
		}
		off = data + h.size
	}
	return nil
}

// maxFileField is how many bytes of an attachment's name or type are read.
const maxFileField = 4 << 10

func (b *headerReader) attachment(off, end int64) (Attachment, error) {
	var a Attachment
	for off < end {
		h, err := readHeader(b.r, off, end)
		if err != nil {
			return a, fmt.Errorf("%w: attachment: %w", ErrMalformed, err)
		}
		data := off + int64(h.len)
		if h.size == unknownSize || h.size > end-data {
			return a, fmt.Errorf("%w: element %#x is larger than its attachment", ErrMalformed, h.id)
		}
		if h.id == idFileData {
			a.Offset, a.Size = data, h.size
		} else if h.size <= maxFileField {
			raw, err := b.load(data, h.size)
			if err != nil {
				return a, err
			}
			switch e := (element{h.id, raw}); h.id {
			case idFileName:
				a.Name = e.text()
			case idFileType:
				a.MediaType = e.text()
			case idFileUID:
				if a.UID, err = e.uint(); err != nil {
					return a, err
				}
			}
		}
		off = data + h.size
	}
	return a, nil
}
