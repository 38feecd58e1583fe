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

// URL is a stream behind an http or https address, either of its Multivariant Playlist (ending in .m3u8) or of the folder
// that holds it. A nil client means http.DefaultClient.
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

// attempts is how often a file is asked for while the server says that it is being made (503 with Retry-After).
const attempts = 10

func (w web) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	for n := 1; ; n++ {
		body, again, err := w.get(ctx, name)
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

// get asks once; again is how long the server asks to wait before the next try, 0 for never.
func (w web) get(ctx context.Context, name string) (body io.ReadCloser, again time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base.JoinPath(name).String(), nil)
	if err != nil {
		return nil, 0, err
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
	if resp.StatusCode == http.StatusOK {
		return resp.Body, 0, nil
	}
	resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusNotFound, http.StatusGone:
		return nil, 0, fmt.Errorf("get %s: %s: %w", name, resp.Status, fs.ErrNotExist)
	case http.StatusServiceUnavailable:
		if s, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil {
			again = time.Duration(min(max(s, 1), 60)) * time.Second
		}
	}
	return nil, again, fmt.Errorf("get %s: %s", name, resp.Status)
}
