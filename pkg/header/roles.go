package header

import (
	"errors"
	"strings"

	"movify/pkg/mp4"
)

var errOtherTracks = errors.New("the tracks are not those of the header")

// roles are what a track is for.
type roles struct{ commentary, describes, hearing, forced bool }

// The schemes of kind boxes (ISO/IEC 14496-12 section 8.10.4): roles of DASH (ISO/IEC 23009-1 section 5.8.5.5), the purposes of
// sound of TV-Anytime (ETSI TS 102 822-3-1), and kinds of HTML's tracks.
const (
	dashRole     = "urn:mpeg:dash:role:2011"
	audioPurpose = "urn:tva:metadata:cs:AudioPurposeCS:2007"
	htmlKind     = "about:html-kind"
)

// rolesOf reads the kind boxes of a track, and the media characteristics that QuickTime tags it with.
func rolesOf(t mp4.Track) (r roles) {
	for _, k := range t.Kinds {
		switch [2]string{k.Scheme, k.Value} {
		case [2]string{dashRole, "commentary"}, [2]string{htmlKind, "commentary"},
			[2]string{audioPurpose, "3"}, [2]string{audioPurpose, "4"}:
			r.commentary = true
		case [2]string{dashRole, "description"}, [2]string{htmlKind, "descriptions"}, [2]string{htmlKind, "main-desc"},
			[2]string{audioPurpose, "1"}:
			r.describes = true
		case [2]string{dashRole, "caption"}, [2]string{htmlKind, "captions"},
			[2]string{dashRole, "enhanced-audio-intelligibility"}, [2]string{audioPurpose, "2"}:
			r.hearing = true
		}
		r.forced = r.forced || k.Scheme == dashRole && strings.HasPrefix(k.Value, "forced")
	}
	for _, c := range t.Characteristics {
		switch c {
		case "public.auxiliary-content":
			r.commentary = true
		case "public.accessibility.describes-video":
			r.describes = true
		case "public.accessibility.transcribes-spoken-dialog", "public.accessibility.describes-music-and-sound":
			r.hearing = true
		case "public.subtitles.forced-only":
			r.forced = true
		}
	}
	return r
}
