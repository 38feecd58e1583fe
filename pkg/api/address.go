package api

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// ClientAddress gives a function that tells the IP address a request came from, for the handlers beside gin: the peer, or
// what the proxies that are believed say of who asked them. From the end of X-Forwarded-For, where the nearest proxy wrote,
// the first address that is no such proxy counts; what stands before it anybody could have written.
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
