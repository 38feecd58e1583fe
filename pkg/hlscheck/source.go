package hlscheck

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"time"
)

// defaultRoot is the Multivariant Playlist's name when a folder is given.
const defaultRoot = "multivariant.m3u8"

// Source gives the files of one stream.
type Source interface {
	// Root is the name of the Multivariant Playlist.
	Root() string
	// Open gives the file with that slash-separated relative name, which has no ".." in it. A missing file is an error
	// that wraps fs.ErrNotExist. The caller closes the reader.
	Open(ctx context.Context, name string) (io.ReadCloser, error)
	// OpenRange is Open for length bytes from offset on. A file that has fewer gives those it has.
	OpenRange(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error)
}

// FS is a stream whose Multivariant Playlist lies in the root of fsys.
func FS(fsys fs.FS) Source { return files{fsys} }

// Dir is a stream whose Multivariant Playlist lies in a folder on disk.
func Dir(folder string) Source { return files{os.DirFS(folder)} }

type files struct{ fsys fs.FS }

func (files) Root() string { return defaultRoot }

func (f files) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return f.fsys.Open(name)
}

func (f files) OpenRange(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	r, err := f.Open(ctx, name)
	if err != nil {
		return nil, err
	}
	if _, err := io.CopyN(io.Discard, r, offset); err != nil && err != io.EOF {
		return nil, errors.Join(err, r.Close())
	}
	return beginning{io.LimitReader(r, length), r}, nil
}

// beginning reads the first bytes of a file and closes the file.
type beginning struct {
	io.Reader
	io.Closer
}

// URL is a stream behind an http or https address, either of its Multivariant Playlist (ending in .m3u8) or of the
// folder that holds it. A nil client means http.DefaultClient.
func URL(address string, client *http.Client) (Source, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("read the address of a stream: %w", err)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, fmt.Errorf("%q is not an http address", address)
	}
	if client == nil {
		client = http.DefaultClient
	}
	w := web{client: client, base: *u, root: defaultRoot}
	if strings.HasSuffix(u.Path, ".m3u8") {
		w.root = path.Base(u.Path)
		w.base.Path = path.Dir(u.Path)
	}
	w.base.Path = strings.TrimSuffix(w.base.Path, "/") + "/"
	return w, nil
}

type web struct {
	client *http.Client
	base   url.URL // path ends in "/"
	root   string
}

func (w web) Root() string { return w.root }

// attempts is how often a file is requested while the server answers that it is being made (503 with Retry-After).
const attempts = 10

func (w web) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	return w.patiently(ctx, name, "", http.StatusOK)
}

func (w web) OpenRange(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	// A player takes what comes for the range it asked for: a server that ignores ranges breaks it.
	return w.patiently(ctx, name, fmt.Sprintf("bytes=%d-%d", offset, offset+length-1), http.StatusPartialContent)
}

// patiently requests a file, or a range of it, until the response is final.
func (w web) patiently(ctx context.Context, name, ranged string, want int) (io.ReadCloser, error) {
	for n := 1; ; n++ {
		body, again, err := w.get(ctx, name, ranged, want)
		if err == nil || again <= 0 || n == attempts {
			return body, err
		}
		timer := time.NewTimer(again)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		}
	}
}

// get makes one request; again is the server's Retry-After, 0 for a final response.
func (w web) get(
	ctx context.Context, name, ranged string, want int,
) (body io.ReadCloser, again time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base.JoinPath(name).String(), nil)
	if err != nil {
		return nil, 0, err
	}
	if ranged != "" {
		req.Header.Set("Range", ranged)
	}
	resp, err := w.client.Do(req)
	if err != nil {
		// The address holds the right to read the stream: the error must not carry it into a log.
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err
		}
		return nil, 0, fmt.Errorf("get %s: %w", name, err)
	}
	if resp.StatusCode == want && begins(resp.Header.Get("Content-Range"), ranged) {
		return resp.Body, 0, nil
	}
	resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusNotFound, http.StatusGone:
		return nil, 0, fmt.Errorf("get %s: %s: %w", name, resp.Status, fs.ErrNotExist)
	case http.StatusRequestedRangeNotSatisfiable:
		return http.NoBody, 0, nil
	case http.StatusServiceUnavailable:
		if s, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil {
			again = time.Duration(min(max(s, 1), 60)) * time.Second
		}
	}
	if ranged != "" {
		return nil, again, fmt.Errorf(
			"get %s of %s: %s, %q", ranged, name, resp.Status, resp.Header.Get("Content-Range"),
		)
	}
	return nil, again, fmt.Errorf("get %s: %s", name, resp.Status)
}

// begins reports whether the range that came, "bytes 5-9/100", begins where the one that was asked for, "bytes=5-9",
// does.
func begins(came, asked string) bool {
	from, _, _ := strings.Cut(strings.TrimPrefix(asked, "bytes="), "-")
	return asked == "" || strings.HasPrefix(came, "bytes "+from+"-")
}
