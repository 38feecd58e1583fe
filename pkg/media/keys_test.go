package media

import "testing"

func TestAssetKeys(t *testing.T) {
	t.Parallel()
	a := Asset{ID: NewAssetID("feed", "0123abcd"), Prefix: AssetPrefix("feed", "0123abcd")}
	for want, key := range map[string]string{
		"v1/feed/0123abcd/plan.json":             a.PlanKey(),
		"v1/feed/0123abcd/whole.json":            a.CompleteKey(),
		"v1/feed/0123abcd/v1080p-a1/init.mp4":    a.InitKey("v1080p-a1"),
		"v1/feed/0123abcd/v1080p-a1/00042.m4s":   a.SegmentKey("v1080p-a1", 42),
		"v1/feed/0123abcd/v1080p-a1/1234567.m4s": a.SegmentKey("v1080p-a1", 1234567),
		"v1/feed/0123abcd/v1080p-a1/all.mp4":     a.PackedKey("v1080p-a1"),
		"v1/feed/0123abcd/v1080p-a1/head.mp4":    a.HeadKey("v1080p-a1"),
	} {
		if key != want {
			t.Errorf("key is %s, want %s", key, want)
		}
		k, ok := ParseAssetKey(key)
		if !ok || k.String() != key || k.Asset() != a.ID {
			t.Errorf("%s is parsed as %+v, %t", key, k, ok)
		}
	}
	for _, key := range []string{
		"", "v1/", "v1/feed", "v1/feed/0123abcd/", "v1//0123abcd/plan.json", "v2/feed/0123abcd/plan.json",
		"v1/feed/0123abcd/all.mp4", "v1/feed/0123abcd/a/b/all.mp4", "v1/feed/0123abcd/a/42.m4s", "art/feed/still-1.jpg",
	} {
		if k, ok := ParseAssetKey(key); ok {
			t.Errorf("%q is parsed as %+v", key, k)
		}
	}
	if f, p := ParseAssetID(a.ID); f != "feed" || p != "0123abcd" {
		t.Errorf("%s is parsed as %s, %s", a.ID, f, p)
	}
}

// Every key that is parsed is built again from its parts.
func FuzzParseAssetKey(f *testing.F) {
	a := Asset{Prefix: AssetPrefix("feed", "0123abcd")}
	for _, key := range []string{
		a.PlanKey(), a.CompleteKey(), a.InitKey("v"), a.SegmentKey("v", 0), a.SegmentKey("v", 99999), a.PackedKey("v"), a.HeadKey("v"),
	} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		k, ok := ParseAssetKey(key)
		if !ok {
			return
		}
		if k.String() != key {
			t.Errorf("%q is parsed as %+v, which is %q", key, k, k.String())
		}
		a := Asset{Prefix: AssetPrefix(k.Fingerprint, k.Policy)}
		if n, segment := ParseSegmentName(k.Name); segment && a.SegmentKey(k.Rendition, n) != key {
			t.Errorf("%q is segment %d, whose key is %q", key, n, a.SegmentKey(k.Rendition, n))
		}
	})
}
