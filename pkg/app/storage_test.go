package app

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/api"
	"movify/pkg/blob"
	"movify/pkg/blob/s3/s3test"
	"movify/pkg/config"
	"movify/pkg/id"
	"movify/pkg/storage"
	"movify/pkg/store"
	"movify/player"
)

// openStorage opens the storage of a data folder.
func openStorage(t *testing.T, dir string, change func(*config.Config)) *storageFacade {
	t.Helper()
	c := config.Default()
	c.Data.Dir, c.Storage.LinkLife = dir, time.Second
	if change != nil {
		change(&c)
	}
	f, err := openDataDir(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return &storageFacade{dataDir: f, service: f.newStorage(nil, nil)}
}

func requestFor(g *s3test.Server, bucket string) api.S3Settings {
	return api.S3Settings{
		Endpoint: g.Endpoint, Region: g.Region, Bucket: bucket, PathStyle: "true", AccessKey: g.AccessKey,
		SecretKey: g.SecretKey,
	}
}

// inConfig is the same in the configuration.
func inConfig(g *s3test.Server, bucket string) func(*config.Config) {
	return func(c *config.Config) {
		c.Storage.S3 = config.S3{
			Endpoint: g.Endpoint, Region: g.Region, Bucket: bucket, PathStyle: "true", AccessKey: g.AccessKey,
			SecretKey: config.Secret(g.SecretKey),
		}
	}
}

func (h *storageFacade) moveNow(t *testing.T, to string) {
	t.Helper()
	if _, err := h.MoveStorage(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	if err := h.service.RunPending(t.Context()); err != nil {
		t.Fatal(err)
	}
	s, err := h.Storage(t.Context())
	if err != nil || s.Home != to || s.Task.State != "done" {
		t.Fatalf("after the move: %+v, %v", s, err)
	}
}

func TestBucketOfTheAdminPage(t *testing.T) {
	t.Parallel()
	g := s3test.Start(t)
	first, second := g.NewBucket(t), g.NewBucket(t)
	h := openStorage(t, t.TempDir(), nil)
	ctx := t.Context()

	if _, err := h.CheckStorage(ctx, nil); !errors.Is(err, ErrNoS3) {
		t.Errorf("check of no bucket: %v", err)
	}
	if _, err := h.MoveStorage(ctx, "s3"); !errors.Is(err, ErrNoS3) {
		t.Errorf("move to no bucket: %v", err)
	}
	wrong := requestFor(g, first)
	wrong.SecretKey = "wrong"
	var refusal *api.StorageRefusal
	if _, err := h.SaveS3(ctx, wrong); !errors.As(err, &refusal) || !errors.Is(err, ErrS3Check) ||
		len(refusal.Items) == 0 {
		t.Fatalf("a wrong secret: %v", err)
	}
	saved, err := h.SaveS3(ctx, requestFor(g, first))
	if err != nil {
		t.Fatal(err)
	}
	want := &api.SavedS3{
		Endpoint: g.Endpoint, Region: g.Region, Bucket: first, PathStyle: "true", AccessKey: g.AccessKey, From: "saved",
		Delivery: "proxy",
	}
	if diff := cmp.Diff(want, saved.S3); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	again := requestFor(g, second)
	again.SecretKey = "" // the page does not know it
	if _, err := h.SaveS3(ctx, again); err != nil {
		t.Errorf("another bucket by the same secret: %v", err)
	}
	elsewhere := again
	elsewhere.Endpoint = "http://127.0.0.1:1"
	if s, err := h.settings(ctx, &elsewhere); err != nil || s.SecretKey != "" {
		t.Errorf("the saved secret would go to another server: %q, %v", s.SecretKey, err)
	}

	if err := h.blobs.Put(ctx, "art/a/still-480.webp", []byte("picture")); err != nil {
		t.Fatal(err)
	}
	h.moveNow(t, "s3")
	if got, err := blob.ReadAll(ctx, h.blobs, "art/a/still-480.webp"); err != nil || string(got) != "picture" {
		t.Errorf("after the move: %q, %v", got, err)
	}
	if f := examineStorage(ctx, h.config); f.Verdict != Fine || !strings.Contains(f.Words, second) {
		t.Errorf("doctor: %+v", f)
	}
	if err := h.ForgetS3(ctx); !errors.Is(err, ErrS3InUse) {
		t.Errorf("forget the bucket that is lived in: %v", err)
	}
	if _, err := h.SaveS3(ctx, requestFor(g, first)); !errors.Is(err, ErrS3InUse) {
		t.Errorf("another bucket while living in one: %v", err)
	}
	if _, err := h.SaveS3(ctx, again); err != nil {
		t.Errorf("the same bucket again: %v", err)
	}
	if got, err := blob.ReadAll(ctx, h.blobs, "art/a/still-480.webp"); err != nil || string(got) != "picture" {
		t.Errorf("after new credentials: %q, %v", got, err)
	}
	if _, err := h.MoveStorage(ctx, "s3"); !errors.Is(err, storage.ErrAlreadyThere) {
		t.Errorf("move home: %v", err)
	}
	h.moveNow(t, "disk")
	if err := h.ForgetS3(ctx); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(h.path(cacheName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the cache of a bucket that nobody lives in: %v", err)
	}
}

func TestConfigurationSaysWhichBucket(t *testing.T) {
	t.Parallel()
	g := s3test.Start(t)
	bucket := g.NewBucket(t)
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte(g.SecretKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h := openStorage(t, t.TempDir(), func(c *config.Config) {
		inConfig(g, bucket)(c)
		c.Storage.S3.SecretKey, c.Storage.S3.SecretKeyFile, c.Storage.Engine = "", file, "s3"
	})
	s, err := h.Storage(t.Context())
	if err != nil || s.Home != "s3" || s.Engine != "s3" || s.S3.From != "config" || s.Task != nil {
		t.Errorf("a new server: %+v, %v", s, err)
	}
	if c, err := h.CheckStorage(t.Context(), nil); err != nil || !c.OK {
		t.Errorf("check: %+v, %v", c, err)
	}
	if _, err := h.SaveS3(t.Context(), requestFor(g, bucket)); !errors.Is(err, ErrS3Configured) {
		t.Errorf("save: %v", err)
	}
	if err := h.ForgetS3(t.Context()); !errors.Is(err, ErrS3Configured) {
		t.Errorf("forget: %v", err)
	}
	if _, err := h.MoveStorage(t.Context(), "disk"); !errors.Is(err, ErrEngineFixed) {
		t.Errorf("move away: %v", err)
	}
}

// storage.engine starts the move of existing blobs.
func TestTheConfiguredEngineIsApplied(t *testing.T) {
	t.Parallel()
	g := s3test.Start(t)
	bucket, dir := g.NewBucket(t), t.TempDir()
	h := openStorage(t, dir, inConfig(g, bucket))
	if err := h.blobs.Put(t.Context(), "k", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := h.applyConfiguredEngine(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := h.db.Storage().Last(t.Context()); !errors.Is(err, storage.ErrNoTask) {
		t.Errorf("nobody demanded anything: %v", err)
	}
	h.config.Storage.Engine = "s3"
	for range 2 {
		if err := h.applyConfiguredEngine(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.service.RunPending(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := g.Files(t, bucket); len(got) != 1 || got[0] != "k" {
		t.Errorf("the bucket holds %q", got)
	}
	if err := h.applyConfiguredEngine(t.Context()); err != nil {
		t.Errorf("at home: %v", err)
	}
}

// getBytes requests an address outside the server.
func getBytes(t *testing.T, address string) (status int, data []byte) {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if data, err = io.ReadAll(res.Body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, data
}

func TestLinks(t *testing.T) {
	t.Parallel()
	g := s3test.Start(t)
	bucket := g.NewBucket(t)
	h := openStorage(t, t.TempDir(), func(c *config.Config) { inConfig(g, bucket)(c); c.Storage.Delivery = "redirect" })
	links := h.backends.links()
	if err := h.blobs.Put(t.Context(), "v1/a/b/c/all.mp4", []byte("film")); err != nil {
		t.Fatal(err)
	}
	if at, err := links.Link(t.Context(), "v1/a/b/c/all.mp4", time.Minute); at != "" || err != nil {
		t.Errorf("a link to the disk: %q, %v; want none, which is no failure", at, err)
	}
	if diff := cmp.Diff([]string{g.Endpoint}, h.backends.origins()); diff != "" {
		t.Errorf("origins (-want +got):\n%s", diff)
	}
	h.moveNow(t, "s3")
	// The longer the machine takes from making a link to using it, the likelier it has expired: then another one is made.
	for tries := 1; ; tries++ {
		at, err := links.Link(t.Context(), "v1/a/b/c/all.mp4", time.Minute)
		if err != nil || !strings.Contains(at, "X-Amz-Expires=1&") {
			t.Fatalf("link %s, %v; want one that lives as long as is configured", at, err)
		}
		status, data := getBytes(t, at)
		if status == http.StatusOK && string(data) == "film" {
			break
		}
		if status != http.StatusForbidden || tries == 30 {
			t.Fatalf("by link %d: %d %q", tries, status, data)
		}
	}
	if proxied := openStorage(t, t.TempDir(), nil); proxied.backends.links() != nil || proxied.backends.origins() != nil {
		t.Error("links although everything goes through this server")
	}
	c := config.Default()
	inConfig(g, bucket)(&c)
	c.Data.Dir, c.Storage.Delivery, c.Storage.Engine = t.TempDir(), "cdn", "s3"
	if _, err := openDataDir(t.Context(), c, slog.New(slog.DiscardHandler)); !errors.Is(err, ErrNoCDN) {
		t.Errorf("cdn without one: %v", err)
	}
}

func TestReferences(t *testing.T) {
	t.Parallel()
	h := openStorage(t, t.TempDir(), nil)
	now := time.Now()
	for name, s := range map[string]player.Session{
		"watched": {Expires: now.Add(time.Hour)}, "ended": {Expires: now.Add(time.Hour), Ended: now},
		"expired": {Expires: now.Add(-time.Hour)},
	} {
		s.ID, s.Asset, s.Started = id.Session(name), id.Asset(name), now
		if err := h.db.Player().AddSession(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	n, err := referenceSource{store: h.db.Storage()}.References(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[id.Asset]bool{"watched": true}, n.InUse); diff != "" || n.Policy == "" {
		t.Errorf("policy %q, in use (-want +got):\n%s", n.Policy, diff)
	}
}

func TestGuest(t *testing.T) {
	t.Parallel()
	h := openStorage(t, t.TempDir(), nil)
	db, err := store.Open(t.Context(), store.Options{Path: h.path(databaseName), Guest: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	_, err = store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), databaseName), Guest: true})
	if !errors.Is(err, store.ErrOlder) {
		t.Errorf("a guest where nothing is: %v", err)
	}
}
