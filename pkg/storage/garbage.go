package storage

import (
	"context"
	"slices"
	"time"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
)

// ReferenceSource knows which blobs are referenced.
type ReferenceSource interface {
	// References lists the references. It is called once before a collection, and again before anything is deleted.
	References(ctx context.Context) (References, error)
}

// References are the roots of the collection: everything that is reachable from them stays.
type References struct {
	// Fingerprints are the content keys of all known files in every state: a disk that is unplugged today may be back
	// tomorrow.
	Fingerprints map[string]bool
	// Pictures are the keys of the pictures that titles have. Their other sizes follow from them: see
	// media.Key.Original.
	Pictures map[string]bool
	// InUse are the assets that a session plays or a job makes.
	InUse map[id.Asset]bool
	// Policy is the policy of newly made assets: the last element of their prefix.
	Policy string
}

// Why a blob is garbage.
const (
	reasonNoFile     = "no file has this content"
	reasonSuperseded = "the title has a newer ladder, which is whole"
	reasonPacked     = "packed into " + media.PackedName
	reasonNoTitle    = "no title has this picture"
)

// verdict says what decides whether blobs of one kind are garbage.
type verdict int

const (
	noVerdict    verdict = iota // a kind missing below: never deleted, and a test fails
	notCollected                // the package that writes it deletes it
	withAsset                   // garbage when its asset is
	untilPacked                 // garbage when its asset is, and before that once its rendition is packed
	withFile                    // a frame of a film: garbage when no file has the content
	withTitle                   // a picture: garbage when no title has it
)

// verdictOf gives the verdict for each kind of blob key.
func verdictOf(kind media.KeyKind) verdict {
	switch kind {
	case media.KeyPlan, media.KeyComplete, media.KeyOriginalIndex, media.KeyPacked, media.KeyHead, media.KeyAssetOther:
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

// parsedBlob is a blob with its key taken apart.
type parsedBlob struct {
	media.Key
	info blob.Info
}

// owner is the prefix that the keys of one owner share; "" for a blob that is never collected.
func (s parsedBlob) owner() string {
	switch verdictOf(s.Kind) {
	case noVerdict, notCollected:
		return ""
	}
	return s.OwnerPrefix()
}

// parseBlob takes the key of a blob apart. A key outside the grammar gives a blob without an owner.
func parseBlob(info blob.Info) parsedBlob {
	k, ok := media.ParseKey(info.Key)
	if !ok {
		return parsedBlob{Key: media.Key{Kind: -1}, info: info}
	}
	return parsedBlob{k, info}
}

// hasOtherPolicy reports whether an owner has an asset of another policy than the current one.
func hasOtherPolicy(blobs []parsedBlob, policy string) bool {
	return slices.ContainsFunc(blobs, func(b parsedBlob) bool { return b.Policy != "" && b.Policy != policy })
}

// findGarbage returns the garbage among one owner's blobs, which are listed from one store in key order. before is the
// latest modification time of garbage; complete says that all renditions of the current policy's asset are packed.
func findGarbage(blobs []parsedBlob, refs References, before time.Time, complete bool) []Garbage {
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
			out = append(out, pictureGarbage(group, refs, before)...)
		case refs.InUse[media.NewAssetID(fingerprint, policy)]:
		case !refs.Fingerprints[fingerprint]:
			out = append(out, wholeAsset(group, before, reasonNoFile)...)
		case policy != refs.Policy && complete:
			out = append(out, wholeAsset(group, before, reasonSuperseded)...)
		default:
			out = append(out, packedSingles(group, before)...)
		}
	}
	return out
}

// wholeAsset returns a whole asset, unless any of its blobs is young: then it is being made.
func wholeAsset(asset []parsedBlob, before time.Time, reason string) []Garbage {
	var out []Garbage
	for _, b := range asset {
		if b.info.ModTime.After(before) {
			return nil
		}
		out = append(out, Garbage{b.info.Key, b.info.Size, reason})
	}
	return out
}

// packedSingles returns the single segments beside a packed rendition.
func packedSingles(asset []parsedBlob, before time.Time) []Garbage {
	packed := make(map[id.Rendition]bool)
	for _, b := range asset {
		if b.Kind == media.KeyPacked && !b.info.ModTime.After(before) {
			packed[b.Rendition] = true
		}
	}
	var out []Garbage
	for _, b := range asset {
		if verdictOf(b.Kind) == untilPacked && packed[b.Rendition] && !b.info.ModTime.After(before) {
			out = append(out, Garbage{b.info.Key, b.info.Size, reasonPacked})
		}
	}
	return out
}

// pictureGarbage returns the garbage among the pictures of a film, whose owner is its fingerprint, or of a title.
func pictureGarbage(blobs []parsedBlob, refs References, before time.Time) []Garbage {
	var out []Garbage
	for _, b := range blobs {
		reason := reasonNoTitle
		if verdictOf(b.Kind) == withFile {
			reason = reasonNoFile
		}
		if !refs.Fingerprints[b.Owner] && !refs.Pictures[b.Original().String()] && !b.info.ModTime.After(before) {
			out = append(out, Garbage{b.info.Key, b.info.Size, reason})
		}
	}
	return out
}
