package matroska

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"math/bits"
)

// The element IDs we read (RFC 9559 section 5, RFC 8794 section 11.2), with their length marker.
const (
	idEBML           = 0x1A45DFA3
	idDocType        = 0x4282
	idSegment        = 0x18538067
	idSeekHead       = 0x114D9B74
	idSeek           = 0x4DBB
	idSeekID         = 0x53AB
	idSeekPosition   = 0x53AC
	idInfo           = 0x1549A966
	idTimestampScale = 0x2AD7B1
	idTracks         = 0x1654AE6B
	idTrackEntry     = 0xAE
	idTrackNumber    = 0xD7
	idTrackType      = 0x83
	idCluster        = 0x1F43B675

	idDuration   = 0x4489
	idDateUTC    = 0x4461
	idTitle      = 0x7BA9
	idMuxingApp  = 0x4D80
	idChapters   = 0x1043A770
	idTags       = 0x1254C367
	idAttachment = 0x1941A469
	idCues       = 0x1C53BB6B

	idCuePoint            = 0xBB
	idCueTime             = 0xB3
	idCueTrackPositions   = 0xB7
	idCueTrack            = 0xF7
	idCueClusterPosition  = 0xF1
	idCueRelativePosition = 0xF0
	idCueBlockNumber      = 0x5378
	idVoid                = 0xEC
	idCRC32               = 0xBF

	idClusterTimestamp = 0xE7
	idSimpleBlock      = 0xA3
	idBlockGroup       = 0xA0
	idBlock            = 0xA1
	idBlockDuration    = 0x9B
	idReferenceBlock   = 0xFB
	idDiscardPadding   = 0x75A2

	idCodecID          = 0x86
	idCodecPrivate     = 0x63A2
	idTrackName        = 0x536E
	idLanguage         = 0x22B59C
	idFlagDefault      = 0x88
	idFlagForced       = 0x55AA
	idFlagHearing      = 0x55AB
	idFlagVisual       = 0x55AC
	idFlagOriginal     = 0x55AE
	idFlagCommentary   = 0x55AF
	idFlagEnabled      = 0xB9
	idLanguageBCP47    = 0x22B59D
	idDefaultDuration  = 0x23E383
	idContentEncodings = 0x6D80
	idContentEncoding  = 0x6240
	idCompression      = 0x5034
	idCompAlgo         = 0x4254
	idCompSettings     = 0x4255
	idFlagLacing       = 0x9C
	idMaxAdditionID    = 0x55EE
	idCodecDelay       = 0x56AA
	idSeekPreRoll      = 0x56BB
	idTrackUID         = 0x73C5
	idEncodingScope    = 0x5032
	idEncodingType     = 0x5033
	idAdditionMapping  = 0x41E4
	idAdditionType     = 0x41E7
	idAdditionExtra    = 0x41ED
	idVideo            = 0xE0
	idAudio            = 0xE1

	idPixelWidth    = 0xB0
	idPixelHeight   = 0xBA
	idDisplayWidth  = 0x54B0
	idDisplayHeight = 0x54BA
	idDisplayUnit   = 0x54B2
	idInterlaced    = 0x9A
	idFieldOrder    = 0x9D
	idStereoMode    = 0x53B8
	idCropBottom    = 0x54AA
	idCropTop       = 0x54BB
	idCropLeft      = 0x54CC
	idCropRight     = 0x54DD
	idProjection    = 0x7670
	idColour        = 0x55B0
	idMatrix        = 0x55B1
	idTransfer      = 0x55BA
	idPrimaries     = 0x55BB
	idColourBits    = 0x55B2
	idSitingAcross  = 0x55B7
	idSitingDown    = 0x55B8
	idColourRange   = 0x55B9
	idMaxCLL        = 0x55BC
	idMaxFALL       = 0x55BD
	idMastering     = 0x55D0
	idMasteringRedX = 0x55D1 // RedY, GreenX, GreenY, BlueX, BlueY, WhiteX, WhiteY follow
	idLuminanceMax  = 0x55D9
	idLuminanceMin  = 0x55DA

	idProjectionType = 0x7671
	idPoseYaw        = 0x7673
	idPosePitch      = 0x7674
	idPoseRoll       = 0x7675

	idSamplingRate       = 0xB5
	idOutputSamplingRate = 0x78B5
	idChannels           = 0x9F
	idBitDepth           = 0x6264

	idEditionEntry   = 0x45B9
	idEditionHidden  = 0x45BD
	idEditionDefault = 0x45DB
	idEditionOrdered = 0x45DD
	idChapterAtom    = 0xB6
	idChapterHidden  = 0x98
	idChapterEnabled = 0x4598
	idChapterSegment = 0x6E67
	idChapterUID     = 0x73C4
	idChapterStart   = 0x91
	idChapterEnd     = 0x92
	idChapterShow    = 0x80
	idChapterText    = 0x85

	idTag           = 0x7373
	idTargets       = 0x63C0
	idTargetType    = 0x63CA
	idTagTrack      = 0x63C5
	idTagEdition    = 0x63C9
	idTagChapter    = 0x63C4
	idTagAttachment = 0x63C6
	idSimpleTag     = 0x67C8
	idTagName       = 0x45A3
	idTagString     = 0x4487
	idTagLanguage   = 0x447A
	idTagDefault    = 0x4484

	idAttachedFile = 0x61A7
	idFileName     = 0x466E
	idFileType     = 0x4660
	idFileUID      = 0x46AE
	idFileData     = 0x465C
)

