package keeper

import (
	"context"
	"slices"
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
	// Pictures are the keys of the pictures that titles have. Their other sizes follow from them: see media.Key.Original.
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

// verdict says on what it depends whether blobs of one kind are garbage.
type verdict int

const (
	noVerdict    verdict = iota // a kind that was forgotten: never deleted, and a test fails
	notCollected                // the package that writes it deletes it
	withAsset                   // garbage when its asset is
	untilPacked                 // garbage when its asset is, and before that once its rendition is packed
	withFile                    // a frame of a film: garbage when no file has the content
	withTitle                   // a picture: garbage when no title has it
)

// verdictOf gives the verdict for each kind of blob key.
func verdictOf(kind media.KeyKind) verdict {
	switch kind {
	case media.KeyPlan, media.KeyComplete, media.KeyPacked, media.KeyHead, media.KeyAssetOther:
		return withAsset
	case media.KeyInit, media.KeySegment:
		return untilPacked
	case media.KeyStill, media.KeyStillSize, media.KeyFrameCrop:
		return withFile
	case media.KeyPicture, media.KeyPictureSize:
		return withTitle
	case media.KeyAvatar, media.KeyCollectionLogo:
		return notCollected
	}
	return noVerdict
}

// stored is a blob with its key taken apart.
type stored struct {
	media.Key
	info blob.Info
}

// owner is the beginning that the keys of one owner share; "" for a blob that is never collected.
func (s stored) owner() string {
	switch verdictOf(s.Kind) {
	case noVerdict, notCollected:
		return ""
	}
	return s.OwnerPrefix()
}

// parsed takes the key of a blob apart. A key outside the grammar gives a blob without an owner.
func parsed(info blob.Info) stored {
	k, ok := media.ParseKey(info.Key)
	if !ok {
		return stored{Key: media.Key{Kind: -1}, info: info}
	}
	return stored{k, info}
}

// superseding reports whether an owner has an asset by another policy than today's.
func superseding(blobs []stored, policy string) bool {
	return slices.ContainsFunc(blobs, func(b stored) bool { return b.Policy != "" && b.Policy != policy })
}

// judge tells which of one owner's blobs, listed from one store in key order, are garbage. before is the latest time at
// which garbage may have been written; whole says that the ladder by today's policy is whole, wherever that is noted.
func judge(blobs []stored, n Needs, before time.Time, whole bool) []Garbage {
	var out []Garbage
	for from := 0; from < len(blobs); {
		to := from + 1
		for to < len(blobs) && blobs[to].Policy == blobs[from].Policy {
			to++
		}
		group := blobs[from:to]
		from = to
		policy, fingerprint := group[0].Policy, group[0].Owner
		switch {
		case policy == "":
			out = append(out, judgePictures(group, n, before)...)
		case n.Busy[media.NewAssetID(fingerprint, policy)]:
		case !n.Fingerprints[fingerprint]:
			out = append(out, all(group, before, whyNoFile)...)
		case policy != n.Policy && whole:
			out = append(out, all(group, before, whySuperseded)...)
		default:
			out = append(out, packed(group, before)...)
		}
	}
	return out
}

// all takes a whole asset, unless any part of it is young: then it is being made.
func all(asset []stored, before time.Time, why string) []Garbage {
	var out []Garbage
	for _, b := range asset {
		if b.info.ModTime.After(before) {
			return nil
		}
		out = append(out, Garbage{b.info.Key, b.info.Size, why})
	}
	return out
}

// packed takes the single segments beside a packed rendition.
func packed(asset []stored, before time.Time) []Garbage {
	whole := make(map[id.Rendition]bool)
	for _, b := range asset {
		if b.Kind == media.KeyPacked && !b.info.ModTime.After(before) {
			whole[b.Rendition] = true
		}
	}
	var out []Garbage
	for _, b := range asset {
		if verdictOf(b.Kind) == untilPacked && whole[b.Rendition] && !b.info.ModTime.After(before) {
			out = append(out, Garbage{b.info.Key, b.info.Size, whyPacked})
		}
	}
	return out
}

// judgePictures judges the pictures of a film, whose owner is its fingerprint, or of a title.
func judgePictures(blobs []stored, n Needs, before time.Time) []Garbage {
	var out []Garbage
	for _, b := range blobs {
		why := whyNoPoster
		if verdictOf(b.Kind) == withFile {
			why = whyNoFile
		}
		if !n.Fingerprints[b.Owner] && !n.Pictures[b.Original().String()] && !b.info.ModTime.After(before) {
			out = append(out, Garbage{b.info.Key, b.info.Size, why})
		}
	}
	return out
}
