package hls

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"movify/pkg/media"
)

// originalStream says that the segments of a stream follow its source: their lengths are those between key frames, and each
// sound begins and ends where its own samples do (EXT-X-SESSION-DATA, RFC 8216bis section 4.4.6.4).
const originalStream = `#EXT-X-SESSION-DATA:DATA-ID="org.movify.stream",VALUE="original"`

// Original writes the Multivariant Playlist of the Original stream of a file: one variant, and the sounds that are copied, of
// which the first that is marked is the default.
func Original(o media.Original) (string, error) {
	if o.Picture.Segments() == 0 {
		return "", fmt.Errorf("multivariant playlist of an Original stream: no segment: %w", ErrUnplayable)
	}
	v := variant{
		uri: playlistURI(o.Picture.Rendition), peak: o.Picture.Peak, average: o.Picture.Average,
		resolution: strconv.Itoa(o.Picture.Width) + "x" + strconv.Itoa(o.Picture.Height), frameRate: o.Picture.FrameRate,
		videoRange: o.Picture.Range, supplemental: o.Picture.Supplemental,
	}
	codecs := []string{o.Picture.Codecs}
	var audios []media.Rendition
	var peak, average int
	for _, sound := range o.Sounds {
		audios = append(audios, sound.Rendition)
		peak, average = max(peak, sound.Peak), max(average, sound.Average)
		if !slices.Contains(codecs, sound.Codecs) {
			codecs = append(codecs, sound.Codecs)
		}
		v.audio = audioGroup
	}
	v.peak, v.average, v.codecs = v.peak+peak, v.average+average, strings.Join(codecs, ",")
	return renderMultivariant([]variant{v}, alternatives(audios), originalStream), nil
}

// OriginalMedia writes the Media Playlist of a copied track of o: every segment, closed by EXT-X-ENDLIST.
func OriginalMedia(o media.Original, c media.Copy) (string, error) {
	durations, err := copyDurations(c)
	if err != nil {
		return "", err
	}
	longest := int64(0)
	for _, other := range o.Copies() {
		all, err := copyDurations(other)
		if err != nil {
			return "", err
		}
		longest = max(longest, slices.Max(all))
	}
	return renderMedia(durations, max(1, int((longest+500)/1000)), nil)
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
