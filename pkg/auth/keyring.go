package auth

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"sync"
	"time"
)

// Purposes of keys: one key never signs two kinds of token.
const (
	Access = "access" // an Ed25519 seed, for access tokens
	Media  = "media"  // an HMAC-SHA256 key, for media tokens
)

// keyLength is the size of every secret in bytes: an Ed25519 seed (RFC 8032 section 5.1.5), and the output of SHA-256.
const keyLength = 32

// Keyring holds the keys of one purpose: the newest signs, all of them verify. The keys are random for each installation
// and live in its database.
type Keyring struct {
	purpose string
	store   Store
	clock   func() time.Time

	mu   sync.RWMutex
	keys []Key // newest first
}

// LoadKeys reads the keys of a purpose and makes the first one when there is none. clock nil = time.Now.
func LoadKeys(ctx context.Context, store Store, purpose string, clock func() time.Time) (*Keyring, error) {
	if clock == nil {
		clock = time.Now
	}
	k := &Keyring{purpose: purpose, store: store, clock: clock}
	if err := k.load(ctx); err != nil {
		return nil, err
	}
	if len(k.keys) == 0 {
		if err := k.Rotate(ctx); err != nil {
			return nil, err
		}
	}
	return k, nil
}

// Rotate makes a new key that signs from now on. Tokens of the older ones stay valid until they expire.
func (k *Keyring) Rotate(ctx context.Context) error {
	random := make([]byte, 4+keyLength)
	if _, err := rand.Read(random); err != nil {
		return fmt.Errorf("read random bytes: %w", err)
	}
	key := Key{ID: binary.BigEndian.Uint32(random), Purpose: k.purpose, Secret: random[4:], Created: k.clock()}
	if err := k.store.AddKey(ctx, key); err != nil {
		return fmt.Errorf("keep a new %s key: %w", k.purpose, err)
	}
	return k.load(ctx)
}

func (k *Keyring) load(ctx context.Context) error {
	keys, err := k.store.Keys(ctx, k.purpose)
	if err != nil {
		return fmt.Errorf("read the %s keys: %w", k.purpose, err)
	}
	for _, key := range keys {
		if len(key.Secret) != keyLength {
			return fmt.Errorf("%s key %08x has %d bytes, not %d", k.purpose, key.ID, len(key.Secret), keyLength)
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys = keys
	return nil
}

// current is the key that signs.
func (k *Keyring) current() Key {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.keys[0]
}

// at is the key that signed before a time: another one may sign since.
func (k *Keyring) at(t time.Time) Key {
	k.mu.RLock()
	defer k.mu.RUnlock()
	for _, key := range k.keys {
		if key.Created.Before(t) {
			return key
		}
	}
	return k.keys[len(k.keys)-1]
}

// find gives the key with that ID.
func (k *Keyring) find(x uint32) (Key, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	for _, key := range k.keys {
		if key.ID == x {
			return key, true
		}
	}
	return Key{}, false
}
