package media

import (
	"path"
	"strconv"
	"strings"

	"movify/pkg/id"
)

// The first element of a blob key: which tree of the store it belongs to.
const (
	assetTree   = "v1"
	pictureTree = "art"
	avatarTree  = "avatars"
	logoTree    = "logos"
)

// Parts of picture names.
const (
	stillStem = "still"
	cropStem  = "cut"
	stillExt  = ".webp"
	jpegExt   = ".jpg"
	pngExt    = ".png"
	sizeMark  = "-w"
)

// KeyKind says which object a blob key names. Every key that is written to the blob store has one of these kinds.
type KeyKind int

// The kinds of blob key. Owner, Policy, … are the fields of Key.
const (
	KeyPlan           KeyKind = iota // v1/<owner>/<policy>/plan.json, owner = fingerprint of the file
	KeyComplete                      // v1/<owner>/<policy>/whole.json
	KeyInit                          // v1/<owner>/<policy>/<rendition>/init.mp4
	KeySegment                       // v1/<owner>/<policy>/<rendition>/00042.m4s
	KeyPacked                        // v1/<owner>/<policy>/<rendition>/all.mp4
	KeyHead                          // v1/<owner>/<policy>/<rendition>/head.mp4
	KeyOriginalIndex                 // v1/<owner>/<policy>/original-1.idx
	KeyAssetOther                    // v1/<owner>/<policy>/<name>: below an asset, written by no version known here
	KeyStill                         // art/<owner>/still-<width>.webp, owner = fingerprint
	KeyStillSize                     // art/<owner>/still-<still width>-w<width>.jpg
	KeyFrameCrop                     // art/<owner>/cut-w<width>.jpg: the middle of a still, where there is no poster
	KeyPicture                       // art/<owner>/<name>, owner = title; name is poster-0123456789ab.jpg
	KeyPictureSize                   // art/<owner>/<name's stem>-w<width><name's ending>
	KeyAvatar                        // avatars/<owner>/<name>.jpg, owner = profile
	KeyCollectionLogo                // logos/<owner>/<name>.png, owner = collection

	KeyKinds // how many kinds there are
)

// Key is a blob key taken apart. String is its inverse. Fields that its kind does not name are zero.
type Key struct {
	Kind       KeyKind
	Owner      string // fingerprint, title, profile or collection; the second element of the key
	Policy     string // last element of the asset's prefix
	Rendition  id.Rendition
	Segment    int
	Name       string
	Width      int // pixels
	StillWidth int // pixels of the still that a KeyStillSize was made from
}

// AssetPrefix is the key prefix of the asset that one policy makes of a file's content; see Asset.Prefix.
func AssetPrefix(fingerprint, policy string) string {
	return assetTree + "/" + fingerprint + "/" + policy + "/"
}

// NewAssetID is the ID of that asset.
func NewAssetID(fingerprint, policy string) id.Asset { return id.Asset(fingerprint + "-" + policy) }

// ParseAssetID is the inverse of NewAssetID.
func ParseAssetID(a id.Asset) (fingerprint, policy string) {
	fingerprint, policy, _ = strings.Cut(string(a), "-")
	return fingerprint, policy
}

// PlanKey is the blob key of the asset's plan, this value as JSON.
func (a Asset) PlanKey() string { return a.Prefix + PlanName }

// CompleteKey is the blob key of the note that every rendition is packed.
func (a Asset) CompleteKey() string { return a.Prefix + CompleteName }

// OriginalIndexKey is the blob key of the index of the file's Original stream, where that has none of its own.
func (a Asset) OriginalIndexKey() string { return a.Prefix + OriginalIndexName }

// RenditionPrefix is the key prefix of everything that belongs to a rendition.
func (a Asset) RenditionPrefix(r id.Rendition) string { return a.Prefix + string(r) + "/" }

// InitKey is the blob key of a rendition's Init Section.
func (a Asset) InitKey(r id.Rendition) string { return a.RenditionPrefix(r) + InitName }

// SegmentKey is the blob key of segment n of a rendition.
func (a Asset) SegmentKey(r id.Rendition, n int) string { return a.RenditionPrefix(r) + SegmentName(n) }

