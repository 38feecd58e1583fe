package player

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// tokenIdleGrace is how long an expired token goes on working after its last media request: native HLS players and cast
// devices keep the URL they were given and cannot rotate the token in it.
const tokenIdleGrace = 2 * time.Minute

// warnEvery is the least time between two incidents of one session for refused requests: a player retries many times.
const warnEvery = 10 * time.Minute

// Device is where a media request came from.
type Device struct {
	Address string // IP address; for IPv6 the network of 64 bits, which one household has (RFC 6177)
	Agent   string // User-Agent
}

// Incident is a media token in use by a second device, or after its end.
type Incident struct {
	Kind    IncidentKind
	Session Session
	Name    string // of the title
	Device  Device // which asked
}

// IncidentKind is the kind of an Incident.
type IncidentKind string

// The kinds of incident.
const (
	TokenElsewhere IncidentKind = "token_elsewhere" // a token was presented by a second device: it is revoked now
	MediaRefused   IncidentKind = "media_refused"   // a genuine token was presented that does not work any more
)

// IncidentReporter receives incidents: tokens that may be stolen. Report is called while a request is refused, at most
// once for a token that is revoked and once in ten minutes for a session that is refused.
type IncidentReporter interface {
	Report(ctx context.Context, i Incident)
}

// errElsewhere is ErrToken for a token that is bound to another device.
var errElsewhere = errors.New("the token belongs to another device")

// tokenBinding binds a media token to the first device that presented it.
type tokenBinding struct {
	owner Device
	seen  time.Time // the last request with it
	dead  bool      // revoked: another device has presented it
}

// tokenBindings are the bindings of a session's tokens, by their expiry in Unix seconds: no two tokens expire alike.
type tokenBindings struct {
	issued int64 // expiry of the last token that was issued
	newest int64 // latest expiry of the tokens that were presented
	shown  map[int64]*tokenBinding
}

// issue gives the expiry of a new token: no later than the session's own, and later than that of the token before.
func (l *activeSession) issue(now time.Time, life time.Duration) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	expires := now.Add(life)
	if expires.After(l.session.Expires) {
		expires = l.session.Expires
	}
	l.bindings.issued = max(expires.Unix(), l.bindings.issued+1)
	return time.Unix(l.bindings.issued, 0).UTC()
}

// bind decides whether a device may use the token of a session that expires at a time. The first device that presents a
// token owns it; a second one revokes it: the owner can ask for another token, the second device cannot. After its
// expiry a token works for its owner only, while that makes requests within tokenIdleGrace and has presented no newer
// token.
func (l *activeSession) bind(expires time.Time, d Device, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.session.Ended.IsZero() {
		return ErrEnded
	}
	ts, key, expired := &l.bindings, expires.Unix(), !now.Before(expires)
	t := ts.shown[key]
	switch {
	case t == nil && expired, t != nil && t.dead:
		return ErrToken
	case t == nil:
		t = &tokenBinding{owner: d}
		if ts.shown == nil {
			ts.shown = make(map[int64]*tokenBinding)
		}
		ts.shown[key] = t
		ts.rotate(key, now)
	case t.owner != d:
		t.dead = true
		return ErrToken.Because(errElsewhere)
	case expired && (key < ts.newest || now.Sub(t.seen) >= tokenIdleGrace):
		return ErrToken
	}
	t.seen = now
	return nil
}

// rotate records that a token was presented for the first time, and forgets the bindings of tokens that cannot work
// again.
func (ts *tokenBindings) rotate(key int64, now time.Time) {
	ts.newest = max(ts.newest, key)
	for old := range ts.shown {
		if old < ts.newest && old <= now.Unix() {
			delete(ts.shown, old)
		}
	}
}

// refused reports a genuine token that does not work to Options.Incidents, and gives the error back.
func (h mediaHandler) refused(r *http.Request, l *activeSession, err error) error {
	if h.opts.Incidents == nil {
		return err
	}
	kind, now := TokenElsewhere, h.opts.Clock()
	if !errors.Is(err, errElsewhere) {
		if !errors.Is(err, ErrToken) && !errors.Is(err, ErrEnded) || !l.warn(now) {
			return err
		}
		kind = MediaRefused
	}
	h.opts.Incidents.Report(r.Context(), Incident{Kind: kind, Session: l.snapshot(), Name: l.name, Device: h.device(r)})
	return err
}

// warn reports whether warnEvery has passed since the last incident.
func (l *activeSession) warn(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.warned.IsZero() && now.Sub(l.warned) < warnEvery {
		return false
	}
	l.warned = now
	return true
}

// device is the device that a request came from.
func (h mediaHandler) device(r *http.Request) Device {
	agent := r.UserAgent()
	return Device{Address: networkPrefix(h.opts.Address(r)), Agent: agent[:min(agentLength, len(agent))]}
}

// networkPrefix is the part of an IP address that identifies a device: an IPv6 address may change inside its network of
// 64 bits, as privacy extensions make it do (RFC 8981).
func networkPrefix(address string) string {
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
