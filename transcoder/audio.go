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

// maxAudio is how many audio tracks of a file become renditions, so that a whole ladder stays a task for one encoder.
// Each is an output of it with memory of its own: a file with 300 took 785 MB and 12 minutes. A Blu-ray film has at most
// 32.
const maxAudio = 32

func audioRenditions(tracks []media.AudioTrack, rate int) []media.Rendition {
	var out []media.Rendition
	names := map[string]int{}
	usable := usableAudio(tracks)
	standard := defaultTrack(tracks, usable)
	chosen := chosenAudio(tracks, usable, standard)
	for n, t := range tracks {
		if !chosen[n] {
			continue
		}
		tag := languageTag(t.Language)
		r := media.Rendition{
			Kind: media.Audio, Stream: t.Index, Codecs: "mp4a.40.2", MaxRate: rate,
			Channels: stereo, Language: tag, Default: n == standard,
			Name:       unique(audioName(t, tag, n), names),
			Commentary: isCommentary(t), VisualImpaired: describesPicture(t),
		}
		recipe := fmt.Sprintf("aac-lc %d Hz %d channels %d bit/s stream %d", media.AudioRate, r.Channels, rate, t.Index)
		r.ID = renditionID(fmt.Sprintf("a%d", t.Index), recipe)
		out = append(out, r)
	}
	return out
}

// usableAudio gives the positions of the tracks that can be played: there is a decoder, and the file does not say that
// they are not to be used. When it says so of all of them, it is not believed.
func usableAudio(tracks []media.AudioTrack) (usable []int) {
	var disabled []int
	for n, t := range tracks {
		switch {
		case t.Undecodable:
		case t.Disabled:
			disabled = append(disabled, n)
		default:
			usable = append(usable, n)
		}
	}
	if len(usable) == 0 {
		return disabled
	}
	return usable
}

// chosenAudio gives the positions of the usable tracks that become renditions: the default, then the first of each
// language, then the others in file order, up to maxAudio.
func chosenAudio(tracks []media.AudioTrack, usable []int, standard int) map[int]bool {
	chosen := map[int]bool{}
	choose := func(n int) {
		if len(chosen) < maxAudio {
			chosen[n] = true
		}
	}
	languages := map[string]bool{}
	if len(usable) > maxAudio {
		choose(standard)
		languages[languageTag(tracks[standard].Language)] = true
		for _, n := range usable {
			if tag := languageTag(tracks[n].Language); !languages[tag] {
				languages[tag] = true
				choose(n)
			}
		}
	}
	for _, n := range usable {
		choose(n)
	}
	return chosen
}

// defaultTrack gives the position of the track that starts by itself, −1 without any: the first that the file marks as
// default, else the first; but a commentary or a description of the picture only when there is nothing else.
func defaultTrack(tracks []media.AudioTrack, usable []int) int {
	best, found := -1, -1
	for _, n := range usable {
		rank := 0
		if t := tracks[n]; !isCommentary(t) && !describesPicture(t) {
			rank = 2
		}
		if tracks[n].Default {
			rank++
		}
		if rank > best {
			best, found = rank, n
		}
	}
	return found
}

// languageTag turns a file's language code, usually ISO 639-2, into BCP 47; "und" when there is none.
func languageTag(code string) string {
	tag, err := language.Parse(strings.TrimSpace(code))
	if err != nil {
		return "und"
	}
	return tag.String()
}

// audioName is what a viewer reads in the menu: the track's own title, else its language and what it is for, else its
// number.
func audioName(t media.AudioTrack, tag string, n int) string {
	if title := strings.TrimSpace(t.Title); title != "" {
		return title
	}
	name := fmt.Sprintf("Audio %d", n+1)
	if tag != "und" {
		if own := display.Self.Name(language.Make(tag)); own != "" {
			name = cases.Title(language.Make(tag), cases.NoLower).String(own)
		}
	}
	switch {
	case t.VisualImpaired:
		return name + ", audio description"
	case t.Commentary:
		return name + ", commentary"
	case t.HearingImpaired:
		return name + ", hearing impaired"
	}
	return name
}

// unique appends a number to a name that was given before: NAME is unique in a group (RFC 8216bis section 4.4.6.1.1).
func unique(name string, given map[string]int) string {
	given[name]++
	if n := given[name]; n > 1 {
		return unique(fmt.Sprintf("%s (%d)", name, n), given)
	}
	return name
}
