package keeper

import (
	"context"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
)

// Census is what the product knows and needs at the moment.
type Census interface {
	// Needs says what is needed. It is asked once before a collection, and again before anything is deleted.
	Needs(ctx context.Context) (Needs, error)
}

// Needs is what must not be thrown away.
type Needs struct {
	// Fingerprints are the content keys of all known files, in whatever state they are: a disk that is unplugged today is
	// back tomorrow.
	Fingerprints map[string]bool
	// Pictures are the keys of the pictures that titles have. Their other sizes follow from them: see original.
	Pictures map[string]bool
	// Busy are the assets that a session plays or a job makes.
	Busy map[id.Asset]bool
	// Policy is what today's assets are made by: the last part of their prefix.
	Policy string
}

// Why something is garbage.
const (
	whyNoFile     = "no file has this content"
	whySuperseded = "the title has a newer ladder, which is whole"
	whyPacked     = "packed into " + media.PackedName
	whyNoPoster   = "no title has this picture"
)

// The first parts of keys; see media.Asset and library.
const (
	assetsDir   = "v1/"
	picturesDir = "art/"
)

// wholeName stands in an asset whose renditions are complete.
const wholeName = "whole.json"

// owner is the beginning of a key that names whose it is: "v1/<fingerprint>/", "art/<fingerprint or title>/"; "" for a key
// that is none of ours.
func owner(key string) string {
	for _, dir := range []string{assetsDir, picturesDir} {
		if rest, ok := strings.CutPrefix(key, dir); ok {
			if name, _, ok := strings.Cut(rest, "/"); ok {
				return dir + name + "/"
			}
		}
	}
	return ""
}

// superseding reports whether an owner has an asset by another policy than today's.
func superseding(blobs []blob.Info, policy string) bool {
	dir := owner(blobs[0].Key)
	return strings.HasPrefix(dir, assetsDir) && slices.ContainsFunc(blobs, func(b blob.Info) bool {
		return !strings.HasPrefix(b.Key, dir+policy+"/")
	})
}

// judge tells which of one owner's blobs, listed from one store in key order, are garbage. before is the latest time at
// which garbage may have been written; whole says that the ladder by today's policy is whole, wherever that is noted.
func judge(blobs []blob.Info, n Needs, before time.Time, whole bool) []Garbage {
	if len(blobs) == 0 {
		return nil
	}
	dir := owner(blobs[0].Key)
	if name, ok := strings.CutPrefix(dir, picturesDir); ok {
		return judgePictures(blobs, n, before, strings.TrimSuffix(name, "/"))
	}
	fingerprint := strings.TrimSuffix(strings.TrimPrefix(dir, assetsDir), "/")
	var out []Garbage
	for policy, asset := range byPolicy(blobs, dir) {
		switch {
		case policy == "" || n.Busy[id.Asset(fingerprint+"-"+policy)]:
		case !n.Fingerprints[fingerprint]:
			out = append(out, all(asset, before, whyNoFile)...)
		case policy != n.Policy && whole:
			out = append(out, all(asset, before, whySuperseded)...)
		default:
			out = append(out, packed(asset, before)...)
		}
	}
	return out
}

// byPolicy groups an owner's blobs by the next part of their keys.
func byPolicy(blobs []blob.Info, dir string) func(yield func(string, []blob.Info) bool) {
	return func(yield func(string, []blob.Info) bool) {
		for from := 0; from < len(blobs); {
			policy, _, inside := strings.Cut(strings.TrimPrefix(blobs[from].Key, dir), "/")
			to := from + 1
			if inside {
				for to < len(blobs) && strings.HasPrefix(blobs[to].Key, dir+policy+"/") {
					to++
				}
			} else {
				policy = "" // a file where there should be a folder: none of ours
			}
			if !yield(policy, blobs[from:to]) {
				return
			}
			from = to
		}
	}
}

// all takes a whole asset, unless any part of it is young: then somebody is at work on it.
func all(asset []blob.Info, before time.Time, why string) []Garbage {
	var out []Garbage
	for _, b := range asset {
		if b.ModTime.After(before) {
			return nil
		}
		out = append(out, Garbage{b.Key, b.Size, why})
	}
	return out
}

// packed takes the single segments beside a packed rendition.
func packed(asset []blob.Info, before time.Time) []Garbage {
	whole := make(map[string]bool)
	for _, b := range asset {
		if path.Base(b.Key) == media.PackedName && !b.ModTime.After(before) {
			whole[path.Dir(b.Key)] = true
		}
	}
	var out []Garbage
	for _, b := range asset {
		_, segment := media.ParseSegmentName(path.Base(b.Key))
		if (segment || path.Base(b.Key) == media.InitName) && whole[path.Dir(b.Key)] && !b.ModTime.After(before) {
			out = append(out, Garbage{b.Key, b.Size, whyPacked})
		}
	}
	return out
}

// judgePictures judges the pictures of a file, which are named by its content, or of a title.
func judgePictures(blobs []blob.Info, n Needs, before time.Time, name string) []Garbage {
	var out []Garbage
	for _, b := range blobs {
		why := whyNoPoster
		if base := path.Base(b.Key); strings.HasPrefix(base, "still-") || strings.HasPrefix(base, "cut-") {
			why = whyNoFile
		}
		if !n.Fingerprints[name] && !n.Pictures[original(b.Key)] && !b.ModTime.After(before) {
			out = append(out, Garbage{b.Key, b.Size, why})
		}
	}
	return out
}

// size is what follows the name of a picture where it is another size of one: "poster-0123456789ab-w320.jpg".
var size = regexp.MustCompile(`-w\d+(\.[a-z]+)$`)

// original is the key of the picture that the one under key is a size of, or is.
func original(key string) string { return size.ReplaceAllString(key, "$1") }
