package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/crypto/argon2"

	"movify/pkg/fault"
)

// Parameters of argon2id: the smallest that the OWASP cheat sheet recommends, as a NAS has little memory.
const (
	hashMemory  = 19 * 1024 // KiB
	hashTime    = 2
	hashThreads = 1
	hashLength  = 32 // bytes
	saltLength  = 16 // bytes
)

// Bounds on the parameters in a stored hash, so that a damaged one cannot exhaust memory.
const (
	maxMemory = 256 * 1024 // KiB
	maxTime   = 16
)

// Bounds on the calls that a Hasher holds, under way and waiting. A hash may take 300 ms on a small board, so that eight a
// core are done in under three seconds. With one core there are still places for a family that comes home.
const (
	placesPerSlot = 8
	fewestPlaces  = 16
)

// ErrBusy is returned at once when too many passwords wait to be hashed.
var ErrBusy = fault.New(fault.Unavailable, "sign_in_busy",
	"The server is checking many passwords at the moment. Please try again in a few seconds.")

// Hasher hashes and verifies passwords with argon2id. A hash takes 19 MiB and tens of milliseconds, so a semaphore limits
// concurrent ones to the number of cores. Further calls wait in the order in which they came, up to a number of places in
// all. A source (the network of a sign-in, the account of a PIN, all registrations) has at most half of the places and of
// the cores, so that a flood of wrong passwords from one network makes nobody else wait for long. Calls without a place
// give ErrBusy.
type Hasher struct {
	slots  chan struct{}
	places int

	mu      sync.Mutex
	taken   int // places of all sources
	sources map[string]*hashSource
}

// hashSource is the calls of one source.
type hashSource struct {
	places int
	slots  chan struct{}
}

// NewHasher builds a Hasher.
func NewHasher() *Hasher {
	slots := max(1, runtime.NumCPU())
	return &Hasher{
		slots: make(chan struct{}, slots), places: max(fewestPlaces, placesPerSlot*slots),
		sources: make(map[string]*hashSource),
	}
}

// Hash gives the PHC string of a password, "$argon2id$v=19$m=…,t=…,p=…$salt$hash". It ends early with ctx. With too many
// calls of the source under way it gives ErrBusy.
func (h *Hasher) Hash(ctx context.Context, source, password string) (string, error) {
	salt := make([]byte, saltLength)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("read random bytes: %w", err)
	}
	p := phc{memory: hashMemory, time: hashTime, threads: hashThreads, salt: salt}
	place, err := h.enter(source)
	if err != nil {
		return "", err
	}
	defer place.leave()
	sum, err := place.derive(ctx, password, p, hashLength)
	if err != nil {
		return "", err
	}
	p.hash = sum
	return p.String(), nil
}

// Verify reports whether a password matches a PHC string. It ends early with ctx. With too many calls of the
// source under way it gives ErrBusy. After an error the password was not looked at.
func (h *Hasher) Verify(ctx context.Context, source, password, stored string) (bool, error) {
	place, err := h.enter(source)
	if err != nil {
		return false, err
	}
	defer place.leave()
	return place.verify(ctx, password, stored)
}

// hashPlace is the right of a source to one hash at a time.
type hashPlace struct {
	hasher *Hasher
	source string
	own    *hashSource
}

// enter takes a place for a source until it leaves, or gives ErrBusy.
func (h *Hasher) enter(source string) (*hashPlace, error) {
	own := h.take(source)
	if own == nil {
		return nil, ErrBusy
	}
	return &hashPlace{h, source, own}, nil
}

func (p *hashPlace) leave() { p.hasher.giveBack(p.source) }

// verify is Hasher.Verify for the holder of a place.
func (p *hashPlace) verify(ctx context.Context, password, stored string) (bool, error) {
	h, err := parsePHC(stored)
	if err != nil {
		return false, err
	}
	sum, err := p.derive(ctx, password, h, len(h.hash))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(sum, h.hash) == 1, nil
}

// dummyHash is a hash that no password matches: verifying it takes the time of a real one, when there is no account.
func dummyHash() string {
	return phc{memory: hashMemory, time: hashTime, threads: hashThreads,
		salt: make([]byte, saltLength), hash: make([]byte, hashLength)}.String()
}

func (p *hashPlace) derive(ctx context.Context, password string, h phc, length int) ([]byte, error) {
	// Its own first: who waits for that waits in nobody's way.
	for _, slots := range []chan struct{}{p.own.slots, p.hasher.slots} {
		select {
		case slots <- struct{}{}:
			defer func() { <-slots }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return argon2.IDKey([]byte(password), h.salt, h.time, h.memory, h.threads, uint32(length)), nil
}

// take gives a place to a call of a source, or nil.
func (h *Hasher) take(source string) *hashSource {
	h.mu.Lock()
	defer h.mu.Unlock()
	own := h.sources[source]
	if own == nil {
		own = &hashSource{slots: make(chan struct{}, max(1, cap(h.slots)/2))}
	}
	if h.taken >= h.places || own.places >= h.places/2 {
		return nil
	}
	h.sources[source] = own
	h.taken++
	own.places++
	return own
}

// giveBack ends what take began.
func (h *Hasher) giveBack(source string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.taken--
	if h.sources[source].places--; h.sources[source].places == 0 {
		delete(h.sources, source)
	}
}

// phc is a password hash in the string format of the Password Hashing Competition.
type phc struct {
	memory, time uint32
	threads      uint8
	salt, hash   []byte
}

// String writes the hash.
func (p phc) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.memory, p.time, p.threads,
		base64.RawStdEncoding.EncodeToString(p.salt), base64.RawStdEncoding.EncodeToString(p.hash))
}

var errHash = errors.New("a stored password hash cannot be read")

func parsePHC(s string) (phc, error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return phc{}, errHash
	}
	var p phc
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.time, &p.threads); err != nil || n != 3 {
		return phc{}, errHash
	}
	if p.memory == 0 || p.memory > maxMemory || p.time == 0 || p.time > maxTime || p.threads == 0 {
		return phc{}, errHash
	}
	var errSalt, errSum error
	p.salt, errSalt = base64.RawStdEncoding.DecodeString(parts[4])
	p.hash, errSum = base64.RawStdEncoding.DecodeString(parts[5])
	if errSalt != nil || errSum != nil || len(p.salt) < 8 || len(p.hash) < 16 || len(p.hash) > 128 {
		return phc{}, errHash
	}
	return p, nil
}
