package hls

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"movify/pkg/id"
	"movify/pkg/media"
)

// originalStream says that the segments of a stream follow its source: their lengths are those between key frames, and each
// sound begins and ends where its own samples do (EXT-X-SESSION-DATA, RFC 8216bis section 4.4.6.4).
const originalStream = `#EXT-X-SESSION-DATA:DATA-ID="org.movify.stream",VALUE="original"`

// encodedSounds names the sounds of a stream that are the ladder's, by their Media Playlists: their segments are those of its grid.
func encodedSounds(uris []string) string {
	if len(uris) == 0 {
		return ""
	}
	return "\n" + `#EXT-X-SESSION-DATA:DATA-ID="org.movify.encoded",VALUE=` + quoted(strings.Join(uris, ","))
}

// Original writes the Multivariant Playlist of the Original stream of a file: one variant, and all sounds that are copied, of
// which the first that is marked is the default.
func Original(o media.Original) (string, error) {
	copies := make([]id.Rendition, len(o.Sounds))
	for n, c := range o.Sounds {
		copies[n] = c.ID
	}
	p, err := OriginalBesideLadder(o, copies, media.Asset{}, nil)
	return p.Text, err
}

// OriginalBesideLadder writes the Multivariant Playlist of the Original stream of a file as one device plays it. The sounds in
// copies are as they are in the file; all others are renditions of the ladder of a, under its names for them. m has
// the measured bit rates of those. Sounds are in file order, and the default is that of the ladder.
func OriginalBesideLadder(
	o media.Original, copies []id.Rendition, a media.Asset, m map[id.Rendition]media.Measure,
) (media.OriginalPlaylist, error) {
	return original(o, copies, a, m, renderMultivariant)
}

// renderer writes a Multivariant Playlist.
type renderer func(vs []variant, as []alternative, session string) string

func original(
	o media.Original, copies []id.Rendition, a media.Asset, m map[id.Rendition]media.Measure, render renderer,
) (media.OriginalPlaylist, error) {
	if o.Picture.Segments() == 0 {
		return media.OriginalPlaylist{}, fmt.Errorf(
			"multivariant playlist of an Original stream: no segment: %w", ErrUnplayable,
		)
	}
	v := variant{
		uri: playlistURI(o.Picture.Rendition), peak: o.Picture.Peak, average: o.Picture.Average,
		resolution: strconv.Itoa(o.Picture.Width) + "x" + strconv.Itoa(o.Picture.Height), frameRate: o.Picture.FrameRate,
		videoRange: o.Picture.Range, supplemental: o.Picture.Supplemental,
	}
	codecs := []string{o.Picture.Codecs}
	var audios []media.Rendition
	var encoded []string
	var peak, average int
	for _, sound := range soundsOf(o, copies, a, m) {
		audios = append(audios, sound.Rendition)
		peak, average = max(peak, sound.Peak), max(average, sound.Average)
		if !slices.Contains(codecs, sound.Codecs) {
			codecs = append(codecs, sound.Codecs)
		}
		if _, copied := o.Find(sound.ID); !copied {
			encoded = append(encoded, playlistURI(sound.Rendition))
		}
		v.audio = audioGroup
	}
	v.peak, v.average, v.codecs = v.peak+peak, v.average+average, strings.Join(codecs, ",")
	return media.OriginalPlaylist{
		Text:   render([]variant{v}, alternatives(audios), originalStream+encodedSounds(encoded)),
		Codecs: v.codecs, Peak: v.peak, Average: v.average,
	}, nil
}

// soundsOf lists the sounds of a device in file order. The ladder's words for a track are taken for its copy too, so that a
// player finds the same sound in both streams.
func soundsOf(
	o media.Original, copies []id.Rendition, a media.Asset, m map[id.Rendition]media.Measure,
) (out []media.Copy) {
	ladder := a.Ladder.Audios()
	for _, c := range o.Sounds {
		if !slices.Contains(copies, c.ID) {
			continue
		}
		n := slices.IndexFunc(ladder, func(r media.Rendition) bool { return r.Stream == c.Stream })
		switch {
		case n >= 0:
			r := ladder[n]
			c.Name, c.Language, c.Default = r.Name, r.Language, r.Default
			c.Commentary, c.VisualImpaired = r.Commentary, r.VisualImpaired
		case len(ladder) > 0:
			c.Default = false
		}
		out = append(out, c)
	}
	for _, r := range ladder {
		if slices.ContainsFunc(out, func(c media.Copy) bool { return c.Stream == r.Stream }) {
			continue
		}
		peak, average := rates(r, m[r.ID])
		out = append(out, media.Copy{Rendition: r, Peak: peak, Average: average})
	}
	slices.SortStableFunc(out, func(x, y media.Copy) int { return x.Stream - y.Stream })
	return out
}

// OriginalMedia writes the Media Playlist of a copied track of o: every segment, closed by EXT-X-ENDLIST. With a, the asset of
// the same file, the ladder's sounds stand beside the copies.
func OriginalMedia(o media.Original, a media.Asset, c media.Copy) (string, error) {
	durations, err := copyDurations(c)
	if err != nil {
		return "", err
	}
	target, err := originalTarget(o, a)
	if err != nil {
		return "", err
	}
	return renderMedia(durations, target, nil)
}

// OriginalSound writes the Media Playlist of a sound of the ladder of a that is heard with the picture of o: that of Media,
// but for EXT-X-TARGETDURATION.
func OriginalSound(o media.Original, a media.Asset, r media.Rendition) (string, error) {
	durations, err := differences(boundsOf(a.Grid, r.Kind))
	if err != nil {
		return "", fmt.Errorf("media playlist of rendition %s beside an Original stream: %w", r.ID, err)
	}
	target, err := originalTarget(o, a)
	if err != nil {
		return "", err
	}
	return renderMedia(durations, target, nil)
}

// originalTarget is EXT-X-TARGETDURATION of everything that may stand in a Multivariant Playlist of o: it is the same in all
// Media Playlists of one (RFC 8216bis section 6.2.4), whichever sounds a device plays as they are.
func originalTarget(o media.Original, a media.Asset) (int, error) {
	longest := int64(0)
	for _, c := range o.Copies() {
		all, err := copyDurations(c)
		if err != nil {
			return 0, err
		}
		longest = max(longest, slices.Max(all))
	}
	if len(a.Ladder.Audios()) > 0 && a.Grid.Segments() > 0 { // one that is not planned yet has no sound beside the copies
		all, err := differences(boundsOf(a.Grid, media.Audio))
		if err != nil {
			return 0, fmt.Errorf("sounds beside an Original stream: %w", err)
		}
		longest = max(longest, slices.Max(append(all, 0)))
	}
	return max(1, int((longest+500)/1000)), nil
}

func copyDurations(c media.Copy) ([]int64, error) {
	durations, err := []int64(nil), ErrUnplayable
	if c.Segments() > 0 {
		durations, err = differences(c.Bounds)
	}
	if err != nil {
		return nil, fmt.Errorf("media playlist of rendition %s of an Original stream: %w", c.ID, err)
	}
	return durations, nil
}
