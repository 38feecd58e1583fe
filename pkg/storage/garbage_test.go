package storage

import (
	"testing"
	"time"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
)

// A kind of blob without a verdict would never be collected, or would be collected by the rule of another kind. A new
// kind before media.KeyKinds needs a case in verdictOf and its builder here.
func TestEveryKindOfKeyHasAVerdict(t *testing.T) {
	t.Parallel()
	var (
		written = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		later   = written.Add(time.Hour)
		a       = media.Asset{Prefix: media.AssetPrefix("feed", "old")}
		film    = map[string]bool{"feed": true}
	)
	built := map[media.KeyKind]struct {
		key       string
		needed    References // keeps it
		collected bool       // garbage when nothing refers to it
	}{
		media.KeyPlan:          {a.PlanKey(), References{Fingerprints: film}, true},
		media.KeyOriginalIndex: {a.OriginalIndexKey(), References{Fingerprints: film}, true},
		media.KeyComplete:      {a.CompleteKey(), References{Fingerprints: film}, true},
		media.KeyInit:          {a.InitKey("v720"), References{Fingerprints: film}, true},
		media.KeySegment:       {a.SegmentKey("v720", 42), References{Fingerprints: film}, true},
		media.KeyPacked:        {a.PackedKey("v720"), References{InUse: map[id.Asset]bool{"feed-old": true}}, true},
		media.KeyHead:          {a.HeadKey("v720"), References{Fingerprints: film}, true},
		media.KeyAssetOther:    {a.Prefix + "notes.txt", References{Fingerprints: film}, true},
		media.KeyStill:         {media.StillKey("feed", 480), References{Fingerprints: film}, true},
		media.KeyStillSize:     {media.SizedKey(media.StillKey("feed", 1280), 640), References{Fingerprints: film}, true},
		media.KeyFrameCrop:     {media.FrameCropKey("feed", 320), References{Fingerprints: film}, true},
		media.KeyPicture: {
			"art/t1/poster-0123456789ab.jpg", References{Pictures: map[string]bool{"art/t1/poster-0123456789ab.jpg": true}},
			true,
		},
		media.KeyPictureSize: {
			"art/t1/poster-0123456789ab-w320.jpg", References{Pictures: map[string]bool{"art/t1/poster-0123456789ab.jpg": true}},
			true,
		},
		media.KeyAvatar:         {media.AvatarKey("p", "0123"), References{}, false},
		media.KeyCollectionLogo: {media.CollectionLogoKey("c", "0123"), References{}, false},
	}
	for kind := range media.KeyKinds {
		c, ok := built[kind]
		if !ok || verdictOf(kind) == noVerdict {
			t.Errorf("kind %d has no verdict: decide in verdictOf when a blob of it is garbage, and add its builder here", kind)
			continue
		}
		b := parseBlob(blob.Info{Key: c.key, ModTime: written})
		if b.Kind != kind {
			t.Errorf("%q is of kind %d, want %d", c.key, b.Kind, kind)
		}
		if owned := b.owner() != ""; owned != c.collected {
			t.Errorf("%q has an owner: %v", c.key, owned)
			continue
		}
		if !c.collected {
			continue
		}
		if found := findGarbage([]parsedBlob{b}, References{}, later, false); len(found) != 1 || found[0].Key != c.key {
			t.Errorf("%q is needed by nothing and stays: %v", c.key, found)
		}
		if found := findGarbage([]parsedBlob{b}, c.needed, later, false); len(found) != 0 {
			t.Errorf("%q is needed and is garbage: %v", c.key, found)
		}
		if found := findGarbage([]parsedBlob{b}, References{}, written.Add(-time.Minute), false); len(found) != 0 {
			t.Errorf("%q is young and is garbage: %v", c.key, found)
		}
	}
}
