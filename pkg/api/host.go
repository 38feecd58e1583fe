package api

import (
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"

	"movify/pkg/fault"
)

// Faults of the Host header.
var (
	ErrSetupHost = fault.New(fault.Forbidden, "setup_host",
		"For its set-up, open this server by its IP address or the name it has at home. "+
			"If it is reached by another name, put that into server.public_url first.")
	ErrHost = fault.New(fault.Forbidden, "unknown_host",
		"This server does not know the name that you called it by. Its owner can add it to server.hosts.")
)

// Hosts are the names by which browsers may call the server. A web page of a stranger can have its own name resolve to this
// server's address (DNS rebinding), and then talk to it as to its own origin; the name in the Host header gives it away.
type Hosts struct {
	Public *url.URL // base URL behind a reverse proxy; nil = none
	More   []string // further names
}

// privateSuffixes end names that no public DNS server resolves (RFC 6761, RFC 6762, RFC 8375, and those that routers use).
var privateSuffixes = []string{".localhost", ".local", ".home.arpa", ".internal", ".lan", ".home", ".localdomain"}

// Known reports whether a Host header is an IP address, a name that only the home network resolves, this machine's own name,
// or a configured one.
func (h Hosts) Known(host string) bool {
	name := strings.TrimSuffix(strings.ToLower(hostname(host)), ".")
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	if name == "" {
		return false
	}
	if !strings.Contains(name, ".") { // "localhost", "nas": nobody can have such a name in the public DNS
		return true
	}
	if slices.ContainsFunc(privateSuffixes, func(suffix string) bool { return strings.HasSuffix(name, suffix) }) {
		return true
	}
	if own, err := os.Hostname(); err == nil && strings.EqualFold(own, name) {
		return true
	}
	return h.Public != nil && strings.EqualFold(h.Public.Hostname(), name) ||
		slices.ContainsFunc(h.More, func(more string) bool { return strings.EqualFold(more, name) })
}

// refuses reports whether the owner said by which names the server is called, and this is none of them.
func (h Hosts) refuses(host string) bool {
	return (h.Public != nil || len(h.More) > 0) && !h.Known(host)
}

// hostname is the name or address in a Host header, without port and brackets.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
}
