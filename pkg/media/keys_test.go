package media_test

import (
	"path"
	"strings"
	"testing"

	"movify/pkg/id"
	"movify/pkg/media"
)

// The keys are in data folders and buckets: they stay as they are, byte for byte.
func TestBlobKeysAreFixed(t *testing.T) {
	t.Parallel()
	a := media.Asset{Prefix: media.AssetPrefix("feed", "p1")}
	for _, c := range []struct {
		got, want string
		parsed    media.Key
	}{
		{a.PlanKey(), "v1/feed/p1/plan.json", media.Key{Kind: media.KeyPlan, Owner: "feed", Policy: "p1"}},
		{a.CompleteKey(), "v1/feed/p1/whole.json", media.Key{Kind: media.KeyComplete, Owner: "feed", Policy: "p1"}},
		{a.OriginalIndexKey(), "v1/feed/p1/original-1.idx",
			media.Key{Kind: media.KeyOriginalIndex, Owner: "feed", Policy: "p1"}},
		{a.InitKey("v720"), "v1/feed/p1/v720/init.mp4",
			media.Key{Kind: media.KeyInit, Owner: "feed", Policy: "p1", Rendition: "v720"}},
		{a.SegmentKey("v720", 42), "v1/feed/p1/v720/00042.m4s",
			media.Key{Kind: media.KeySegment, Owner: "feed", Policy: "p1", Rendition: "v720", Segment: 42}},
		{a.PackedKey("v720"), "v1/feed/p1/v720/all.mp4",
			media.Key{Kind: media.KeyPacked, Owner: "feed", Policy: "p1", Rendition: "v720"}},
		{a.HeadKey("v720"), "v1/feed/p1/v720/head.mp4",
			media.Key{Kind: media.KeyHead, Owner: "feed", Policy: "p1", Rendition: "v720"}},
		{"v1/feed/p1/v720/notes.txt", "v1/feed/p1/v720/notes.txt",
			media.Key{Kind: media.KeyAssetOther, Owner: "feed", Policy: "p1", Name: "v720/notes.txt"}},
		{media.StillKey("feed", 480), "art/feed/still-480.webp",
			media.Key{Kind: media.KeyStill, Owner: "feed", Width: 480}},
		{media.SizedKey(media.StillKey("feed", 1280), 640), "art/feed/still-1280-w640.jpg",
			media.Key{Kind: media.KeyStillSize, Owner: "feed", Width: 640, StillWidth: 1280}},
		{media.FrameCropKey("feed", 320), "art/feed/cut-w320.jpg",
			media.Key{Kind: media.KeyFrameCrop, Owner: "feed", Width: 320}},
		{media.PictureKey("t1", "poster", "0123456789ab", ".jpg"), "art/t1/poster-0123456789ab.jpg",
			media.Key{Kind: media.KeyPicture, Owner: "t1", Name: "poster-0123456789ab.jpg"}},
		{media.SizedKey("art/t1/logo-0123456789ab.png", 320), "art/t1/logo-0123456789ab-w320.png",
			media.Key{Kind: media.KeyPictureSize, Owner: "t1", Name: "logo-0123456789ab.png", Width: 320}},
		{media.AvatarKey("p", "01234567"), "avatars/p/01234567.jpg",
			media.Key{Kind: media.KeyAvatar, Owner: "p", Name: "01234567"}},
		{media.CollectionLogoKey("c", "01234567"), "logos/c/01234567.png",
			media.Key{Kind: media.KeyCollectionLogo, Owner: "c", Name: "01234567"}},
	} {
		if c.got != c.want {
			t.Errorf("built %q, want %q", c.got, c.want)
		}
		if parsed, ok := media.ParseKey(c.want); !ok || parsed != c.parsed {
			t.Errorf("%q is parsed as %+v, %v, want %+v", c.want, parsed, ok, c.parsed)
		}
		if !strings.HasPrefix(c.want, c.parsed.OwnerPrefix()) {
			t.Errorf("%q does not begin with %q", c.want, c.parsed.OwnerPrefix())
		}
	}
	if fingerprint, policy := media.ParseAssetID(media.NewAssetID("feed", "p1")); fingerprint != "feed" || policy != "p1" {
		t.Errorf("the ID of an asset is parsed as %q, %q", fingerprint, policy)
	}
}

