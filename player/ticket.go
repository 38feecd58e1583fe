package player

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// goesOn is how long ago the last media request of a player may be that does not know how to change its token: native HLS
// and cast devices keep the URL they were given. As long as one asks on, its token works beyond its minutes.
const goesOn = 2 * time.Minute

// warnEvery is how long a session is silent to the Alarm after a refused request: a player asks many times.
const warnEvery = 10 * time.Minute

// Device is where a media request came from.
type Device struct {
	Address string // IP address; of IPv6 the network of 64 bits, which one household has (RFC 6177)
	Agent   string // User-Agent
}

// Incident is what an Alarm is told.
type Incident struct {
	Kind    IncidentKind
	Session Session
	Name    string // of the title
	Device  Device // which asked
}

// IncidentKind tells incidents apart.
type IncidentKind string

// The kinds of incident.
const (
	TokenElsewhere IncidentKind = "token_elsewhere" // a token was shown by a second device: it is dead now
	MediaRefused   IncidentKind = "media_refused"   // a token was shown that was ours and does not work any more
)

// Alarm hears of tokens that may be in the wrong hands. It is called on the way of a refusal, at most once for a token that
// dies and once in ten minutes for a session that is refused.
type Alarm interface {
	Raise(ctx context.Context, i Incident)
}

// errElsewhere is ErrToken for a token that another device has shown before.
var errElsewhere = errors.New("the token belongs to another device")

// ticket is a token that was shown: the first device to show it owns it.
type ticket struct {
	owner Device
	seen  time.Time // the last request with it
	dead  bool      // another device has shown it
}

// tickets are the tokens of a session that were shown, by when they expire in Unix seconds: no two expire alike.
type tickets struct {
	issued int64 // the last that was handed out
	newest int64 // the latest to expire that was shown
	shown  map[int64]*ticket
}

// issue gives the expiry of a new token: no later than the session's own, and later than that of the token before.
func (l *live) issue(now time.Time, life time.Duration) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	expires := now.Add(life)
	if expires.After(l.session.Expires) {
		expires = l.session.Expires
	}
	l.tickets.issued = max(expires.Unix(), l.tickets.issued+1)
	return time.Unix(l.tickets.issued, 0).UTC()
}

// show decides whether a device may use the token of a session that expires at a time. The first device to show it owns it,
// and in the hands of a second it dies: then its owner has to ask for another, which the second cannot. Beyond its
// minutes it works for its owner only, while that goes on asking and has not been given a newer one.
func (l *live) show(expires time.Time, d Device, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.session.Ended.IsZero() {
		return ErrEnded
	}
	ts, key, expired := &l.tickets, expires.Unix(), !now.Before(expires)
	t := ts.shown[key]
	switch {
	case t == nil && expired, t != nil && t.dead:
		return ErrToken
	case t == nil:
		t = &ticket{owner: d}
		if ts.shown == nil {
			ts.shown = make(map[int64]*ticket)
		}
		ts.shown[key] = t
		ts.renewed(key, now)
	case t.owner != d:
		t.dead = true
		return ErrToken.Because(errElsewhere)
	case expired && (key < ts.newest || now.Sub(t.seen) >= goesOn):
		return ErrToken
	}
	t.seen = now
	return nil
}

// renewed notes that a token was shown for the first time, and forgets those that cannot work any more.
func (ts *tickets) renewed(key int64, now time.Time) {
	ts.newest = max(ts.newest, key)
	for old := range ts.shown {
		if old < ts.newest && old <= now.Unix() {
			delete(ts.shown, old)
		}
	}
}

// refused tells the Alarm of a genuine token that does not work, and gives the error back.
func (h mediaHandler) refused(r *http.Request, l *live, err error) error {
	if h.opts.Alarm == nil {
		return err
	}
	kind, now := TokenElsewhere, h.opts.Clock()
	if !errors.Is(err, errElsewhere) {
		if !errors.Is(err, ErrToken) && !errors.Is(err, ErrEnded) || !l.warn(now) {
			return err
		}
		kind = MediaRefused
	}
	h.opts.Alarm.Raise(r.Context(), Incident{Kind: kind, Session: l.snapshot(), Name: l.name, Device: h.device(r)})
	return err
}

// warn reports whether it is time to tell of a refused request again.
func (l *live) warn(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.warned.IsZero() && now.Sub(l.warned) < warnEvery {
		return false
	}
	l.warned = now
	return true
}

// device tells where a request came from.
func (h mediaHandler) device(r *http.Request) Device {
	agent := r.UserAgent()
	return Device{Address: household(h.opts.Address(r)), Agent: agent[:min(agentLength, len(agent))]}
}

// household is an address as a device is told by: one that moves inside its IPv6 network, as privacy extensions make it
// do (RFC 8981), is the same device.
func household(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil || a.Unmap().Is4() {
		return address
	}
	network, err := a.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return network.Masked().String()
}

// peer is the address at the other end of the connection.
func peer(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