const (
	maxHeader = 12 // bytes of the longest element header: an ID of 4 and a size of 8
	// unknownSize marks an element that ends where its parent's next child begins (RFC 8794 section 6.2).
	unknownSize = -1
)

// errShort says that the bytes end inside an element header.
var errShort = errors.New("element header is cut off")

// header is an element's ID and the size of its data, unknownSize when it has none.
type header struct {
	id   uint32
	size int64
	len  int // bytes of the header itself
}

// parseHeader reads the element header at the start of b.
func parseHeader(b []byte) (header, error) {
	if len(b) == 0 {
		return header{}, errShort
	}
	n := bits.LeadingZeros8(b[0]) + 1
	if n > 4 {
		return header{}, fmt.Errorf("%w: %#x starts no element ID", ErrMalformed, b[0])
	}
	if len(b) <= n {
		return header{}, errShort
	}
	var h header
	for _, c := range b[:n] {
		h.id = h.id<<8 | uint32(c)
	}
	b = b[n:]
	m := bits.LeadingZeros8(b[0]) + 1
	if m > 8 {
		return header{}, fmt.Errorf("%w: the size of element %#x is longer than 8 bytes", ErrMalformed, h.id)
	}
	if len(b) < m {
		return header{}, errShort
	}
	value := uint64(b[0]) & (1<<(8-m) - 1)
	for _, c := range b[1:m] {
		value = value<<8 | uint64(c)
	}
	h.size, h.len = int64(value), n+m
	if value == 1<<(7*m)-1 {
		h.size = unknownSize
	}
	return h, nil
}

// readHeader reads the element header at off. io.EOF says that the file ends there, errShort that it ends inside.
func readHeader(r io.ReaderAt, off, size int64) (header, error) {
	b, err := readAt(r, off, min(maxHeader, size-off))
	if err != nil {
		return header{}, err
	}
	if len(b) == 0 {
		return header{}, io.EOF
	}
	return parseHeader(b)
}

// readAt reads exactly n bytes at off; nothing when n is not positive.
func readAt(r io.ReaderAt, off, n int64) ([]byte, error) {
	if n <= 0 {
		return nil, nil
	}
	b := make([]byte, n)
	if got, err := r.ReadAt(b, off); int64(got) < n {
		return nil, fmt.Errorf("read %d bytes at %d: %w", n, off, err)
	}
	return b, nil
}

// element is a child whose data is in memory.
type element struct {
	id   uint32
	data []byte
}

// children walks the elements in b. An error ends the walk.
func children(b []byte) iter.Seq2[element, error] {
	return func(yield func(element, error) bool) {
		for len(b) > 0 {
			h, err := parseHeader(b)
			if err == nil && (h.size == unknownSize || h.size > int64(len(b)-h.len)) {
				err = fmt.Errorf("%w: element %#x is larger than its parent", ErrMalformed, h.id)
			}
			if err != nil {
				if errors.Is(err, errShort) {
					err = fmt.Errorf("%w: %w", ErrMalformed, err)
				}
				yield(element{}, err)
				return
			}
			end := h.len + int(h.size)
			if !yield(element{h.id, b[h.len:end]}, nil) {
				return
			}
			b = b[end:]
		}
	}
}

// text reads a string element, which may be padded with zero bytes (RFC 8794 section 7.4).
func (e element) text() string {
	b, _, _ := bytes.Cut(e.data, []byte{0})
	return string(b)
}

// float reads a float element of 4 or 8 bytes; empty is 0 (RFC 8794 section 7.3).
func (e element) float() (float64, error) {
	switch len(e.data) {
	case 0:
		return 0, nil
	case 4:
		return float64(math.Float32frombits(binary.BigEndian.Uint32(e.data))), nil
	case 8:
		return math.Float64frombits(binary.BigEndian.Uint64(e.data)), nil
	}
	return 0, fmt.Errorf("%w: float %#x of %d bytes", ErrMalformed, e.id, len(e.data))
}

// uint reads an unsigned integer element; empty is 0 (RFC 8794 section 7.2).
func (e element) uint() (uint64, error) {
	if len(e.data) > 8 {
		return 0, fmt.Errorf("%w: integer %#x of %d bytes", ErrMalformed, e.id, len(e.data))
	}
	var v uint64
	for _, c := range e.data {
		v = v<<8 | uint64(c)
	}
	return v, nil
}

// fields reads the unsigned integers among the children of an element into the variables of their IDs.
func fields(b []byte, into map[uint32]*uint64) error {
	for e, err := range children(b) {
		if err != nil {
			return err
		}
		if field, wanted := into[e.id]; wanted {
			if *field, err = e.uint(); err != nil {
				return err
			}
		}
	}
	return nil
}
