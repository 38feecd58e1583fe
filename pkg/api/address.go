package api

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// ClientHeaders are the headers in which a reverse proxy may hand on the address of its client: those of most proxies
// and clouds, and the standard one (RFC 7239).
var ClientHeaders = []string{"X-Forwarded-For", "Forwarded", "X-Real-IP"}

// Addresses tells the IP addresses that requests come from, for the control plane and the media plane alike. It believes
// trusted proxies only, and of them only one header: a proxy hands on the others as the client wrote them.
type Addresses struct {
	Proxies []netip.Prefix // trusted reverse proxies
	Header  string         // one of ClientHeaders; "" = X-Forwarded-For
}

// Of gives the client's address, or the zero address when it cannot be told. Of several hops that is the last one which is
// not a trusted proxy: the nearest proxy wrote at the end, and the client could have written everything before. Behind
// trusted proxies alone it is the first hop.
func (a Addresses) Of(r *http.Request) netip.Addr {
	address := peerOf(r)
	if !a.isProxy(address) {
		return address
	}
	hops := a.hops(r)
	for _, hop := range slices.Backward(hops) {
		if address = parseHop(hop); !a.isProxy(address) {
			return address
		}
	}
	return address
}

// Text gives Of for logs, limits and people: "unknown" when it cannot be told.
func (a Addresses) Text(r *http.Request) string {
	if address := a.Of(r); address.IsValid() {
		return address.String()
	}
	return "unknown"
}

// Local reports whether a request comes from this machine or a private network. It does not when that is not certain:
// when the address is unknown, when a trusted proxy names none, and when a proxy that is not trusted handed it on, behind
// which every client of the internet has the proxy's address.
func (a Addresses) Local(r *http.Request) bool {
	if a.Trusts(r) {
		if len(a.hops(r)) == 0 {
			return false
		}
	} else if slices.ContainsFunc(ClientHeaders, func(name string) bool { return len(r.Header.Values(name)) > 0 }) {
		return false
	}
	return isHome(a.Of(r))
}

// isHome reports whether an address belongs to this machine or a private network.
func isHome(address netip.Addr) bool {
	return address.IsLoopback() || address.IsPrivate() || address.IsLinkLocalUnicast()
}

// Trusts reports whether a trusted proxy sent the request.
func (a Addresses) Trusts(r *http.Request) bool { return a.isProxy(peerOf(r)) }

func (a Addresses) isProxy(address netip.Addr) bool {
	return slices.ContainsFunc(a.Proxies, func(p netip.Prefix) bool { return p.Contains(address) })
}

// hops are the addresses in the header as they are written, the client's first.
func (a Addresses) hops(r *http.Request) []string {
	switch a.Header {
	case "Forwarded":
		return forwardedFor(r.Header.Values("Forwarded"))
	case "X-Real-IP":
		// Not a list: of two values one is the client's own.
		if values := r.Header.Values("X-Real-IP"); len(values) > 1 {
			return []string{""}
		} else {
			return values
		}
	}
	values := r.Header.Values("X-Forwarded-For")
	if len(values) == 0 {
		return nil
	}
	return strings.Split(strings.Join(values, ","), ",")
}

// forwardedFor gives the "for" parameters of Forwarded headers (RFC 7239, section 4), "" for an element without one. A header
// that ends within a quoted string is unreadable as a whole: a client could have opened the quote, so that it holds what the
// proxy wrote after it.
func forwardedFor(values []string) (hops []string) {
	if slices.ContainsFunc(values, endsInQuote) {
		return []string{""}
	}
	for _, element := range splitQuoted(values, ',') {
		hop := ""
		for _, pair := range splitQuoted([]string{element}, ';') {
			name, value, _ := strings.Cut(pair, "=")
			if strings.EqualFold(strings.TrimSpace(name), "for") {
				hop = unquote(strings.TrimSpace(value))
			}
		}
		hops = append(hops, hop)
	}
	return hops
}

// endsInQuote reports whether a text ends within a quoted string.
func endsInQuote(text string) bool {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch {
		case quoted && text[i] == '\\':
			i++
		case text[i] == '"':
			quoted = !quoted
		}
	}
	return quoted
}

// splitQuoted splits each text at a separator outside of quoted strings (RFC 9110, section 5.6.4).
func splitQuoted(texts []string, separator byte) (parts []string) {
	for _, text := range texts {
		start, quoted := 0, false
		for i := 0; i < len(text); i++ {
			switch c := text[i]; {
			case quoted && c == '\\':
				i++
			case c == '"':
				quoted = !quoted
			case c == separator && !quoted:
				parts, start = append(parts, text[start:i]), i+1
			}
		}
		parts = append(parts, text[start:])
	}
	return parts
}

// unquote gives the value of a quoted string, and a token as it is.
func unquote(value string) string {
	if len(value) < 2 || value[0] != '"' || value[len(value)-1] != '"' {
		return value
	}
	var out strings.Builder
	for i := 1; i < len(value)-1; i++ {
		if value[i] == '\\' && i+1 < len(value)-1 {
			i++
		}
		out.WriteByte(value[i])
	}
	return out.String()
}

// parseHop reads an address with or without port and brackets, as proxies write it: "203.0.113.9", "203.0.113.9:51234",
// "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:51234". What it cannot read gives the zero address, as do the "unknown"
// and "_name" of RFC 7239.
func parseHop(hop string) netip.Addr {
	hop = strings.TrimSpace(hop)
	if withPort, err := netip.ParseAddrPort(hop); err == nil {
		return plainAddress(withPort.Addr())
	}
	if inner, ok := strings.CutPrefix(hop, "["); ok {
		if inner, ok = strings.CutSuffix(inner, "]"); !ok || !strings.Contains(inner, ":") {
			return netip.Addr{}
		}
		hop = inner
	}
	address, err := netip.ParseAddr(hop)
	if err != nil {
		return netip.Addr{}
	}
	return plainAddress(address)
}

// peerOf gives the address at the other end of the connection.
func peerOf(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return plainAddress(peer.Addr())
}

// plainAddress gives an IPv4 address that is written as an IPv6 one as itself, and drops the zone, which names an
// interface of the machine that wrote it.
func plainAddress(address netip.Addr) netip.Addr { return address.Unmap().WithZone("") }
