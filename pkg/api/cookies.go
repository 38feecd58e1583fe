package api

import (
	"net/http"
	"time"
)

// Grant is the tokens of a sign-in: a short-lived access token and a long-lived refresh token that is replaced at each use.
type Grant struct {
	Principal
	Access         string
	AccessExpires  time.Time
	Refresh        string
	RefreshExpires time.Time
	Remember       bool // keep the cookies after the browser is closed
}

// refreshPath limits the cookie of the refresh token to the operations that need it.
const refreshPath = Prefix + "/auth"

// accessCookie is the name of the cookie: with https the prefix lets only this host set it (RFC 6265bis section 4.1.3). Plain
// http on a home network cannot have it.
func accessCookie(https bool) string {
	if https {
		return "__Host-movify_access"
	}
	return "movify_access"
}

// refreshCookie is likewise, with the prefix that allows a path.
func refreshCookie(https bool) string {
	if https {
		return "__Secure-movify_refresh"
	}
	return "movify_refresh"
}

// cookies are the two cookies of a grant. The access cookie lives as long as the refresh cookie: a browser that sends an
// expired token gets sign_in_expired and refreshes.
func (g Grant) cookies(https bool) []http.Cookie {
	until := time.Time{}
	if g.Remember {
		until = g.RefreshExpires
	}
	return []http.Cookie{
		g.accessCookie(https),
		cookie(refreshCookie(https), g.Refresh, refreshPath, https, until),
	}
}

// accessCookie is the cookie of the access token.
func (g Grant) accessCookie(https bool) http.Cookie {
	until := time.Time{}
	if g.Remember {
		until = g.RefreshExpires
	}
	return cookie(accessCookie(https), g.Access, "/", https, until)
}

// noCookies delete both cookies.
func noCookies(https bool) []http.Cookie {
	gone := []http.Cookie{
		cookie(accessCookie(https), "", "/", https, time.Time{}),
		cookie(refreshCookie(https), "", refreshPath, https, time.Time{}),
	}
	for i := range gone {
		gone[i].MaxAge = -1
	}
	return gone
}

func cookie(name, value, path string, https bool, until time.Time) http.Cookie {
	return http.Cookie{
		Name: name, Value: value, Path: path, Expires: until,
		Secure: https, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}
