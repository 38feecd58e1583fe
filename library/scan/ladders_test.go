package scan_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/library/scan"
	"movify/pkg/id"
	"movify/pkg/media"
)

// twoFolders is a running library of two folders with a film in each.
func twoFolders(t *testing.T, adjust func(*scan.Options)) (h *harness, first, second library.Root) {
	t.Helper()
	h = newHarness(t, map[string]string{"Heat (1995).mkv": "film heat"})
	other := filepath.Join(t.TempDir(), "other")
	if err := os.MkdirAll(other, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(other, "Up (2009).mkv"), []byte("film up"), 0o644); err != nil {
		t.Fatal(err)
	}
	h.Adjust = func(o *scan.Options) {
		o.Roots = append(o.Roots, other)
		if adjust != nil {
			adjust(o)
		}
	}
	h.Build()
	h.Start()
	h.Until("both films", func() bool { return len(h.Names()) == 2 })
	for _, r := range h.roots(t) {
		if r.Path == other {
			second = r
		} else {
			first = r
		}
	}
	return h, first, second
}

func (h *harness) roots(t *testing.T) []library.Root {
	t.Helper()
	roots, err := h.Roots(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return roots
}

func TestLadderSettingsOfFolders(t *testing.T) {
	t.Parallel()
	h, first, second := twoFolders(t, nil)
	if first.Ladder != "" || first.LadderInForce != media.LadderWhenWatched || first.LadderConfigured {
		t.Errorf("a new folder has %q, in force %q, configured %v", first.Ladder, first.LadderInForce, first.LadderConfigured)
	}
	got, err := h.SetLadder(t.Context(), first.ID, media.LadderAlways)
	if err != nil || got.Ladder != media.LadderAlways || got.LadderInForce != media.LadderAlways {
		t.Errorf("set to always: %q, %q, %v", got.Ladder, got.LadderInForce, err)
	}
	for _, c := range []struct {
		root    id.Root
		setting media.LadderSetting
		want    error
	}{
		{first.ID, "sometimes", library.ErrBadLadder},
		{"none", media.LadderNever, library.ErrRootNotFound},
	} {
		if _, err := h.SetLadder(t.Context(), c.root, c.setting); !errors.Is(err, c.want) {
			t.Errorf("SetLadder(%s, %s): %v, want %v", c.root, c.setting, err, c.want)
		}
	}
	settings, err := h.LadderSettings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := map[id.Root]media.LadderSetting{first.ID: media.LadderAlways, second.ID: media.LadderWhenWatched}
	if diff := cmp.Diff(want, settings); diff != "" {
		t.Errorf("in force (-want +got):\n%s", diff)
	}
	h.Build() // a restart of the server
	if again := h.roots(t)[0]; again.ID == first.ID && again.Ladder != media.LadderAlways {
		t.Errorf("after a restart it is %q", again.Ladder)
	}
	if got, err := h.SetLadder(t.Context(), first.ID, ""); err != nil || got.LadderInForce != media.LadderWhenWatched {
		t.Errorf("set to the default: %q, %v", got.LadderInForce, err)
	}
}

func TestLadderSettingsOfTheConfiguration(t *testing.T) {
	t.Parallel()
	h, first, second := twoFolders(t, func(o *scan.Options) {
		o.Ladder = media.LadderNever
		o.LadderSettings = map[string]media.LadderSetting{o.Roots[0]: media.LadderAlways}
	})
	if first.LadderInForce != media.LadderAlways || !first.LadderConfigured {
		t.Errorf("the configured folder has %q, configured %v", first.LadderInForce, first.LadderConfigured)
	}
	if second.LadderInForce != media.LadderNever || second.LadderConfigured {
		t.Errorf("the other one has %q, configured %v", second.LadderInForce, second.LadderConfigured)
	}
	if _, err := h.SetLadder(t.Context(), first.ID, media.LadderNever); !errors.Is(err, library.ErrLadderConfigured) {
		t.Errorf("changed here: %v", err)
	}
	if _, err := h.SetWatch(t.Context(), first.ID, scan.WatchOptions{Method: library.MethodPoll}); err != nil {
		t.Errorf("how it is watched is not configured: %v", err)
	}
}

// fileIn gives the known file at a path.
func (h *harness) fileIn(t *testing.T, path string) library.File {
	t.Helper()
	known, found := h.KnownAt(path)
	if !found {
		t.Fatalf("%s is not known", path)
	}
	f, err := h.Store.File(t.Context(), known.ID)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestRequestedLadders(t *testing.T) {
	t.Parallel()
	h, first, second := twoFolders(t, nil)
	ctx := context.WithoutCancel(t.Context())
	if _, err := h.SetLadder(ctx, first.ID, media.LadderNever); err != nil {
		t.Fatal(err)
	}
	heat, up := h.fileIn(t, h.Path("Heat (1995).mkv")), h.fileIn(t, filepath.Join(second.Path, "Up (2009).mkv"))
	check := func(f library.File, setting media.LadderSetting, wanted bool) {
		t.Helper()
		s, w, err := h.LadderOf(ctx, f.Fingerprint)
		if err != nil || s != setting || w != wanted {
			t.Errorf("%s: %q, wanted %v, %v; want %q and %v", f.Name(), s, w, err, setting, wanted)
		}
	}
	check(heat, media.LadderNever, false)
	check(up, media.LadderWhenWatched, false)

	if _, err := h.RequestLadders(ctx, first.ID); !errors.Is(err, library.ErrLadderNever) {
		t.Errorf("a folder that is never prepared: %v", err)
	}
	if _, err := h.RequestLadders(ctx, "none"); !errors.Is(err, library.ErrRootNotFound) {
		t.Errorf("no folder: %v", err)
	}
	if _, err := h.RequestLadder(ctx, heat.Title); !errors.Is(err, library.ErrLadderNever) {
		t.Errorf("a title in a folder that is never prepared: %v", err)
	}
	if _, err := h.RequestLadder(ctx, "none"); !errors.Is(err, library.ErrNoFile) {
		t.Errorf("a title without a file: %v", err)
	}
	check(heat, media.LadderNever, false)

	if prints, err := h.RequestLadder(ctx, up.Title); err != nil || len(prints) != 1 || prints[0] != up.Fingerprint {
		t.Errorf("a title: %v, %v", prints, err)
	}
	if n, err := h.RequestLadders(ctx, second.ID); err != nil || n != 1 {
		t.Errorf("a folder: %d, %v", n, err)
	}
	check(up, media.LadderWhenWatched, true)
	if err := h.WantLadder(ctx, heat.Fingerprint); err != nil {
		t.Fatal(err)
	}
	check(heat, media.LadderNever, true) // that a viewer needed it is known when the setting changes
}

func TestOneContentInTwoFoldersHasTheSettingThatAsksForMost(t *testing.T) {
	t.Parallel()
	h, first, second := twoFolders(t, nil)
	copied := filepath.Join(second.Path, "Heat again (1995).mkv")
	if err := os.WriteFile(copied, []byte("film heat"), 0o644); err != nil {
		t.Fatal(err)
	}
	h.Until("the copy", func() bool { _, known := h.KnownAt(copied); return known })
	heat := h.fileIn(t, h.Path("Heat (1995).mkv"))
	for _, c := range []struct{ first, second, want media.LadderSetting }{
		{media.LadderNever, media.LadderNever, media.LadderNever},
		{media.LadderNever, media.LadderAlways, media.LadderAlways},
		{media.LadderAlways, media.LadderWhenWatched, media.LadderAlways},
		{media.LadderNever, "", media.LadderWhenWatched},
	} {
		for root, setting := range map[id.Root]media.LadderSetting{first.ID: c.first, second.ID: c.second} {
			if _, err := h.SetLadder(t.Context(), root, setting); err != nil {
				t.Fatal(err)
			}
		}
		if got, _, err := h.LadderOf(t.Context(), heat.Fingerprint); err != nil || got != c.want {
			t.Errorf("%q and %q: %q, %v; want %q", c.first, c.second, got, err, c.want)
		}
	}
	if got, _, err := h.LadderOf(t.Context(), "a content that no file has"); err != nil || got != "" {
		t.Errorf("no file: %q, %v", got, err)
	}
}
