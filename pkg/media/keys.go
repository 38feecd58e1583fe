package media

import (
	"fmt"
	"strconv"
	"strings"

	"movify/pkg/id"
)

// The grammar of an asset's blob keys:
//
//	v1/<fingerprint>/<policy>/plan.json
//	v1/<fingerprint>/<policy>/whole.json
//	v1/<fingerprint>/<policy>/<rendition>/<file>
//
// Everything before the file name of a plan is the asset's Prefix. Keys are stored in data folders and buckets: a
// change of the grammar loses the blobs that are there.
const (
	// AssetsDir is the first part of every key of an asset.
	AssetsDir = "v1/"
	// PlanName is the file name of an asset's plan, canonical JSON of Asset.
	PlanName = "plan.json"
	// CompleteName is the file name of the mark that every rendition of an asset is packed.
	CompleteName = "whole.json"
)

// The file names of a rendition.
const (
	// InitName is the file name of a rendition's Init Section.
	InitName = "init.mp4"
	// PackedName is the file name of a rendition whose segments are all in one blob; see Packing.
	PackedName = "all.mp4"
	// HeadName is the file name of a copy of the head of a packed rendition: its Init Section and its segment index.
	HeadName = "head.mp4"
)

// The names of playlists. They are written for each request and never stored.
const (
	// PlaylistName is the file name of a rendition's Media Playlist.
	PlaylistName = "media.m3u8"
	// MultivariantName is the file name of an Asset's Multivariant Playlist.
	MultivariantName = "multivariant.m3u8"
)

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

// IsLooseName reports whether a file name is one of a rendition's that packing makes superfluous.
func IsLooseName(name string) bool {
	_, segment := ParseSegmentName(name)
	return segment || name == InitName
}

// NewAssetID names the asset of a file with that content key by a policy's digest; see transcoder.Policy.
func NewAssetID(fingerprint, policy string) id.Asset { return id.Asset(fingerprint + "-" + policy) }

// AssetPrefix is the beginning of every key of an asset.
func AssetPrefix(fingerprint, policy string) string {
	return AssetsDir + fingerprint + "/" + policy + "/"
}

// PlanKey is the blob key of an asset's plan.
func (a Asset) PlanKey() string { return a.Prefix + PlanName }

// CompleteKey is the blob key of the mark that every rendition of an asset is packed.
func (a Asset) CompleteKey() string { return a.Prefix + CompleteName }

// InitKey is the blob key of a rendition's Init Section.
func (a Asset) InitKey(r id.Rendition) string { return a.Prefix + string(r) + "/" + InitName }

// SegmentKey is the blob key of segment n of a rendition.
func (a Asset) SegmentKey(r id.Rendition, n int) string {
	return a.Prefix + string(r) + "/" + SegmentName(n)
}

// PackedKey is the blob key of a packed rendition.
func (a Asset) PackedKey(r id.Rendition) string { return a.Prefix + string(r) + "/" + PackedName }

// HeadKey is the blob key of the copy of a packed rendition's head.
func (a Asset) HeadKey(r id.Rendition) string { return a.Prefix + string(r) + "/" + HeadName }

// AssetKey is a blob key of an asset, taken apart.
type AssetKey struct {
	Fingerprint string
	Policy      string
	Rendition   id.Rendition // "" for the plan and the mark
	Name        string       // of the file
}

// Asset is the asset that the key belongs to.
func (k AssetKey) Asset() id.Asset { return NewAssetID(k.Fingerprint, k.Policy) }

// String is the key.
func (k AssetKey) String() string {
	prefix := AssetPrefix(k.Fingerprint, k.Policy)
	if k.Rendition == "" {
		return prefix + k.Name
	}
	return prefix + string(k.Rendition) + "/" + k.Name
}

// ParseAssetKey is the inverse of AssetKey.String; ok is false for a key that no asset has.
func ParseAssetKey(key string) (k AssetKey, ok bool) {
	rest, ok := strings.CutPrefix(key, AssetsDir)
	if !ok {
		return AssetKey{}, false
	}
	parts := strings.Split(rest, "/")
	for _, part := range parts {
		if part == "" {
			return AssetKey{}, false
		}
	}
	switch len(parts) {
	case 3:
		k = AssetKey{Fingerprint: parts[0], Policy: parts[1], Name: parts[2]}
		return k, k.Name == PlanName || k.Name == CompleteName
	case 4:
		k = AssetKey{Fingerprint: parts[0], Policy: parts[1], Rendition: id.Rendition(parts[2]), Name: parts[3]}
		return k, IsLooseName(k.Name) || k.Name == PackedName || k.Name == HeadName
	}
	return AssetKey{}, false
}

// ParseAssetID is the inverse of NewAssetID: the content key, and the digest of the policy.
func ParseAssetID(a id.Asset) (fingerprint, policy string) {
	fingerprint, policy, _ = strings.Cut(string(a), "-")
	return fingerprint, policy
}
