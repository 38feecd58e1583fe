package media

import (
	"fmt"
	"strconv"
	"strings"

	"movify/pkg/id"
)

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

// InitKey is the blob key of a rendition's Init Section.
func (a Asset) InitKey(r id.Rendition) string { return a.Prefix + string(r) + "/" + InitName }

// SegmentKey is the blob key of segment n of a rendition.
func (a Asset) SegmentKey(r id.Rendition, n int) string {
	return a.Prefix + string(r) + "/" + SegmentName(n)
}

// PackedKey is the blob key of a packed rendition.
func (a Asset) PackedKey(r id.Rendition) string { return a.Prefix + string(r) + "/" + PackedName }

// HeadKey is the blob key of the copy of a packed rendition's beginning.
func (a Asset) HeadKey(r id.Rendition) string { return a.Prefix + string(r) + "/" + HeadName }
