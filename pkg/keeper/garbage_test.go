package keeper

import (
	"testing"
	"time"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
)

// A kind of blob without a verdict would never be collected, or, worse, be taken for another kind: whoever adds a kind to
// media.KeyKinds decides here when it is garbage.
func TestEveryKindOfKeyHasAVerdict(t *testing.T) {
	t.Parallel()
	var (
		written = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		later   = written.Add(time.Hour)
		a       = media.Asset{Prefix: media.AssetPrefix("feed", "old")}
		film    = map[string]bool{"feed": true}
	)
	built := map[media.KeyKind]struct {
		key     string
		needed  Needs // what keeps it
		without bool  // whether it is garbage when nothing is needed
	}{
		media.KeyPlan:           {a.PlanKey(), Needs{Fingerprints: film}, true},
		media.KeyComplete:       {a.CompleteKey(), Needs{Fingerprints: film}, true},
		media.KeyInit:           {a.InitKey("v720"), Needs{Fingerprints: film}, true},
		media.KeySegment:        {a.SegmentKey("v720", 42), Needs{Fingerprints: film}, true},
		media.KeyPacked:         {a.PackedKey("v720"), Needs{Busy: map[id.Asset]bool{"feed-old": true}}, true},
		media.KeyHead:           {a.HeadKey("v720"), Needs{Fingerprints: film}, true},
		media.KeyAssetOther:     {a.Prefix + "notes.txt", Needs{Fingerprints: film}, true},
		media.KeyStill:          {media.StillKey("feed", 480), Needs{Fingerprints: film}, true},
		media.KeyStillSize:      {media.SizedKey(media.StillKey("feed", 1280), 640), Needs{Fingerprints: film}, true},
		media.KeyFrameCrop:      {media.FrameCropKey("feed", 320), Needs{Fingerprints: film}, true},
		media.KeyPicture:        {"art/t1/poster-0123456789ab.jpg", Needs{Pictures: map[string]bool{"art/t1/poster-0123456789ab.jpg": true}}, true},
		media.KeyPictureSize:    {"art/t1/poster-0123456789ab-w320.jpg", Needs{Pictures: map[string]bool{"art/t1/poster-0123456789ab.jpg": true}}, true},
		media.KeyAvatar:         {media.AvatarKey("p", "0123"), Needs{}, false},
		media.KeyCollectionLogo: {media.CollectionLogoKey("c", "0123"), Needs{}, false},
	}
	for _, kind := range media.KeyKinds() {
		c, ok := built[kind]
		if !ok || verdictOf(kind) == noVerdict {
			t.Errorf("kind %d has no verdict: decide in verdictOf when a blob of it is garbage, and add its builder here", kind)
			continue
		}
		b := parsed(blob.Info{Key: c.key, ModTime: written})
		if b.Kind != kind {
			t.Errorf("%q is of kind %d, want %d", c.key, b.Kind, kind)
		}
		if owned := b.owner() != ""; owned != c.without {
			t.Errorf("%q has an owner: %v", c.key, owned)
			continue
		}
		if !c.without {
			continue
		}
		if found := judge([]stored{b}, Needs{}, later, false); len(found) != 1 || found[0].Key != c.key {
			t.Errorf("%q is needed by nothing and stays: %v", c.key, found)
		}
		if found := judge([]stored{b}, c.needed, later, false); len(found) != 0 {
			t.Errorf("%q is needed and is garbage: %v", c.key, found)
		}
		if found := judge([]stored{b}, Needs{}, written.Add(-time.Minute), false); len(found) != 0 {
			t.Errorf("%q is young and is garbage: %v", c.key, found)
		}
	}
}
