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
	"movify/pkg/blob/s3"
	"movify/pkg/blob/twin"
	"movify/pkg/config"
	"movify/pkg/keeper"
	"movify/pkg/store"
	"movify/player"
)

// homes opens the places that finished things can live in, and stands in front of the one that is lived in. It is the
// storage as the keeper and, for links, as the player sees it.
type homes struct {
	config config.Storage
	cache  string // folder; empty = nothing is cached
	kept   store.Storage
	disk   *disk.Store
	front  *twin.Front
	logger *slog.Logger

	mu     sync.Mutex
	bucket *bucket // nil until it is needed
	place  keeper.Place
}

var (
	_ keeper.Homes   = (*homes)(nil)
	_ player.Links   = (*homes)(nil)
	_ player.Cookies = (*homes)(nil)
)

// bucket is an open S3 home.
type bucket struct {
	settings bucketSettings
	bare     *s3.Store
	read     *cache.Store // as the product sees it; nil while nobody lives there
	links    player.Links // nil = by proxy
	origin   string       // of the addresses that links makes, "https://host:port"; "" until it was asked for
}

// openHomes lets everybody live where the records say.
func openHomes(ctx context.Context, c config.Storage, cache string, kept store.Storage, local *disk.Store, logger *slog.Logger) (*homes, error) {
	h := &homes{config: c, cache: cache, kept: kept, disk: local, front: twin.NewFront(local), logger: logger}
	p, err := kept.Place(ctx)
	if err == nil {
		_, err = h.Arrange(ctx, p)
	}
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

// Bare gives a home past its cache.
func (h *homes) Bare(ctx context.Context, x keeper.Home) (blob.Store, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if x == keeper.Disk {
		return h.disk, nil
	}
	b, err := h.open(ctx)
	if err != nil {
		return nil, err
	}
	return thrifty{b.bare}, nil
}

// open gives the bucket. The lock is held.
func (h *homes) open(ctx context.Context) (*bucket, error) {
	if h.bucket != nil {
		return h.bucket, nil
	}
	s, err := bucketOf(ctx, h.config.S3, h.kept)
	if err != nil {
		return nil, err
	}
	bare, err := s3.New(ctx, s.options(h.logger))
	if err != nil {
		return nil, err
	}
	b := &bucket{settings: s, bare: bare}
	if b.links, err = h.linksTo(b); err != nil {
		return nil, errors.Join(err, bare.Close())
	}
	h.bucket = b
	return b, nil
}

// linksTo gives what makes addresses of blobs, by the mode of delivery.
func (h *homes) linksTo(b *bucket) (player.Links, error) {
	c := h.config.CDN
	switch {
	case h.config.Delivery == "redirect":
		return b.bare, nil
	case h.config.Delivery != "cdn":
		return nil, nil
	case c.Kind == "":
		return nil, ErrNoCDN
	}
	o := s3.CDNOptions{
		URL: c.BaseURL, Prefix: b.settings.Prefix, Sign: s3.Signing(c.Kind), KeyPair: c.KeyID, KeyFile: c.KeyFile, CookieDomain: c.CookieDomain,
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

// Arrange makes everybody live as p says.
func (h *homes) Arrange(ctx context.Context, p keeper.Place) (keeper.Pair, error) {
	front, pair, err := h.arranged(ctx, p)
	if err != nil {
		return nil, err
	}
	if err := h.front.Set(ctx, front); err != nil || pair == nil {
		return nil, err
	}
	return pair, nil
}

// arranged builds what is to stand behind the front, and remembers that it does.
func (h *homes) arranged(ctx context.Context, p keeper.Place) (blob.Store, *twin.Store, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	b, err := h.inhabit(ctx, p)
	if err != nil {
		return nil, nil, err
	}
	// As the product sees a home, and past its cache.
	seen := func(x keeper.Home) (blob.Store, blob.Store) {
		if x == keeper.S3 {
			return b.read, b.bare
		}
		return h.disk, h.disk
	}
	h.place = p
	home, bareHome := seen(p.Home)
	switch {
	case p.Left != "":
		left, _ := seen(p.Left)
		return twin.Leaving(home, left), nil, nil
	case p.Target == "":
		return home, nil, nil
	}
	target, bareTarget := seen(p.Target)
	o := twin.Options{New: target, NewBare: bareTarget, Old: home, OldBare: bareHome}
	if p.Back {
		o = twin.Options{New: home, NewBare: bareHome, Old: target, OldBare: bareTarget, Prefer: twin.PreferNew}
	}
	pair := twin.New(o)
	return pair, pair, nil
}

// inhabit gives the bucket with its cache when p speaks of it; else what was cached of it is thrown away: what is written
// while nobody looks may be something else when everybody comes back. By then nobody reads there: a home that was left is
// spoken of until its grace is over. The lock is held.
func (h *homes) inhabit(ctx context.Context, p keeper.Place) (*bucket, error) {
	if p.Home != keeper.S3 && p.Target != keeper.S3 && p.Left != keeper.S3 {
		if h.bucket != nil && h.bucket.read != nil {
			if err := h.bucket.read.Close(); err != nil {
				return nil, err
			}
			h.bucket.read = nil
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
	if err != nil || b.read != nil {
		return b, err
	}
	size := int64(h.config.Cache)
	if h.cache == "" {
		size = 0
	}
	// A folder for each bucket: another one may have other bytes under the same keys.
	sum := sha256.Sum256([]byte(b.settings.place()))
	dir := filepath.Join(h.cache, hex.EncodeToString(sum[:8]))
	b.read, err = cache.New(cache.Options{Store: b.bare, Dir: dir, Bytes: size, Logger: h.logger})
	return b, err
}

// errProxied says that a blob has no address outside at the moment.
var errProxied = errors.New("what is played lives where no address leads")

// linked gives what makes addresses, while all that is played has one.
func (h *homes) linked() (player.Links, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.place.Home != keeper.S3 || h.place.Target != "" || h.bucket == nil || h.bucket.links == nil {
		return nil, errProxied
	}
	return h.bucket.links, nil
}

// Link gives an address of a blob. How long it lives is the operator's choice.
func (h *homes) Link(ctx context.Context, key string, _ time.Duration) (string, error) {
	l, err := h.linked()
	if err != nil {
		return "", err
	}
	return l.Link(ctx, key, h.config.LinkLife)
}

// Cookies gives what the address needs beside it.
func (h *homes) Cookies(ctx context.Context, prefix string, _ time.Duration) ([]*http.Cookie, error) {
	l, err := h.linked()
	if err != nil {
		return nil, err
	}
	if c, ok := l.(player.Cookies); ok {
		return c.Cookies(ctx, prefix, h.config.LinkLife)
	}
	return nil, nil
}

// links is what the player asks for addresses; nil when all bytes go through this server.
func (h *homes) links() player.Links {
	if h.config.Delivery == "proxy" {
		return nil
	}
	return h
}

// origins names where a page may be sent for media. The bucket is named while everything is elsewhere too: a page that is
// open outlives a move.
func (h *homes) origins() []string {
	if h.config.Delivery == "proxy" {
		return nil
	}
	ctx := context.Background() // a page waits for nothing: what is asked is in memory
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

// shared reports whether finished things live where other servers may read them too.
func (h *homes) shared() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.place.Home == keeper.S3 || h.place.Target == keeper.S3
}

// home is where finished things live; during a move, where they came from.
func (h *homes) home() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return string(h.place.Home)
}

// replace opens the bucket anew, with the settings that are in force by now. Nobody notices who lives there.
func (h *homes) replace(ctx context.Context) error {
	h.mu.Lock()
	old, p := h.bucket, h.place
	h.bucket = nil
	h.mu.Unlock()
	if _, err := h.Arrange(ctx, p); err != nil {
		return err
	}
	if old == nil {
		return nil
	}
	return old.bare.Close() // not the cache: somebody may still be reading what it fetches
}

// Close closes the bucket. The disk is the foundation's.
func (h *homes) Close() error {
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
	if b.read != nil {
		err = b.read.Close()
	}
	return errors.Join(err, b.bare.Close())
}
