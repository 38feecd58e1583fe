package hls

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grafov/m3u8"

	"movify/pkg/id"
	"movify/pkg/media"
	"movify/player/tsview"
)

// transportVersion is what EXT-X-MEDIA and durations with fractions ask for (RFC 8216bis section 8): players that take
// transport streams alone know no more.
const transportVersion = 4

// Transport writes the Multivariant Playlist of a for players that take MPEG-TS: that of Multivariant, but that the default sound
// is in the segments of each variant, as such players expect it.
func Transport(a media.Asset, m map[id.Rendition]media.Measure, start id.Rendition) (string, error) {
	videos, audios := fitting(startFirst(a.Ladder.Videos(), start)), fitting(a.Ladder.Audios())
	if len(videos) == 0 {
		return "", fmt.Errorf("transport playlist of asset %s: no video rendition: %w", a.ID, ErrUnplayable)
	}
	as := alternatives(audios)
	var inside id.Rendition
	if n := slices.IndexFunc(as, func(one alternative) bool { return one.isDefault }); n >= 0 {
		inside = audios[n].ID
	}
	return renderTransport(inside)(variants(a.Grid, videos, audios, m), as, ""), nil
}

// fitting are the renditions that have a place in a transport stream.
func fitting(all []media.Rendition) []media.Rendition {
	return slices.DeleteFunc(slices.Clone(all), func(r media.Rendition) bool { return !tsview.Fits(r) })
}

// TransportMedia writes the Media Playlist of a rendition of a for such players. A sound that is not empty is in its segments.
func TransportMedia(a media.Asset, r media.Rendition, sound id.Rendition) (string, error) {
	durations, err := differences(boundsOf(a.Grid, r.Kind))
	if err != nil {
		return "", fmt.Errorf("transport playlist of asset %s rendition %s: %w", a.ID, r.ID, err)
	}
	return renderTransportMedia(durations, targetDuration(a), sound)
}

// OriginalTransport writes the Multivariant Playlist of the Original stream of a file for such players: that of OriginalBesideLadder.
// The default sound is in the segments of the picture when it is a copy too, as those are cut at the same boundaries.
func OriginalTransport(
	o media.Original, copies []id.Rendition, a media.Asset, m map[id.Rendition]media.Measure,
) (media.OriginalPlaylist, error) {
	if !tsview.Fits(o.Picture.Rendition) {
		return media.OriginalPlaylist{}, tsview.ErrCodec
	}
	var taken []id.Rendition
	for _, c := range o.Sounds {
		if slices.Contains(copies, c.ID) && tsview.Fits(c.Rendition) {
			taken = append(taken, c.ID)
		}
	}
	a.Ladder.Renditions = append(fitting(a.Ladder.Videos()), fitting(a.Ladder.Audios())...)
	var inside id.Rendition
	for _, c := range soundsOf(o, taken, a, m) {
		if c.Default && slices.Contains(taken, c.ID) {
			inside = c.ID
		}
	}
	return original(o, taken, a, m, renderTransport(inside))
}

// OriginalTransportMedia writes the Media Playlist of a copied track of o for such players. A sound that is not empty is in its
// segments.
func OriginalTransportMedia(o media.Original, a media.Asset, c media.Copy, sound id.Rendition) (string, error) {
	durations, err := copyDurations(c)
	if err != nil {
		return "", err
	}
	target, err := originalTarget(o, a)
	if err != nil {
		return "", err
	}
	return renderTransportMedia(durations, target, sound)
}

// OriginalTransportSound writes that of a sound of the ladder of a beside o.
func OriginalTransportSound(o media.Original, a media.Asset, r media.Rendition) (string, error) {
	durations, err := differences(boundsOf(a.Grid, r.Kind))
	if err != nil {
		return "", fmt.Errorf("transport playlist of rendition %s beside an Original stream: %w", r.ID, err)
	}
	target, err := originalTarget(o, a)
	if err != nil {
		return "", err
	}
	return renderTransportMedia(durations, target, "")
}

// transportQuery chooses the container, and the sound that is in the segments.
func transportQuery(sound id.Rendition) string {
	query := "?" + media.ContainerParam + "=" + media.TransportStream
	if sound != "" {
		query += "&" + media.SoundParam + "=" + string(sound)
	}
	return query
}

// renderTransport gives a renderer whose variants have a sound in their segments. Packets take more bytes than fragments: four
// of 188, and on average half of the sixteen by which the counters of a segment go on.
func renderTransport(inside id.Rendition) renderer {
	const packets, rest = 16, 64_000
	return func(vs []variant, as []alternative, session string) string {
		vs, as = slices.Clone(vs), slices.Clone(as)
		for n := range vs {
			v := &vs[n]
			v.uri += transportQuery(inside)
			v.peak, v.average = v.peak+v.peak/packets+rest, v.average+v.average/packets+rest
		}
		for n := range as {
			as[n].uri += transportQuery("")
			if as[n].isDefault && inside != "" {
				as[n].uri = ""
			}
		}
		line := func(version int) string { return fmt.Sprintf("#EXT-X-VERSION:%d\n", version) }
		session, _, _ = strings.Cut(session, "\n") // what names playlists names those of fragments
		return strings.Replace(renderMultivariant(vs, as, session), line(version), line(transportVersion), 1)
	}
}

// renderTransportMedia is renderMedia without an Init Section, which each segment has in itself.
func renderTransportMedia(durations []int64, target int, sound id.Rendition) (string, error) {
	p, err := m3u8.NewMediaPlaylist(0, uint(max(1, len(durations))))
	if err != nil {
		return "", fmt.Errorf("make a playlist of %d segments: %w", len(durations), err)
	}
	p.SetVersion(transportVersion)
	p.MediaType = m3u8.VOD
	p.SetCustomTag(independentSegments{})
	query := ""
	if sound != "" {
		query = "?" + media.SoundParam + "=" + string(sound)
	}
	for n, ms := range durations {
		segment := m3u8.MediaSegment{URI: media.TransportName(n) + query, Duration: float64(ms) / 1000}
		if err := p.AppendSegment(&segment); err != nil {
			return "", fmt.Errorf("append segment %d: %w", n, err)
		}
	}
	p.TargetDuration = float64(target)
	p.Close()
	return p.Encode().String(), nil
}
