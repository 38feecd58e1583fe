package api

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// ClientAddress gives a function for the client IP address of a request, for the handlers outside gin: the peer or, behind
// trusted proxies, an address of X-Forwarded-For. Read from its end, where the nearest proxy wrote, that is the first address
// that is not a trusted proxy; the client could have forged everything before it.
func ClientAddress(proxies []netip.Prefix) func(r *http.Request) string {
	believed := func(a netip.Addr) bool {
		return slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(a) })
	}
	return func(r *http.Request) string {
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil {
			return r.RemoteAddr
		}
		address := peer.Addr().Unmap()
		if !believed(address) {
			return address.String()
		}
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for _, hop := range slices.Backward(hops) {
			a, err := netip.ParseAddr(strings.TrimSpace(hop))
			if err != nil {
				break
			}
			if address = a.Unmap(); !believed(address) {
				break
			}
		}
		return address.String()
	}
}
