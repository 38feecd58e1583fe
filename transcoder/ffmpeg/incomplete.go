package ffmpeg

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"

	"movify/pkg/matroska"
	"movify/pkg/mp4"
)

// isPlaylist recognises text that makes a demuxer open other files.
func isPlaylist(head []byte) bool {
	for _, mark := range []string{"#EXTM3U", "ffconcat", "[playlist]", "<?xml", "<asx", "<ASX", "<smil"} {
		if bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n\ufeff"), []byte(mark)) {
			return true
		}
	}
	return false
}

// cutOff reports whether a container's own sizes reach beyond the file's end. A few reads of a few bytes: ffprobe
// reports the full duration for such a file.
func cutOff(f *os.File, size int64, head []byte) (bool, error) {
	switch {
	case len(head) >= 12 && string(head[:4]) == "RIFF":
		// One RIFF chunk, or the first of several (OpenDML); sizes are little-endian and leave out the 8-byte header.
		return int64(binary.LittleEndian.Uint32(head[4:8]))+8 > size+1, nil
	case len(head) >= 8 && mp4First(string(head[4:8])):
		layout, err := mp4.Inspect(f, size)
		if errors.Is(err, mp4.ErrMalformed) || errors.Is(err, mp4.ErrNotMP4) {
			return false, nil // ffprobe will say what it is
		}
		return layout.Truncated, err
	case bytes.HasPrefix(head, []byte("\x1a\x45\xdf\xa3")): // EBML
		info, err := matroska.Inspect(f, size)
		if errors.Is(err, matroska.ErrMalformed) || errors.Is(err, matroska.ErrNotMatroska) {
			return false, nil
		}
		return info.Truncated, err
	}
	return false, nil
}

// endsInZeros reports whether the last 4 KiB of a file are zeros.
func endsInZeros(f io.ReaderAt, size int64) (bool, error) {
	var end [4 << 10]byte
	if size < int64(len(end)) {
		return false, nil
	}
	if _, err := f.ReadAt(end[:], size-int64(len(end))); err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	return end == [len(end)]byte{}, nil
}

func mp4First(kind string) bool {
	switch kind {
	case "ftyp", "moov", "mdat", "wide", "free", "skip":
		return true
	}
	return false
}
