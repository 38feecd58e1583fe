package main_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"movify/pkg/blob"
	"movify/pkg/blob/s3"
	"movify/pkg/blob/s3/s3test"
	"movify/pkg/testkit"
)

// bucket is a private bucket on a real S3 server, behind a proxy that counts and does harm when it is told to.
type bucket struct {
	*s3test.Server
	proxy *s3test.Proxy
	name  string
}

func newBucket(t testing.TB) *bucket {
	t.Helper()
	s := s3test.Start(t, "--cors-allow-origin", "*")
	return &bucket{Server: s, proxy: s.Proxy(t), name: s.NewBucket(t)}
}

// settings are the environment of a server whose films live in the bucket.
func (b *bucket) settings(more ...string) []string {
	return append([]string{
		"MOVIFY_STORAGE_ENGINE=s3", "MOVIFY_STORAGE_S3_ENDPOINT=" + b.proxy.Endpoint, "MOVIFY_STORAGE_S3_REGION=" + b.Region,
		"MOVIFY_STORAGE_S3_BUCKET=" + b.name, "MOVIFY_STORAGE_S3_PREFIX=house", "MOVIFY_STORAGE_S3_PATH_STYLE=true",
		"MOVIFY_STORAGE_S3_ACCESS_KEY=" + b.AccessKey, "MOVIFY_STORAGE_S3_SECRET_KEY=" + b.SecretKey,
		"MOVIFY_TRANSCODE_PRESET=superfast", "MOVIFY_TRANSCODE_WORKERS=2",
	}, more...)
}

// engine reads the bucket as its owner does, past the proxy.
func (b *bucket) engine(t testing.TB) *s3.Store {
	t.Helper()
	e, err := s3.New(t.Context(), s3.Options{Endpoint: b.Endpoint, Region: b.Region, Bucket: b.name, PathStyle: s3.StylePath,
		AccessKey: b.AccessKey, Secret: s3.Secret(b.SecretKey)})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// keys lists the keys of the bucket.
func (b *bucket) keys(t testing.TB) []string {
	t.Helper()
	var out []string
	for info, err := range b.engine(t).List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, info.Key)
	}
	return out
}

// origin is a CDN in front of the bucket: it reads with credentials of its own, and accepts requests with a valid signature
// that has not expired.
func (b *bucket) origin(t testing.TB, secret string) testkit.Server {
	t.Helper()
	from := b.engine(t)
	server := testkit.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		q := r.URL.Query()
		mac := hmac.New(sha256.New, []byte(secret))
		io.WriteString(mac, r.URL.Path+"\n"+q.Get("expires"))
		expires, err := strconv.ParseInt(q.Get("expires"), 10, 64)
		if err != nil || q.Get("signature") != base64.RawURLEncoding.EncodeToString(mac.Sum(nil)) || time.Now().Unix() > expires {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		o, err := from.Open(r.Context(), strings.TrimPrefix(r.URL.Path, "/"))
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer o.Body.Close()
		http.ServeContent(w, r, path.Base(r.URL.Path), o.ModTime, o.Body)
	}))
	return server
}

// stubborn is a player that retries failed and incomplete responses of the storage; only complete ones count.
type stubborn struct{ http.RoundTripper }

const tries = 20

func (s stubborn) RoundTrip(r *http.Request) (*http.Response, error) {
	var res *http.Response
	var err error
	for range tries {
		if res, err = s.RoundTripper.RoundTrip(r); err != nil {
			continue
		}
		body, broken := io.ReadAll(res.Body)
		res.Body.Close()
		res.Body = io.NopCloser(bytes.NewReader(body))
		if err = broken; err == nil && res.StatusCode < http.StatusInternalServerError {
			return res, nil
		}
	}
	return res, err
}

func patientClient() *http.Client {
	return &http.Client{Transport: stubborn{http.DefaultTransport}, Timeout: patience}
}

// ranged fetches a range and retries until it is complete.
func ranged(t testing.TB, client *http.Client, address string, offset, length int64) []byte {
	t.Helper()
	status, data := someBytes(t, client, address, offset, length)
	if status != http.StatusPartialContent || int64(len(data)) != length {
		t.Fatalf("%d bytes from %d of %s: status %d, %d bytes", length, offset, path.Base(address), status, len(data))
	}
	return data
}

// someBytes asks for a range and gives the answer, whatever it is.
func someBytes(t testing.TB, client *http.Client, address string, offset, length int64) (status int, data []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", offset, offset+length-1))
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err = io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%d bytes from %d of %s: %s, %d bytes, %v", length, offset, path.Base(address), res.Status, len(data), err)
	}
	return res.StatusCode, data
}

// duplicate copies a data folder whose server has stopped.
func duplicate(t testing.TB, data string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(out, os.DirFS(data)); err != nil {
		t.Fatal(err)
	}
	return out
}

// anonymous asks without credentials and gives the status.
func anonymous(t testing.TB, method, address string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}

// location asks for a range of a packed rendition and gives where it lies.
func (s *server) location(address string) string {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+address, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Range", "bytes=0-99")
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusTemporaryRedirect || res.Header.Get("Cache-Control") != "no-store" {
		s.t.Fatalf("GET %s: %s, Cache-Control %q", path.Base(address), res.Status, res.Header.Get("Cache-Control"))
	}
	return res.Header.Get("Location")
}

// stored waits until a blob is there.
func (b *bucket) stored(t testing.TB, s *server, key string) {
	t.Helper()
	e := b.engine(t)
	s.until(key+" is stored", func() bool {
		_, err := e.Stat(context.Background(), key)
		if err != nil && !errors.Is(err, blob.ErrNotFound) {
			t.Fatal(err)
		}
		return err == nil
	})
}
