package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"movify/pkg/blob"
	"movify/pkg/blob/cache"
	"movify/pkg/blob/disk"
	"movify/pkg/blob/migrate"
	"movify/pkg/blob/s3"
	"movify/pkg/config"
	"movify/pkg/storage"
	"movify/pkg/store"
	"movify/player"
)

// backends opens the backends of finished blobs and decides which of them the product reads and writes. It meets the
// ports of pkg/storage and, for links, of the player.
type backends struct {
	config     config.Storage
	cache      string // folder; empty = nothing is cached
	store      store.Storage
	disk       *disk.Store
	switchable *migrate.Switchable
	logger     *slog.Logger

	mu     sync.Mutex
	bucket *bucket // nil until it is opened
	layout storage.Layout
}

var (
	_ storage.Backends = (*backends)(nil)
	_ player.Links     = (*backends)(nil)
	_ player.Cookies   = (*backends)(nil)
)

// bucket is an open S3 backend.
type bucket struct {
	settings bucketSettings
	uncached *s3.Store
	cached   *cache.Store // read by the product; nil while the layout does not name S3
	links    player.Links // nil when bytes are proxied
	origin   string       // of the URLs that links makes, "https://host:port"; "" until the first request for it
}

// openBackends opens the backends and switches to the recorded layout.
func openBackends(
	ctx context.Context, c config.Storage, cache string, records store.Storage, local *disk.Store, logger *slog.Logger,
) (*backends, error) {
	h := &backends{
		config: c, cache: cache, store: records, disk: local, switchable: migrate.NewSwitchable(local), logger: logger,
	}
	p, err := records.Layout(ctx)
	if err == nil {
		_, err = h.Switch(ctx, p)
	}
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

// Uncached returns a backend without the read cache.
func (h *backends) Uncached(ctx context.Context, x storage.Backend) (blob.Store, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if x == storage.Disk {
		return h.disk, nil
	}
	b, err := h.open(ctx)
	if err != nil {
		return nil, err
	}
	return abortableUploads{b.uncached}, nil
}

// open returns the bucket, opening it at the first call. The caller holds mu.
func (h *backends) open(ctx context.Context) (*bucket, error) {
	if h.bucket != nil {
		return h.bucket, nil
	}
	s, err := bucketOf(ctx, h.config.S3, h.store)
	if err != nil {
		return nil, err
	}
	engine, err := s3.New(ctx, s.options(h.logger))
	if err != nil {
		return nil, err
	}
	b := &bucket{settings: s, uncached: engine}
	if b.links, err = h.linksTo(b); err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	h.bucket = b
	return b, nil
}

// linksTo returns the maker of URLs for the mode of delivery; nil when bytes are proxied.
func (h *backends) linksTo(b *bucket) (player.Links, error) {
	c := h.config.CDN
	switch {
	case h.config.Delivery == "redirect":
		return b.uncached, nil
	case h.config.Delivery != "cdn":
		return nil, nil
	case c.Kind == "":
		return nil, ErrNoCDN
	}
	o := s3.CDNOptions{
		URL: c.BaseURL, Prefix: b.settings.Prefix, Sign: s3.Signing(c.Kind), KeyPair: c.KeyID, KeyFile: c.KeyFile,
		CookieDomain: c.CookieDomain,
	}
	if c.SecretFile != "" {
		secret, err := readSecret("storage.cdn.secret_file", c.SecretFile)
		if err != nil {
			return nil, err
		}
		o.Secret = s3.Secret(secret)
	}
	cdn, err := s3.NewCDN(o)
	if err != nil {
		return nil, err
	}
	return cdn, nil
}

// Switch makes all reads and writes follow p.
func (h *backends) Switch(ctx context.Context, p storage.Layout) (storage.Copier, error) {
	next, pair, err := h.buildLayout(ctx, p)
	if err != nil {
		return nil, err
	}
	if err := h.switchable.Replace(ctx, next); err != nil || pair == nil {
		return nil, err
	}
	return pair, nil
}

// buildLayout builds the store for a layout and records the layout as the one in use.
func (h *backends) buildLayout(ctx context.Context, p storage.Layout) (blob.Store, *migrate.Store, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	b, err := h.bucketFor(ctx, p)
	if err != nil {
		return nil, nil, err
	}
	// A backend as the product reads it, and without its cache.
	opened := func(x storage.Backend) (blob.Store, blob.Store) {
		if x == storage.S3 {
			return b.cached, b.uncached
		}
		return h.disk, h.disk
	}
	h.layout = p
	current, currentUncached := opened(p.Backend)
	switch {
	case p.Retired != "":
		retired, _ := opened(p.Retired)
		return migrate.DeleteFromBoth(current, retired), nil, nil
	case p.Target == "":
		return current, nil, nil
	}
	target, targetUncached := opened(p.Target)
	o := migrate.Options{New: target, NewUncached: targetUncached, Old: current, OldUncached: currentUncached}
	if p.Rollback {
		o = migrate.Options{
			New: current, NewUncached: currentUncached, Old: target, OldUncached: targetUncached, Prefer: migrate.PreferNew,
		}
	}
	pair := migrate.New(o)
	return pair, pair, nil
}

// bucketFor returns the bucket with its read cache when p names S3. Otherwise it deletes the cache: keys that are
// deleted and written again while S3 is not in use may have other bytes later. By then nothing reads there: a retired
// backend is named in the layout until its links have expired. The caller holds mu.
func (h *backends) bucketFor(ctx context.Context, p storage.Layout) (*bucket, error) {
	if p.Backend != storage.S3 && p.Target != storage.S3 && p.Retired != storage.S3 {
		if h.bucket != nil && h.bucket.cached != nil {
			if err := h.bucket.cached.Close(); err != nil {
				return nil, err
			}
			h.bucket.cached = nil
		}
		if h.cache == "" {
			return nil, nil
		}
		if err := os.RemoveAll(h.cache); err != nil {
			return nil, fmt.Errorf("empty the cache: %w", err)
		}
		return nil, nil
	}
	b, err := h.open(ctx)
	if err != nil || b.cached != nil {
		return b, err
	}
	size := int64(h.config.Cache)
	if h.cache == "" {
		size = 0
	}
	// A folder for each bucket: another bucket may have other bytes under the same keys.
	sum := sha256.Sum256([]byte(b.settings.location()))
	dir := filepath.Join(h.cache, hex.EncodeToString(sum[:8]))
	b.cached, err = cache.New(cache.Options{Store: b.uncached, Dir: dir, Bytes: size, Logger: h.logger})
	return b, err
}

// linksInUse returns the maker of URLs while all finished blobs are in S3 alone; else nil.
func (h *backends) linksInUse() player.Links {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.layout.Backend != storage.S3 || h.layout.Target != "" || h.bucket == nil {
		return nil
	}
	return h.bucket.links
}

// Link returns a URL of a blob, or "". Its life is the operator's setting.
func (h *backends) Link(ctx context.Context, key string, _ time.Duration) (string, error) {
	l := h.linksInUse()
	if l == nil {
		return "", nil
	}
	return l.Link(ctx, key, h.config.LinkLife)
}

// Cookies returns the cookies that the URL needs.
func (h *backends) Cookies(ctx context.Context, prefix string, _ time.Duration) ([]*http.Cookie, error) {
	if c, ok := h.linksInUse().(player.Cookies); ok {
		return c.Cookies(ctx, prefix, h.config.LinkLife)
	}
	return nil, nil
}

// links is the maker of URLs for the player; nil when all bytes are proxied.
func (h *backends) links() player.Links {
	if h.config.Delivery == "proxy" {
		return nil
	}
	return h
}

// origins lists the origins that a page may load media from. The bucket's origin is listed also before a move to S3: a
// page stays open during a move.
func (h *backends) origins() []string {
	if h.config.Delivery == "proxy" {
		return nil
	}
	ctx := context.Background() // no request is sent: the answer is in memory
	h.mu.Lock()
	defer h.mu.Unlock()
	b, err := h.open(ctx)
	if err != nil || b.links == nil {
		return nil
	}
	if b.origin == "" {
		at, err := b.links.Link(ctx, "origin", time.Minute)
		if err != nil {
			return nil
		}
		u, err := url.Parse(at)
		if err != nil {
			return nil
		}
		b.origin = u.Scheme + "://" + u.Host
	}
	return []string{b.origin}
}

// shared reports whether finished blobs are where other servers can read them too.
func (h *backends) shared() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.layout.Backend == storage.S3 || h.layout.Target == storage.S3
}

// backend names the backend of finished blobs; during a move, the one they are copied from.
func (h *backends) backend() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return string(h.layout.Backend)
}

// reopenBucket opens the bucket again with the settings now in force. Reads and writes go on.
func (h *backends) reopenBucket(ctx context.Context) error {
	h.mu.Lock()
	old, p := h.bucket, h.layout
	h.bucket = nil
	h.mu.Unlock()
	if _, err := h.Switch(ctx, p); err != nil {
		return err
	}
	if old == nil {
		return nil
	}
	return old.uncached.Close() // not the cache: open objects may still be read from a fetch
}

// Close closes the bucket. The disk is closed by dataDir.
func (h *backends) Close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.bucket == nil {
		return nil
	}
	return h.bucket.Close()
}

// Close closes the cache, then the engine.
func (b *bucket) Close() error {
	var err error
	if b.cached != nil {
		err = b.cached.Close()
	}
	return errors.Join(err, b.uncached.Close())
}
