package header

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"movify/pkg/matroska"
	"movify/pkg/media"
	"movify/pkg/mp4"
)

// Overlay lays over a probe of a file of size bytes what the file's header says of its tracks and chapters and ffprobe does
// not: languages in BCP 47, titles and roles of MP4 tracks, tracks that are not to be used, and the chapters of the
// default edition. A probe of another container, or whose tracks are not those of the header, stays as it is.
func Overlay(r io.ReaderAt, size int64, p media.Probe) media.Probe {
	in := &pages{r: r, size: size}
	laid := p.Clone()
	switch container, _, _ := strings.Cut(p.Format, ","); container {
	case "matroska":
		h, err := matroska.ReadHeader(in, size)
		if err != nil || !layMatroska(&laid, h) {
			return p
		}
	case "mov":
		h, err := mp4.ReadHeader(in, size)
		if err != nil || h.CoversFirst || layMP4(&laid, in, h) != nil {
			return p
		}
	}
	return laid.Bounded()
}

// layMatroska lays a header over a probe of the same file; false says that their tracks differ.
func layMatroska(p *media.Probe, h matroska.Header) bool {
	streams := matroskaStreams(h)
	same := true
	at := func(index int, kind uint64) (t matroska.Track) {
		if index >= len(streams) || streams[index].Type != kind {
			same = false
			return t
		}
		return streams[index]
	}
	for n := range p.Video {
		if v := &p.Video[n]; !v.AttachedPicture {
			t := at(v.Index, typeVideo)
			v.Disabled = t.Disabled
			cropMatroska(v, t.Video)
			stereoMatroska(v, t.Video)
		}
	}
	for n := range p.Audio {
		a := &p.Audio[n]
		t := at(a.Index, typeAudio)
		a.Language = languageOf(t)
		a.Original, a.Commentary, a.Disabled = t.Original, t.Commentary, t.Disabled
		a.VisualImpaired, a.HearingImpaired = t.Visual, t.Hearing
	}
	for n := range p.Subtitles {
		s := &p.Subtitles[n]
		t := at(s.Index, typeSubtitles)
		s.Language = languageOf(t)
		s.Original, s.Commentary, s.HearingImpaired = t.Original, t.Commentary, t.Hearing
	}
	p.Chapters, p.OrderedChapters = matroskaChapters(h, p.DurationUS)
	return same
}

// matroskaStreams gives the tracks that libavformat makes streams of, in the order of their indexes.
func matroskaStreams(h matroska.Header) []matroska.Track {
	const typeMetadata = 33
	return slices.DeleteFunc(slices.Clone(h.Tracks), func(t matroska.Track) bool {
		known := t.Type == typeVideo || t.Type == typeAudio || t.Type == typeSubtitles || t.Type == typeMetadata
		return !known || t.Codec == ""
	})
}

// languageOf is the language of a track: LanguageBCP47 goes before Language (RFC 9559 section 5.1.4.1.20).
func languageOf(t matroska.Track) string {
	if language := cmp.Or(t.LanguageBCP47, t.Language); language != "und" {
		return language
	}
	return ""
}

// layMP4 lays a header over a probe of the same file. An error says that it does not fit, or cannot be read.
func layMP4(p *media.Probe, r io.ReaderAt, h mp4.Header) error {
	for n := range p.Video {
		if v := &p.Video[n]; v.Index < len(h.Tracks) && h.Tracks[v.Index].Handler == "vide" {
			cropMP4(v, h.Tracks[v.Index])
		}
	}
	for n := range p.Audio {
		a := &p.Audio[n]
		if a.Index >= len(h.Tracks) || h.Tracks[a.Index].Handler != "soun" {
			return errOtherTracks
		}
		t := h.Tracks[a.Index]
		roles := rolesOf(t)
		a.Language, a.Title = cmp.Or(t.ExtendedLanguage, a.Language), cmp.Or(a.Title, t.Title)
		a.Commentary = a.Commentary || roles.commentary
		a.VisualImpaired = a.VisualImpaired || roles.describes
		a.HearingImpaired = a.HearingImpaired || roles.hearing
	}
	for n := range p.Subtitles {
		s := &p.Subtitles[n]
		if s.Index >= len(h.Tracks) {
			return errOtherTracks
		}
		t := h.Tracks[s.Index]
		roles := rolesOf(t)
		s.Language, s.Title = cmp.Or(t.ExtendedLanguage, s.Language), cmp.Or(s.Title, t.Title)
		s.Commentary = s.Commentary || roles.commentary
		s.HearingImpaired = s.HearingImpaired || roles.hearing
		s.Forced = s.Forced || roles.forced
	}
	chapters, err := mp4Chapters(r, h)
	if err == nil && len(chapters) > 0 {
		p.Chapters = closed(sorted(chapters), p.DurationUS)
	}
	return err
}
