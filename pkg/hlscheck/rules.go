package hlscheck

// Rule names one thing a stream must do.
type Rule string

// The rules. Those about playlists come first, then Init Sections, segments, and the stream as a whole.
const (
	PlaylistSyntax      Rule = "playlist-syntax"
	AttributeSyntax     Rule = "attribute-syntax"
	Version             Rule = "version"
	IndependentSegments Rule = "independent-segments"
	RelativeURI         Rule = "relative-uri"
	VariantAttributes   Rule = "variant-attributes"
	AudioGroup          Rule = "audio-group"
	RenditionAttributes Rule = "rendition-attributes"
	UniqueName          Rule = "unique-name"
	OneDefault          Rule = "one-default"
	CompletePlaylist    Rule = "complete-playlist"
	MediaSequence       Rule = "media-sequence"
	TargetDuration      Rule = "target-duration"
	Map                 Rule = "map"
	ByteRange           Rule = "byte-range"
	Discontinuity       Rule = "discontinuity"
	Missing             Rule = "missing"

	InitBoxes   Rule = "init-boxes"
	CodecsMatch Rule = "codecs"
	Resolution  Rule = "resolution"
	Channels    Rule = "channels"

	SegmentBoxes      Rule = "segment-boxes"
	Samples           Rule = "samples"
	DataSize          Rule = "data-size"
	IDR               Rule = "idr"
	SyncFlag          Rule = "sync-flag"
	Contiguous        Rule = "contiguous"
	Boundary          Rule = "boundary"
	PresentationStart Rule = "presentation-start"

	SegmentCount   Rule = "segment-count"
	SameDuration   Rule = "same-duration"
	SameTarget     Rule = "same-target-duration"
	CutTogether    Rule = "cut-together"
	FrameRate      Rule = "frame-rate"
	PeakBandwidth  Rule = "peak-bandwidth"
	AverageBitrate Rule = "average-bandwidth"
)

// Section is where the rule is written: RFC 8216bis when only a section is given.
func (r Rule) Section() string {
	switch r {
	case PlaylistSyntax:
		return "RFC 8216bis 4.1"
	case AttributeSyntax:
		return "RFC 8216bis 4.2"
	case Version:
		return "RFC 8216bis 4.4.1.2, 8"
	case IndependentSegments:
		return "RFC 8216bis 4.4.2.1"
	case RelativeURI:
		return "RFC 8216bis 4.1; the right to read is in the path, and relative URIs inherit it"
	case VariantAttributes, PeakBandwidth, AverageBitrate, FrameRate, Resolution:
		return "RFC 8216bis 4.4.6.2"
	case AudioGroup:
		return "RFC 8216bis 4.4.6.2, 6.2.4"
	case RenditionAttributes, Channels:
		return "RFC 8216bis 4.4.6.1"
	case UniqueName, OneDefault:
		return "RFC 8216bis 4.4.6.1.1"
	case CompletePlaylist:
		return "RFC 8216bis 4.4.3.4, 4.4.3.5"
	case MediaSequence:
		return "RFC 8216bis 4.4.3.2"
	case TargetDuration:
		return "RFC 8216bis 4.4.3.1"
	case Map:
		return "RFC 8216bis 4.4.4.5"
	case ByteRange:
		return "RFC 8216bis 4.4.4.2, 4.4.4.5"
	case Discontinuity:
		return "RFC 8216bis 4.4.4.3; one encode on one grid has none"
	case Missing:
		return "RFC 8216bis 6.2.1"
	case SegmentCount, SameDuration, SameTarget, CutTogether:
		return "RFC 8216bis 6.2.4"
	case InitBoxes:
		return "RFC 8216bis 3.1.2; ISO/IEC 14496-12 8.2.1, 8.8.1"
	case CodecsMatch:
		return "RFC 6381 3.3; ISO/IEC 14496-15 5.3.3, 8.3.3, E.3; ISO/IEC 14496-14 5.6"
	case SegmentBoxes:
		return "RFC 8216bis 3.1.2; ISO/IEC 14496-12 8.8.4, 8.16"
	case Samples, DataSize, SyncFlag:
		return "ISO/IEC 14496-12 8.8.8"
	case IDR:
		return "RFC 8216bis 4.4.2.1; ISO/IEC 14496-15 5.3.2"
	case Contiguous:
		return "ISO/IEC 14496-12 8.8.12"
	case Boundary:
		return "ISO/IEC 14496-12 8.8.12; RFC 8216bis 4.4.4.1"
	case PresentationStart:
		return "ISO/IEC 14496-12 8.6.6, 8.8.8"
	}
	return ""
}
