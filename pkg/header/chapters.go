package header

import (
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"unicode/utf16"

	"movify/pkg/matroska"
	"movify/pkg/media"
	"movify/pkg/mp4"
)

// matroskaChapters gives the chapters of the edition that is played (RFC 9559 section 5.1.7): the default one, else the
// first, never a hidden one. Hidden and disabled chapters are left out, and those of other files. ordered says that the
// edition is a list of what to play.
func matroskaChapters(h matroska.Header, endUS int64) (out []media.Chapter, ordered bool) {
	var edition *matroska.Edition
	for n := range h.Editions {
		e := &h.Editions[n]
		if !e.Hidden && (edition == nil || e.Default && !edition.Default) {
			edition = e
		}
	}
	if edition == nil {
		return nil, false
	}
	for _, c := range edition.Chapters {
		if c.Hidden || c.Disabled || c.Elsewhere || c.StartNS < 0 {
			continue
		}
		end := int64(-1)
		if c.HasEnd {
			end = microseconds(c.EndNS)
		}
		out = append(out, media.Chapter{StartUS: microseconds(c.StartNS), EndUS: end, Title: c.Title})
	}
	return closed(sorted(out), endUS), edition.Ordered
}

// sorted sorts chapters by their starts.
func sorted(chapters []media.Chapter) []media.Chapter {
	slices.SortStableFunc(chapters, func(a, b media.Chapter) int { return cmp.Compare(a.StartUS, b.StartUS) })
	return chapters
}

// mp4Chapters gives the chapters of a chpl box and of a chapter track. Where both have one of a number libavformat
// takes the track's.
func mp4Chapters(r io.ReaderAt, h mp4.Header) ([]media.Chapter, error) {
	var out []media.Chapter
	for _, c := range h.Chapters {
		out = append(out, media.Chapter{StartUS: microseconds(c.StartNS), EndUS: -1, Title: c.Title})
	}
	for _, t := range h.Tracks {
		if !isChapterTrack(t, h) {
			continue
		}
		if t.Handler != "text" && t.Handler != "sbtl" || t.Timescale == 0 || t.External {
			return nil, errors.New("chapters that are no text")
		}
		texts, err := mp4.Texts(r, t)
		if err != nil {
			return nil, err
		}
		for n, text := range texts {
			c := media.Chapter{
				StartUS: rescale(text.Start, 1_000_000, uint64(t.Timescale)), EndUS: -1,
				Title: chapterTitle(text.Data),
			}
			if n+1 < len(texts) {
				c.EndUS = rescale(texts[n+1].Start, 1_000_000, uint64(t.Timescale))
			} else {
				c.EndUS = rescale(t.Times.Ticks, 1_000_000, uint64(t.Timescale))
			}
			if n < len(out) {
				out[n] = c
			} else {
				out = append(out, c)
			}
		}
	}
	return out, nil
}

// chapterTitle reads a sample of a QuickTime text track: its length in two bytes, then UTF-8, or UTF-16 behind a mark.
func chapterTitle(b []byte) string {
	if len(b) < 2 {
		return ""
	}
	length := int(binary.BigEndian.Uint16(b))
	if b = b[2:]; length < len(b) {
		b = b[:length]
	}
	if len(b) < 2 || b[0] != 0xfe || b[1] != 0xff {
		return trimmed(b)
	}
	var units []uint16
	for b = b[2:]; len(b) >= 2; b = b[2:] {
		units = append(units, binary.BigEndian.Uint16(b))
	}
	return string(utf16.Decode(units))
}
