package media

import (
	"fmt"
	"strconv"
	"strings"
)

// PlanName is the file name of an Asset's plan, canonical JSON of Asset. The copy in Stage also says that the index of
// Stage has all blobs of the asset that are in Blobs.
const PlanName = "plan.json"

// CompleteName is the file name of the note that every rendition of an Asset is stored and packed.
const CompleteName = "whole.json"

// OriginalIndexName is the file name of the index of an Original stream whose file has none. Its number is the version of what
// is in it.
const OriginalIndexName = "original-1.idx"

// InitName is the file name of a rendition's Init Section.
const InitName = "init.mp4"

// PackedName is the file name of a rendition whose segments are all in one blob; see Packing.
const PackedName = "all.mp4"

// HeadName is the file name of a copy of the beginning of a packed rendition: its Init Section and its segment index.
const HeadName = "head.mp4"

// PlaylistName is the file name of a rendition's Media Playlist.
const PlaylistName = "media.m3u8"

// MultivariantName is the file name of an Asset's Multivariant Playlist.
const MultivariantName = "multivariant.m3u8"

// SegmentName is the file name of segment n: "00042.m4s".
func SegmentName(n int) string { return fmt.Sprintf("%05d.m4s", n) }

// ParseSegmentName is the inverse of SegmentName; ok is false for any other text.
func ParseSegmentName(name string) (n int, ok bool) {
	digits, found := strings.CutSuffix(name, ".m4s")
	if !found || len(digits) < 5 {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 || SegmentName(n) != name {
		return 0, false
	}
	return n, true
}

// ContainerParam is the parameter of a playlist's URI that chooses the container of its segments, TransportStream its value for
// MPEG-TS, and SoundParam that of the sound that is heard with a picture in one.
const (
	ContainerParam  = "container"
	TransportStream = "ts"
	SoundParam      = "sound"
)

// TransportName is the file name of segment n as a transport stream: "00042.ts".
func TransportName(n int) string { return fmt.Sprintf("%05d.ts", n) }

// ParseTransportName is the inverse of TransportName; ok is false for any other text.
func ParseTransportName(name string) (n int, ok bool) {
	digits, found := strings.CutSuffix(name, ".ts")
	if !found {
		return 0, false
	}
	return ParseSegmentName(digits + ".m4s")
}

// IsLooseName reports whether a file name is that of a single segment or Init Section, which packing makes superfluous.
func IsLooseName(name string) bool {
	_, segment := ParseSegmentName(name)
	return segment || name == InitName
}
