package hls

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"github.com/grafov/m3u8"

	"movify/library/naming"
	"movify/pkg/media"
)

// version is what fragmented MP4 with an EXT-X-MAP and the tags we write ask for (RFC 8216bis section 8).
const version = 7

// renderMultivariant hands the variants to m3u8 and corrects five things: it writes PROGRAM-ID, which RFC 8216 removed;
// it has no CHANNELS and no SUPPLEMENTAL-CODECS; it escapes nothing; and it writes Custom tags in map order, hence one tag
// that holds all lines. session is the EXT-X-SESSION-DATA of the stream, empty for none.
func renderMultivariant(vs []variant, as []alternative, session string) string {
	p := m3u8.NewMasterPlaylist()
	p.SetVersion(version)
	p.SetIndependentSegments(true)
	if len(as) > 0 || session != "" {
		p.SetCustomTag(mediaTags{as, session})
	}
	for _, v := range vs {
		p.Append(v.uri, nil, m3u8.VariantParams{
			Bandwidth:        uint32(v.peak),
			AverageBandwidth: uint32(v.average),
			Codecs:           sanitise(v.codecs),
			Resolution:       v.resolution,
			Audio:            v.audio,
			Captions:         "NONE",
			FrameRate:        v.frameRate,
			VideoRange:       v.videoRange,
		})
	}
	text := strings.ReplaceAll(p.Encode().String(), ":PROGRAM-ID=0,", ":")
	for _, v := range vs {
		if v.supplemental != "" {
			codecs := ",CODECS=" + quoted(v.codecs)
			text = strings.Replace(text, codecs+",", codecs+",SUPPLEMENTAL-CODECS="+quoted(v.supplemental)+",", 1)
		}
	}
	return text
}

// renderMedia hands the durations, in milliseconds, to m3u8 and corrects four things: it rounds the target duration up
// and derives it from one list only, it knows INDEPENDENT-SEGMENTS in the other kind of playlist only, SetDefaultMap
// would lower the version to 5, and it leaves out the quotes around EXT-X-MAP's BYTERANGE (RFC 8216bis section
// 4.4.4.5).
func renderMedia(durations []int64, target int, packing *media.Packing) (string, error) {
	p, err := m3u8.NewMediaPlaylist(0, uint(len(durations)))
	if err != nil {
		return "", fmt.Errorf("make a playlist of %d segments: %w", len(durations), err)
	}
	p.SetVersion(version)
	p.MediaType = m3u8.VOD
	p.Map = &m3u8.Map{URI: media.InitName}
	if packing != nil {
		p.Map = &m3u8.Map{URI: media.PackedName, Limit: packing.Init}
	}
	p.SetCustomTag(independentSegments{})
	for i, ms := range durations {
		segment := m3u8.MediaSegment{URI: media.SegmentName(i), Duration: float64(ms) / 1000}
		if packing != nil {
			segment.URI = media.PackedName
			segment.Offset, segment.Limit = packing.Segment(i)
		}
		if err := p.AppendSegment(&segment); err != nil {
			return "", fmt.Errorf("append segment %d: %w", i, err)
		}
	}
	p.TargetDuration = float64(target)
	p.Close()
	text := p.Encode().String()
	if packing != nil {
		bare := fmt.Sprintf("BYTERANGE=%d@0\n", packing.Init)
		text = strings.Replace(text, bare, fmt.Sprintf("BYTERANGE=\"%d@0\"\n", packing.Init), 1)
	}
	return text, nil
}

// mediaTags is all EXT-X-MEDIA lines, and a line of EXT-X-SESSION-DATA, as the one custom tag of a Multivariant Playlist.
type mediaTags struct {
	alternatives []alternative
	session      string
}

func (mediaTags) TagName() string { return "#EXT-X-MEDIA:" }

func (t mediaTags) Encode() *bytes.Buffer { return bytes.NewBufferString(t.String()) }

func (t mediaTags) String() string {
	var lines []string
	if t.session != "" {
		lines = append(lines, t.session)
	}
	for _, a := range t.alternatives {
		lines = append(lines, a.tag())
	}
	return strings.Join(lines, "\n")
}

// describesVideo is the media characteristic tag of sound that describes the picture (RFC 8216bis section 4.4.6.1).
const describesVideo = "public.accessibility.describes-video"

// tag writes the attributes in a fixed order.
func (a alternative) tag() string {
	attributes := []string{
		"TYPE=AUDIO",
		"GROUP-ID=" + quoted(audioGroup),
		"NAME=" + quoted(a.name),
	}
	if a.language != "" {
		attributes = append(attributes, "LANGUAGE="+quoted(a.language))
	}
	attributes = append(attributes, "DEFAULT="+yesNo(a.isDefault), "AUTOSELECT="+yesNo(a.autoselect))
	if a.describes {
		attributes = append(attributes, "CHARACTERISTICS="+quoted(describesVideo))
	}
	if a.channels > 0 {
		attributes = append(attributes, fmt.Sprintf("CHANNELS=\"%d\"", a.channels))
	}
	if a.uri != "" {
		attributes = append(attributes, "URI="+quoted(a.uri))
	}
	return "#EXT-X-MEDIA:" + strings.Join(attributes, ",")
}

// independentSegments is EXT-X-INDEPENDENT-SEGMENTS in a Media Playlist (RFC 8216bis section 4.4.2.1).
type independentSegments struct{}

func (independentSegments) TagName() string         { return "#EXT-X-INDEPENDENT-SEGMENTS" }
func (t independentSegments) Encode() *bytes.Buffer { return bytes.NewBufferString(t.TagName()) }
func (t independentSegments) String() string        { return t.TagName() }

func quoted(s string) string { return `"` + sanitise(s) + `"` }

func yesNo(b bool) string {
	if b {
		return "YES"
	}
	return "NO"
}

// sanitise makes s fit for a quoted-string: no double quote and no line break (RFC 8216bis section 4.2), no control
// character, no byte order mark, valid UTF-8 (section 4.1). A track title comes from a stranger's file and could
// otherwise write tags of its own.
func sanitise(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '"':
			return '\''
		case naming.Unprintable(r), r == '\u2028', r == '\u2029':
			return ' '
		case r == '\ufeff', r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}
