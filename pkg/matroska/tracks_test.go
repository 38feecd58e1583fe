package matroska

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// read is the header of a file of these elements beside its Info.
func read(t *testing.T, top ...[]byte) Header {
	t.Helper()
	file := matroskaFile(append([][]byte{el(idInfo, num(idTimestampScale, 1000))}, top...)...)
	h, err := ReadHeader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestFlagsOfTracks(t *testing.T) {
	t.Parallel()
	entry := func(more ...[]byte) []byte {
		return el(idTrackEntry, append([][]byte{num(idTrackType, 2), el(idCodecID, []byte("A_AAC"))}, more...)...)
	}
	plain := Track{Type: 2, Codec: "A_AAC", Language: "eng", Default: true}
	with := func(change func(*Track)) Track {
		t := plain
		change(&t)
		return t
	}
	got := read(t, el(idTracks,
		entry(), entry(num(idFlagDefault, 0)), entry(num(idFlagEnabled, 0)), entry(num(idFlagHearing, 1)), entry(num(idFlagVisual, 1)),
		entry(num(idFlagOriginal, 1)), entry(num(idFlagCommentary, 1)), entry(num(idFlagEnabled, 1), num(idFlagCommentary, 0)),
		entry(el(idLanguage, []byte("chi")), el(idLanguageBCP47, []byte("yue"))),
	)).Tracks
	want := []Track{
		plain,
		with(func(t *Track) { t.Default = false }),
		with(func(t *Track) { t.Disabled = true }),
		with(func(t *Track) { t.Hearing = true }),
		with(func(t *Track) { t.Visual = true }),
		with(func(t *Track) { t.Original = true }),
		with(func(t *Track) { t.Commentary = true }),
		plain,
		with(func(t *Track) { t.Language, t.LanguageBCP47 = "chi", "yue" }),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEditionsOfChapters(t *testing.T) {
	t.Parallel()
	got := read(t, el(idTracks), el(idChapters,
		el(idEditionEntry, num(idEditionHidden, 1), el(idChapterAtom, num(idChapterStart, 1), num(idChapterHidden, 1))),
		el(idEditionEntry, num(idEditionDefault, 1), num(idEditionOrdered, 1),
			el(idChapterAtom, num(idChapterStart, 9), num(idChapterEnabled, 0)),
			el(idChapterAtom, num(idChapterStart, 2), el(idChapterSegment, make([]byte, 16)),
				el(idChapterShow, el(idChapterText, []byte("One"))), el(idChapterShow, el(idChapterText, []byte("Un"))))),
	)).Editions
	want := []Edition{
		{Hidden: true, Chapters: []Chapter{{StartNS: 1, Hidden: true}}},
		{Default: true, Ordered: true, Chapters: []Chapter{{StartNS: 9, Disabled: true}, {StartNS: 2, Elsewhere: true, Title: "One"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
