package matroska

import "fmt"

const (
	// Bits of a ContentEncodingScope (RFC 9559 section 5.1.4.1.31.3): the frames, and the CodecPrivate.
	scopeFrames  = 1
	scopePrivate = 2
	// stripping is the ContentCompAlgo of header stripping (section 5.1.4.1.31.6); all others are real compression.
	stripping = 3
	// maxStripped bounds the bytes of header stripping, which every frame gets. Those in use have less than ten.
	maxStripped = 1 << 10
)

// encodings reads the ContentEncodings of a track: how its frames and its CodecPrivate differ from those of the codec.
func (t *Track) encodings(data []byte) error {
	for e, err := range children(data) {
		if err != nil {
			return err
		}
		if e.id != idContentEncoding {
			continue
		}
		scope, kind := uint64(scopeFrames), uint64(0)
		if err := fields(e.data, map[uint32]*uint64{idEncodingScope: &scope, idEncodingType: &kind}); err != nil {
			return err
		}
		t.Sealed = t.Sealed || kind != 0 || scope&scopePrivate != 0
		if kind == 0 && scope&scopeFrames != 0 {
			if err := t.compression(e.data); err != nil {
				return err
			}
		}
	}
	return nil
}

// compression reads how one ContentEncoding changes the frames. Without a ContentCompression that is zlib, the default.
func (t *Track) compression(encoding []byte) error {
	algorithm, stripped := uint64(0), []byte(nil)
	for e, err := range children(encoding) {
		if err != nil {
			return err
		}
		if e.id != idCompression {
			continue
		}
		if err := fields(e.data, map[uint32]*uint64{idCompAlgo: &algorithm}); err != nil {
			return err
		}
		for e, err := range children(e.data) {
			if err != nil {
				return err
			}
			if e.id == idCompSettings {
				stripped = e.data
			}
		}
	}
	if algorithm != stripping || t.Stripped != nil { // two strippings would need an order
		t.Compressed = true
		return nil
	}
	if len(stripped) > maxStripped {
		return fmt.Errorf("%w: %d bytes are stripped of every frame", ErrTooMuch, len(stripped))
	}
	t.Stripped = stripped
	return nil
}
