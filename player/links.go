package player

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"movify/pkg/id"
)

// Links gives presigned addresses under which a viewer reads a blob from the store, or from a CDN in front of it.
type Links interface {
	// Link gives an address under which a GET, with or without a range, gives the blob until life is over. A range that
	// is being read then is read to its end. It is "" while the bytes have to go through the media handler.
	Link(ctx context.Context, key string, life time.Duration) (url string, err error)
}

// Cookies is met by Links whose addresses need cookies as well.
type Cookies interface {
	// Cookies gives the right to read the blobs whose key begins with prefix until life is over.
	Cookies(ctx context.Context, prefix string, life time.Duration) ([]*http.Cookie, error)
}

// redirected redirects a viewer to the packed rendition's address, after the token was checked; the viewer repeats its
// range there. It is false, and nothing is written, without an address: then the handler sends the bytes.
func (h mediaHandler) redirected(
	w http.ResponseWriter, r *http.Request, l *activeSession, rendition id.Rendition, n int,
) bool {
	if h.opts.Links == nil {
		return false
	}
	ctx, asset := r.Context(), l.asset.known()
	at, err := h.opts.Links.Link(ctx, asset.PackedKey(rendition), h.opts.LinkLife)
	var cookies []*http.Cookie
	if c, ok := h.opts.Links.(Cookies); ok && err == nil && at != "" {
		cookies, err = c.Cookies(ctx, asset.Prefix, h.opts.LinkLife)
	}
	if err != nil {
		h.log.Warn(
			"link to a packed rendition, its bytes are sent by the media handler", "asset", asset.ID, "error", err,
		)
		return false
	}
	if at == "" {
		return false
	}
	h.opts.Segments.Touch(l.session.ID, asset, rendition, n)
	for _, c := range cookies {
		http.SetCookie(w, c)
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Location", at)
	w.WriteHeader(http.StatusTemporaryRedirect)
	return true
}

// noBytes reports whether a Range header asks for the last 0 bytes: "bytes=-0".
func noBytes(header string) bool {
	set, ok := strings.CutPrefix(header, "bytes=")
	from, to, dash := strings.Cut(set, "-")
	if !ok || !dash || strings.TrimSpace(from) != "" {
		return false
	}
	n, err := strconv.ParseUint(strings.TrimSpace(to), 10, 64)
	return err == nil && n == 0
}

// withRange gives the request as http.ServeContent has to see it for a body of size bytes. The last 0 bytes cannot be
// given (RFC 9110 section 14.1.2); net/http would answer them with 206 and a Content-Range that ends before it begins.
// A range behind the end has the status that is due, 416, after the request's conditions were looked at.
func withRange(r *http.Request, size int64) *http.Request {
	if !noBytes(r.Header.Get("Range")) {
		return r
	}
	r = r.Clone(r.Context())
	r.Header.Set("Range", fmt.Sprintf("bytes=%d-", size))
	return r
}

// firstByte is where the one range of a Range header begins in a file of that size (RFC 9110 section 14.1.2). ranged is
// false without exactly one range that can be read. A range that no byte of the file is in begins at size or behind it.
func firstByte(header string, size int64) (first int64, ranged bool) {
	if noBytes(header) {
		return size, true
	}
	set, ok := strings.CutPrefix(header, "bytes=")
	from, to, dash := strings.Cut(set, "-")
	if !ok || !dash {
		return 0, false
	}
	if from == "" { // the last so many bytes
		n, err := strconv.ParseInt(to, 10, 64)
		if err != nil || n <= 0 {
			return 0, false
		}
		return max(0, size-n), true
	}
	first, err := strconv.ParseInt(from, 10, 64)
	if err != nil || first < 0 {
		return 0, false
	}
	if last, err := strconv.ParseInt(to, 10, 64); to != "" && (err != nil || last < first) {
		return 0, false
	}
	return first, true
}
