package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"movify/pkg/id"
)

// Art opens the art tokens in the URLs of pictures, which are requested without a sign-in.
type Art interface {
	// OpenArt gives the principal of a token, if it is authentic, not expired, and its sign-in has not ended.
	OpenArt(token string) (Principal, bool)
}

// mediaPrefix is the path of the media plane.
const mediaPrefix = "/media/"

// ArtPath is the URL path of a title's picture with a token. The picture of one version never changes.
func ArtPath(token string, t id.Title, kind PictureKind, version string) string {
	return mediaPrefix + token + "/art/" + string(t) + "/" + string(kind) + "/" + version
}

// media routes the media plane: pictures are answered here, everything else by next with the unwrapped writer.
//
//	/media/{token}/art/{title}/{kind}/{version}?w=480
//	/media/{token}/art/{title}/{kind}?w=480
func (a *API) media(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, mediaPrefix), "/")
		if path, ok := strings.CutPrefix(rest, "art/"); ok {
			a.picture(w, r, token, path)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// picture answers with a picture, or with an error status and a line of text: an invalid token and a missing picture get the
// same answer.
func (a *API) picture(w http.ResponseWriter, r *http.Request, token, path string) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	title, kind, _ := strings.Cut(path, "/")
	kind, version, _ := strings.Cut(kind, "/")
	p, ok := a.o.Art.OpenArt(token)
	if !ok || strings.Contains(version, "/") || !slices.Contains(pictureKinds(), PictureKind(kind)) ||
		(r.Method != http.MethodGet && r.Method != http.MethodHead) {
		writeText(w, http.StatusNotFound, "not found\n")
		return
	}
	pic, err := a.o.Catalogue.Picture(r.Context(), p, id.Title(title), PictureKind(kind), requestedWidth(r))
	if err != nil {
		a.noPicture(r.Context(), w, err)
		return
	}
	h.Set("Content-Type", pic.Type)
	h.Set("ETag", pic.ETag)
	if version != "" && version == pic.Version {
		h.Set("Cache-Control", "private, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "private, max-age=3600") // then a conditional request: the picture may change
	}
	if pic.ETag != "" && strings.Contains(r.Header.Get("If-None-Match"), pic.ETag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(pic.Data)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(pic.Data) // the client may have disconnected
	}
}

func (a *API) noPicture(ctx context.Context, w http.ResponseWriter, err error) {
	if ctx.Err() != nil {
		return // the client has disconnected
	}
	if p := a.problem(ctx, err); p.Status >= http.StatusInternalServerError {
		writeText(w, p.Status, "unavailable\n")
		return
	}
	writeText(w, http.StatusNotFound, "not found\n")
}

func pictureKinds() []PictureKind {
	return []PictureKind{Still, Poster, Backdrop, Landscape, Logo, Banner, Thumb}
}

// requestedWidth is the parameter w, in pixels.
func requestedWidth(r *http.Request) int {
	const usual = 480
	n, err := strconv.Atoi(r.URL.Query().Get("w"))
	if err != nil || n < 1 {
		return usual
	}
	return n
}