// PackedKey is the blob key of a packed rendition.
func (a Asset) PackedKey(r id.Rendition) string { return a.RenditionPrefix(r) + PackedName }

// HeadKey is the blob key of the copy of a packed rendition's beginning.
func (a Asset) HeadKey(r id.Rendition) string { return a.RenditionPrefix(r) + HeadName }

// StillKey is the blob key of a frame of a film, a WebP picture of that width.
func StillKey(fingerprint string, width int) string {
	return Key{Kind: KeyStill, Owner: fingerprint, Width: width}.String()
}

// FrameCropKey is the blob key of the middle of a film's still, which stands for a missing poster.
func FrameCropKey(fingerprint string, width int) string {
	return Key{Kind: KeyFrameCrop, Owner: fingerprint, Width: width}.String()
}

// PictureKey is the blob key of a title's picture: "art/<title>/poster-0123456789ab.jpg". digest distinguishes the
// pictures of one kind, since a key is never written twice; ext is ".jpg" or ".png".
func PictureKey(t id.Title, kind, digest, ext string) string {
	return Key{Kind: KeyPicture, Owner: string(t), Name: kind + "-" + digest + ext}.String()
}

// SizedKey is the blob key of the same picture or still at another width: "art/<title>/poster-0123456789ab-w320.jpg". A
// resized still is a JPEG.
func SizedKey(key string, width int) string {
	ext := path.Ext(key)
	if ext == stillExt {
		ext = jpegExt
	}
	return PictureStem(key) + sizeMark + strconv.Itoa(width) + ext
}

// PictureStem is the key prefix that a picture shares with all its sizes.
func PictureStem(key string) string { return strings.TrimSuffix(key, path.Ext(key)) }

// AvatarKey is the blob key of a profile's picture, a JPEG.
func AvatarKey(p id.Profile, digest string) string {
	return Key{Kind: KeyAvatar, Owner: string(p), Name: digest}.String()
}

// CollectionLogoKey is the blob key of a collection's logo, a PNG.
func CollectionLogoKey(c id.Collection, digest string) string {
	return Key{Kind: KeyCollectionLogo, Owner: string(c), Name: digest}.String()
}

// OwnerPrefix is the key prefix of all blobs of the same owner in the same tree: "v1/<fingerprint>/".
func (k Key) OwnerPrefix() string {
	tree := pictureTree
	switch k.Kind {
	case KeyPlan, KeyComplete, KeyOriginalIndex, KeyInit, KeySegment, KeyPacked, KeyHead, KeyAssetOther:
		tree = assetTree
	case KeyAvatar:
		tree = avatarTree
	case KeyCollectionLogo:
		tree = logoTree
	}
	return tree + "/" + k.Owner + "/"
}

// String builds the key.
func (k Key) String() string {
	a := Asset{Prefix: AssetPrefix(k.Owner, k.Policy)}
	switch k.Kind {
	case KeyPlan:
		return a.PlanKey()
	case KeyComplete:
		return a.CompleteKey()
	case KeyOriginalIndex:
		return a.OriginalIndexKey()
	case KeyInit:
		return a.InitKey(k.Rendition)
	case KeySegment:
		return a.SegmentKey(k.Rendition, k.Segment)
	case KeyPacked:
		return a.PackedKey(k.Rendition)
	case KeyHead:
		return a.HeadKey(k.Rendition)
	case KeyAssetOther:
		return a.Prefix + k.Name
	case KeyStill:
		return k.OwnerPrefix() + stillStem + "-" + strconv.Itoa(k.Width) + stillExt
	case KeyStillSize:
		return SizedKey(StillKey(k.Owner, k.StillWidth), k.Width)
	case KeyFrameCrop:
		return SizedKey(k.OwnerPrefix()+cropStem+jpegExt, k.Width)
	case KeyPictureSize:
		return SizedKey(k.OwnerPrefix()+k.Name, k.Width)
	case KeyAvatar:
		return k.OwnerPrefix() + k.Name + jpegExt
	case KeyCollectionLogo:
		return k.OwnerPrefix() + k.Name + pngExt
	}
	return k.OwnerPrefix() + k.Name
}

