package auth

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"movify/pkg/fault"
	"movify/pkg/id"
)

// Faults of API keys.
var (
	ErrNoKey    = fault.New(fault.NotFound, "api_key_not_found", "That API key does not exist.")
	ErrKeyScope = fault.New(fault.Invalid, "api_key_scope",
		"An API key may read, play or, for an administrator, administer.")
	ErrKeyName = fault.New(fault.Invalid, "api_key_name", "Please give the key a name of up to 80 characters.")
	ErrTooKeys = fault.New(fault.Conflict, "api_key_limit", "There are 50 keys already. Please end one first.")
)

// Scope is a group of operations that an API key permits. A key without the scope of an operation is refused, whatever the
// rights of its account.
type Scope string

// The scopes.
const (
	ScopeRead  Scope = "read"  // read the catalogue and the own lists
	ScopePlay  Scope = "play"  // play, and store progress
	ScopeAdmin Scope = "admin" // administrate
)

const (
	keyPrefix   = "mvf_" // so that scanners for leaked secrets recognise a key
	hintLength  = len(keyPrefix) + 4
	mostKeys    = 50
	keyNoteGap  = time.Minute // precision of the stored last use
	keyCacheFor = 10 * time.Second
)

// APIKey is a credential for a program. Only its hash is kept.
type APIKey struct {
	ID      id.SignIn // playbacks are begun with it as with a sign-in, and end with it
	Account id.Account
	Name    string
	Hash    string
	Hint    string // its first characters
	Scopes  []Scope
	Created time.Time
	Used    time.Time // zero = never
	Ended   time.Time // zero = it works
}

// keyCache caches API keys for a short time, so that a busy program does not read the database for each request.
type keyCache struct {
	mu   sync.Mutex
	keys map[string]cachedKey
}

type cachedKey struct {
	principal Principal
	until     time.Time
}

// MakeKey makes an API key of an account and gives its secret, of which only the hash is stored. The scope admin requires an
// administrator.
func (s *Service) MakeKey(
	ctx context.Context, by Principal, administers bool, name string, scopes []Scope,
) (secret string, k APIKey, err error) {
	name = strings.TrimSpace(name)
	if name == "" || len([]rune(name)) > 80 {
		return "", APIKey{}, ErrKeyName
	}
	if len(scopes) == 0 {
		return "", APIKey{}, ErrKeyScope
	}
	for _, x := range scopes {
		if x != ScopeRead && x != ScopePlay && (x != ScopeAdmin || !administers) {
			return "", APIKey{}, ErrKeyScope
		}
	}
	own, err := s.Keys(ctx, by.Account)
	if err != nil {
		return "", APIKey{}, err
	}
	if len(own) >= mostKeys {
		return "", APIKey{}, ErrTooKeys
	}
	now := s.opts.Clock()
	random, _, err := newRefresh(now)
	if err != nil {
		return "", APIKey{}, err
	}
	secret = keyPrefix + random
	scopes = slices.Compact(slices.Sorted(slices.Values(scopes)))
	k = APIKey{ID: id.New[id.SignIn](), Account: by.Account, Name: name, Hash: hashToken(secret),
		Hint: secret[:hintLength], Scopes: scopes, Created: now}
	if err := s.opts.Store.AddAPIKey(ctx, k); err != nil {
		return "", APIKey{}, fmt.Errorf("keep an API key: %w", err)
	}
	s.Note(ctx, Event{Kind: KeyMade, Account: by.Account, Detail: name})
	return secret, k, nil
}

// Keys lists the API keys of an account that work, oldest first.
func (s *Service) Keys(ctx context.Context, a id.Account) ([]APIKey, error) {
	out, err := s.opts.Store.APIKeys(ctx, a)
	if err != nil {
		return nil, fmt.Errorf("list API keys: %w", err)
	}
	return out, nil
}

// EndKey revokes an API key of an account and ends its playbacks, or gives ErrNoKey.
func (s *Service) EndKey(ctx context.Context, a id.Account, x id.SignIn) error {
	own, err := s.Keys(ctx, a)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(own, func(k APIKey) bool { return k.ID == x })
	if at < 0 {
		return ErrNoKey
	}
	if err := s.opts.Store.EndAPIKey(ctx, x, s.opts.Clock()); err != nil {
		return fmt.Errorf("keep the end of an API key: %w", err)
	}
	s.keys.mu.Lock()
	clear(s.keys.keys)
	s.keys.mu.Unlock()
	s.Note(ctx, Event{Kind: KeyEnded, Account: a, Detail: own[at].Name})
	return s.revoke(ctx, x)
}

// byKey gives the principal of an API key, or ErrExpired.
func (s *Service) byKey(ctx context.Context, secret string) (Principal, error) {
	now, hash := s.opts.Clock(), hashToken(secret)
	s.keys.mu.Lock()
	known, ok := s.keys.keys[hash]
	s.keys.mu.Unlock()
	if ok && now.Before(known.until) {
		return known.principal, nil
	}
	k, c, ok, err := s.opts.Store.APIKey(ctx, hash)
	if err != nil {
		return Principal{}, fmt.Errorf("read an API key: %w", err)
	}
	if !ok || !k.Ended.IsZero() {
		return Principal{}, ErrExpired
	}
	if now.Sub(k.Used) > keyNoteGap {
		if err := s.opts.Store.UseAPIKey(ctx, k.ID, now); err != nil {
			return Principal{}, fmt.Errorf("keep the use of an API key: %w", err)
		}
	}
	p := Principal{Account: c.Account, Profile: c.Profile, SignIn: k.ID, Role: c.Role, Scopes: k.Scopes}
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	if len(s.keys.keys) > 1000 || s.keys.keys == nil {
		s.keys.keys = make(map[string]cachedKey)
	}
	s.keys.keys[hash] = cachedKey{p, now.Add(keyCacheFor)}
	return p, nil
}