func TestKeysThatAreNotOurs(t *testing.T) {
	t.Parallel()
	for _, key := range []string{
		"", "v1", "v1/", "v1/stray", "v1/feed/", "v1/feed/file", "v1/feed/p1/", "v1//p1/plan.json", "v1/feed//plan.json",
		"v2/feed/p1/plan.json", ".movify/check", "art/t1", "art//poster.jpg", "avatars/p/x.png", "avatars/p/x/y.jpg",
		"logos/c/.png",
	} {
		if k, ok := media.ParseKey(key); ok {
			t.Errorf("%q is parsed as %+v", key, k)
		}
	}
}

func TestASizeKnowsItsOriginal(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"art/t1/poster-500-1-w320.jpg": "art/t1/poster-500-1.jpg",
		"art/t1/poster-500-1.jpg":      "art/t1/poster-500-1.jpg",
		"art/feed/still-1280-w640.jpg": "art/feed/still-1280.webp",
		"art/feed/cut-w320.jpg":        "art/feed/cut-w320.jpg",
	} {
		if k, ok := media.ParseKey(key); !ok || k.Original().String() != want {
			t.Errorf("the original of %q is %q, want %q", key, k.Original(), want)
		}
	}
	if got := media.PictureStem("art/t1/poster-0123456789ab.jpg"); got != "art/t1/poster-0123456789ab" {
		t.Errorf("the stem is %q", got)
	}
}

// builtKey returns a key of a kind as its builder makes it, with fields that a fuzzer chose; false when they could not
// come from the product.
func builtKey(kind media.KeyKind, owner, policy, name string, segment, width, still int) (media.Key, bool) {
	element := func(s string) bool { return s != "" && !strings.Contains(s, "/") }
	if !element(owner) || segment < 0 || width < 0 || still < 0 {
		return media.Key{}, false
	}
	k := media.Key{Kind: kind, Owner: owner}
	switch kind {
	case media.KeyPlan, media.KeyComplete, media.KeyOriginalIndex:
		k.Policy = policy
		return k, element(policy)
	case media.KeyInit, media.KeyPacked, media.KeyHead:
		k.Policy, k.Rendition = policy, id.Rendition(name)
		return k, element(policy) && element(name)
	case media.KeySegment:
		k.Policy, k.Rendition, k.Segment = policy, id.Rendition(name), segment
		return k, element(policy) && element(name)
	case media.KeyAssetOther: // a name with an ending that no other kind has
		k.Policy, k.Name = policy, name+".other"
		return k, element(policy)
	case media.KeyStill, media.KeyFrameCrop:
		k.Width = width
	case media.KeyStillSize:
		k.Width, k.StillWidth = width, still
	case media.KeyPicture:
		k.Name = "poster-" + strings.ReplaceAll(name, "-w", "") + ".png"
		return k, !strings.Contains(k.Name, "-w")
	case media.KeyPictureSize:
		k.Name, k.Width = "poster-"+name+".jpg", width
	case media.KeyAvatar, media.KeyCollectionLogo:
		k.Name = name
		return k, element(name)
	}
	return k, true
}

func FuzzKeysParseAsTheyWereBuilt(f *testing.F) {
	for kind := range media.KeyKinds {
		f.Add(int(kind), "feed", "p1", "v720", 42, 320, 1280)
		f.Add(int(kind), "a.b-c", "p-w2", "0123456789ab", 123456, 0, 0)
	}
	f.Fuzz(func(t *testing.T, kind int, owner, policy, name string, segment, width, still int) {
		if kind < 0 || kind >= int(media.KeyKinds) {
			return
		}
		k, ok := builtKey(media.KeyKind(kind), owner, policy, name, segment, width, still)
		if !ok {
			return
		}
		if got, ok := media.ParseKey(k.String()); !ok || got != k {
			t.Errorf("%q is parsed as %+v, %v, want %+v", k, got, ok, k)
		}
	})
}

// A parsed key is built again as the same key: nothing of it is lost.
func FuzzParsedKeysAreBuiltAgain(f *testing.F) {
	for _, key := range []string{
		"v1/feed/p1/v720/00042.m4s", "v1/feed/p1/x", "art/t1/poster-500-1-w320.jpg", "art/t1/x-w.jpg", "art/t1/a-w1.webp",
		"art/feed/still-1280-w640.png", "art/t1/y/cut-w3.jpg", "avatars/p/x.jpg", "logos/c/x.png", "art/t1/-w007.jpg",
	} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		k, ok := media.ParseKey(key)
		if !ok {
			return
		}
		if k.String() != key {
			t.Errorf("%q is built again as %q", key, k)
		}
		if k.Kind == media.KeyPictureSize && path.Ext(k.Name) == ".webp" {
			t.Errorf("%q is a size of a WebP picture", key)
		}
	})
}