// Original is the key of the picture that k is a size of; k itself when it is none.
func (k Key) Original() Key {
	switch k.Kind {
	case KeyPictureSize:
		return Key{Kind: KeyPicture, Owner: k.Owner, Name: k.Name}
	case KeyStillSize:
		return Key{Kind: KeyStill, Owner: k.Owner, Width: k.StillWidth}
	}
	return k
}

// ParseKey takes a blob key apart. ok is false for a key outside the grammar: Movify did not write it.
func ParseKey(key string) (k Key, ok bool) {
	tree, rest, _ := strings.Cut(key, "/")
	owner, rest, found := strings.Cut(rest, "/")
	if !found || owner == "" || rest == "" {
		return Key{}, false
	}
	switch tree {
	case assetTree:
		return parseAssetKey(owner, rest)
	case pictureTree:
		return parsePictureKey(owner, rest), true
	case avatarTree:
		return parseSimpleKey(KeyAvatar, owner, rest, jpegExt)
	case logoTree:
		return parseSimpleKey(KeyCollectionLogo, owner, rest, pngExt)
	}
	return Key{}, false
}

func parseSimpleKey(kind KeyKind, owner, rest, ext string) (Key, bool) {
	name, ok := strings.CutSuffix(rest, ext)
	if !ok || name == "" || strings.Contains(name, "/") {
		return Key{}, false
	}
	return Key{Kind: kind, Owner: owner, Name: name}, true
}

func parseAssetKey(fingerprint, rest string) (Key, bool) {
	policy, name, found := strings.Cut(rest, "/")
	if !found || policy == "" || name == "" {
		return Key{}, false
	}
	k := Key{Owner: fingerprint, Policy: policy}
	switch name {
	case PlanName:
		k.Kind = KeyPlan
		return k, true
	case CompleteName:
		k.Kind = KeyComplete
		return k, true
	case OriginalIndexName:
		k.Kind = KeyOriginalIndex
		return k, true
	}
	rendition, file, found := strings.Cut(name, "/")
	k.Rendition = id.Rendition(rendition)
	segment, isSegment := ParseSegmentName(file)
	switch {
	case !found || rendition == "":
		k.Kind, k.Rendition, k.Name = KeyAssetOther, "", name
	case isSegment:
		k.Kind, k.Segment = KeySegment, segment
	case file == InitName:
		k.Kind = KeyInit
	case file == PackedName:
		k.Kind = KeyPacked
	case file == HeadName:
		k.Kind = KeyHead
	default:
		k.Kind, k.Rendition, k.Name = KeyAssetOther, "", name
	}
	return k, true
}

// parsePictureKey reads the name of a picture. Names of earlier versions are pictures too.
func parsePictureKey(owner, name string) Key {
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	if width, ok := parseStill(stem); ok && ext == stillExt {
		return Key{Kind: KeyStill, Owner: owner, Width: width}
	}
	at := strings.LastIndex(stem, sizeMark)
	if at < 0 {
		return Key{Kind: KeyPicture, Owner: owner, Name: name}
	}
	width, ok := parseNumber(stem[at+len(sizeMark):])
	still, ofStill := parseStill(stem[:at])
	switch {
	case !ok || ext == stillExt:
		return Key{Kind: KeyPicture, Owner: owner, Name: name}
	case ofStill && ext == jpegExt:
		return Key{Kind: KeyStillSize, Owner: owner, Width: width, StillWidth: still}
	case stem[:at] == cropStem && ext == jpegExt:
		return Key{Kind: KeyFrameCrop, Owner: owner, Width: width}
	}
	return Key{Kind: KeyPictureSize, Owner: owner, Name: stem[:at] + ext, Width: width}
}

func parseStill(stem string) (width int, ok bool) {
	digits, found := strings.CutPrefix(stem, stillStem+"-")
	if !found {
		return 0, false
	}
	return parseNumber(digits)
}

// parseNumber reads a number as strconv.Itoa writes it.
func parseNumber(digits string) (n int, ok bool) {
	n, err := strconv.Atoi(digits)
	return n, err == nil && n >= 0 && strconv.Itoa(n) == digits
}
