package hls

import (
	"slices"
	"strconv"
	"strings"

	"movify/pkg/id"
	"movify/pkg/media"
)

// variant is one EXT-X-STREAM-INF (RFC 8216bis section 4.4.6.2).
type variant struct {
	uri        string
	peak       int // bit/s
	average    int // bit/s
	codecs     string
	resolution string
	frameRate  float64
	audio      string // GROUP-ID, empty when the file is silent

	videoRange   string // "SDR", "HLG" or "PQ"
	supplemental string // SUPPLEMENTAL-CODECS, empty for none
}

// alternative is one EXT-X-MEDIA of TYPE=AUDIO (RFC 8216bis section 4.4.6.1).
type alternative struct {
	name       string
	language   string // BCP 47, empty when unknown
	channels   int
	isDefault  bool
	autoselect bool
	describes  bool   // the picture, for viewers who do not see it
	uri        string // empty for sound that is in the variant
}

// variants describes the video renditions in the order given. Every rung may be heard with every audio rendition, so
// its bandwidth counts the largest of them.
func variants(g media.Grid, videos, audios []media.Rendition, m map[id.Rendition]media.Measure) []variant {
	var codecs []string
	var audioPeak, audioAverage int
	for _, a := range audios {
		if !slices.Contains(codecs, a.Codecs) {
			codecs = append(codecs, a.Codecs)
		}
		peak, average := rates(a, m[a.ID])
		audioPeak, audioAverage = max(audioPeak, peak), max(audioAverage, average)
	}
	group := ""
	if len(audios) > 0 {
		group = audioGroup
	}
	out := make([]variant, 0, len(videos))
	for _, v := range videos {
		peak, average := rates(v, m[v.ID])
		out = append(out, variant{
			uri:        playlistURI(v),
			peak:       peak + audioPeak,
			average:    average + audioAverage,
			codecs:     strings.Join(append([]string{v.Codecs}, codecs...), ","),
			resolution: strconv.Itoa(v.Width) + "x" + strconv.Itoa(v.Height),
			frameRate:  g.Rate.Float(),
			audio:      group,
			videoRange: "SDR",
		})
	}
	return out
}

// alternatives describes the audio renditions in file order. Names are made unique; exactly one is the default: the
// first that the plan marks, else the first. A player may choose by itself among renditions that differ in language, so
// of two in the same language only one is offered for that; never a commentary, and a description of the picture only
// beside plain sound in its language: a player takes it then for viewers who have asked their device for descriptions
// (RFC 8216bis section 4.4.6.1), and the other for all others.
func alternatives(audios []media.Rendition) []alternative {
	standard := max(0, slices.IndexFunc(audios, func(a media.Rendition) bool { return a.Default }))
	names := make(map[string]bool, len(audios))
	offered := make(map[string]bool, len(audios)) // languages of plain sound
	described := make(map[string]bool, len(audios))
	if len(audios) > 0 {
		offered[language(audios[standard].Language)] = true
	}
	out := make([]alternative, 0, len(audios))
	for i, a := range audios {
		lang := language(a.Language)
		one := alternative{
			name:      unique(names, displayName(a.Name, i)),
			language:  lang,
			channels:  a.Channels,
			isDefault: i == standard,
			describes: a.VisualImpaired,
			uri:       playlistURI(a),
		}
		if plain := !a.Commentary && !a.VisualImpaired; plain || i == standard {
			one.autoselect = i == standard || !offered[lang]
			offered[lang] = true
		}
		out = append(out, one)
	}
	for i, a := range audios {
		if lang := language(a.Language); a.VisualImpaired && !a.Commentary && offered[lang] && !described[lang] {
			out[i].autoselect, described[lang] = true, true
		}
	}
	return out
}

// displayName makes a file's words fit for a NAME attribute; words that vanish become "Audio 1".
func displayName(s string, index int) string {
	if s = strings.TrimSpace(sanitise(s)); s != "" {
		return s
	}
	return "Audio " + strconv.Itoa(index+1)
}

// unique gives name, or name with the first free number behind it, and marks it as taken.
func unique(taken map[string]bool, name string) string {
	free := name
	for n := 2; taken[free]; n++ {
		free = name + " " + strconv.Itoa(n)
	}
	taken[free] = true
	return free
}

// language gives a well-formed tag (RFC 5646 section 2.1: subtags of one to eight letters or digits) or nothing: a
// player shows an unknown language better than a wrong one.
func language(tag string) string {
	if tag == "und" {
		return ""
	}
	for i, sub := range strings.Split(tag, "-") {
		if len(sub) == 0 || len(sub) > 8 || (i == 0 && len(sub) < 2) {
			return ""
		}
		for _, c := range []byte(sub) {
			letter := c|0x20 >= 'a' && c|0x20 <= 'z'
			digit := i > 0 && c >= '0' && c <= '9'
			if !letter && !digit {
				return ""
			}
		}
	}
	return tag
}

func playlistURI(r media.Rendition) string { return string(r.ID) + "/" + media.PlaylistName }
