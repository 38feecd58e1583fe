package transcoder

import (
	"slices"

	"movify/pkg/media"
)

// DescribeCopies gives the sounds of an Original stream the names, languages and roles that the ladder's renditions of the same
// tracks have, and its picture the range that the probe says where the container does not. A sound that the probe lacks is
// named by what the container says of it.
func DescribeCopies(o media.Original, p media.Probe) media.Original {
	o.Sounds = slices.Clone(o.Sounds)
	tracks := make([]media.AudioTrack, len(o.Sounds))
	positions := make([]int, len(o.Sounds))
	for n, c := range o.Sounds {
		at := slices.IndexFunc(p.Audio, func(t media.AudioTrack) bool { return t.Index == c.Stream })
		tracks[n] = media.AudioTrack{
			Index: c.Stream, Language: c.Language, Title: c.Name, Default: c.Default, Channels: c.Channels,
		}
		if at >= 0 {
			tracks[n] = p.Audio[at]
		}
		positions[n] = n
	}
	standard := defaultTrack(tracks, positions)
	names := map[string]int{}
	for n, t := range tracks {
		c := &o.Sounds[n]
		c.Language = languageTag(t.Language)
		c.Name = unique(audioName(t, c.Language, n), names)
		c.Default = n == standard
		c.Commentary, c.VisualImpaired = isCommentary(t), describesPicture(t)
	}
	if v, ok := p.VideoTrack(o.Picture.Stream); ok && o.Picture.Range == "SDR" {
		switch v.ColorTransfer {
		case "smpte2084":
			o.Picture.Range = "PQ"
		case "arib-std-b67":
			o.Picture.Range = "HLG"
		}
	}
	return o
}
