package transcoder

import (
	"fmt"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"movify/pkg/media"
)

// stereo is the channel count of every rendition made for now: every device can play it (Apple's HLS authoring
// specification wants one in any case).
const stereo = 2

func audioRenditions(tracks []media.AudioTrack, rate int) []media.Rendition {
	var out []media.Rendition
	names := map[string]int{}
	standard := defaultTrack(tracks)
	for n, t := range tracks {
		tag := languageTag(t.Language)
		r := media.Rendition{
			Kind: media.Audio, Stream: t.Index, Codecs: "mp4a.40.2", MaxRate: rate,
			Channels: stereo, Language: tag, Default: n == standard,
			Name: unique(audioName(t, tag, n), names),
		}
		recipe := fmt.Sprintf("aac-lc %d Hz %d channels %d bit/s stream %d", media.AudioRate, r.Channels, rate, t.Index)
		r.ID = renditionID(fmt.Sprintf("a%d", t.Index), recipe)
		out = append(out, r)
	}
	return out
}

func defaultTrack(tracks []media.AudioTrack) int {
	for n, t := range tracks {
		if t.Default {
			return n
		}
	}
	return 0
}

// languageTag turns a file's language code, usually ISO 639-2, into BCP 47; "und" when there is none.
func languageTag(code string) string {
	tag, err := language.Parse(strings.TrimSpace(code))
	if err != nil {
		return "und"
	}
	return tag.String()
}

// audioName is what a viewer reads in the menu: the track's own title, else its language, else its number.
func audioName(t media.AudioTrack, tag string, n int) string {
	if title := strings.TrimSpace(t.Title); title != "" {
		return title
	}
	if tag != "und" {
		if name := display.Self.Name(language.Make(tag)); name != "" {
			return cases.Title(language.Make(tag), cases.NoLower).String(name)
		}
	}
	return fmt.Sprintf("Audio %d", n+1)
}

// unique appends a number to a name that was given before: NAME is unique in a group (RFC 8216bis section 4.4.6.1.1).
func unique(name string, given map[string]int) string {
	given[name]++
	if n := given[name]; n > 1 {
		return unique(fmt.Sprintf("%s (%d)", name, n), given)
	}
	return name
}
