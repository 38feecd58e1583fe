// Package event carries notices: small, lossy hints that something changed. A subscriber reads the changed data from
// its store, also when it polls without a notice. No notice carries data that exists nowhere else.
package event

import (
	"sync"

	"movify/pkg/id"
)

// Topic names a family of notices.
type Topic string

// The topics that exist.
const (
	Library Topic = "library" // titles were added, changed or removed; a scan made progress
	Jobs    Topic = "jobs"    // encoding made progress
	Session Topic = "session" // a playback started, stopped or was stopped
	Viewer  Topic = "viewer"  // the progress, list, ratings or searches of a profile changed, or the streams of an account
	Storage Topic = "storage" // a storage move or a garbage collection made progress
)

// Notice is one hint. Kind and IDs are enough to decide what to read again.
type Notice struct {
	Topic Topic
	Kind  string            // "title", "scan", "progress", …
	IDs   map[string]string // "title", "file", "asset" → id; never secrets
	For   Addressee         // the receivers
}

// Addressee limits the receivers of a notice: all, one account, or one profile of it. An empty field does not limit.
type Addressee struct {
	Account id.Account
	Profile id.Profile
}

// Includes reports whether v receives the notice.
func (a Addressee) Includes(v id.Viewer) bool {
	return (a.Account == "" || a.Account == v.Account) && (a.Profile == "" || a.Profile == v.Profile)
}

// Bus distributes notices inside one process. The zero value is ready.
type Bus struct {
	mu   sync.Mutex
	subs map[chan Notice]struct{}
}

// Publish offers n to every subscriber; one whose buffer is full misses it.
func (b *Bus) Publish(n Notice) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.subs {
		select {
		case c <- n:
		default:
		}
	}
}

// Subscribe returns a channel of notices from now on and a function that ends the subscription and closes the channel;
// it may be called more than once.
func (b *Bus) Subscribe() (<-chan Notice, func()) {
	c := make(chan Notice, 64)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.subs == nil {
		b.subs = make(map[chan Notice]struct{})
	}
	b.subs[c] = struct{}{}
	var once sync.Once
	return c, func() {
		once.Do(func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			delete(b.subs, c)
			close(c)
		})
	}
}
