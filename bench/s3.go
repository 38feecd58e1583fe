package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"movify/pkg/blob/s3"
)

// Facts of the S3 server that a run starts for itself.
const (
	bucketName = "bench"
	accessKey  = "bench-access"
	secretKey  = "bench-secret-of-this-run-only"
)

// bucket is a running S3 server with one bucket.
type bucket struct {
	*daemon
	url string
}

// gateway finds the S3 server's program: in PATH, or where `make setup` puts it.
func gateway() (string, error) {
	if path, err := exec.LookPath("versitygw"); err == nil {
		return path, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	path, err := exec.LookPath(filepath.Join(cache, "movify", "bin", "versitygw"))
	if err != nil {
		return "", fmt.Errorf("versitygw is not installed, run make setup: %w", err)
	}
	return path, nil
}

// openBucket starts the S3 server on a folder.
func openBucket(ctx context.Context, dir string) (*bucket, error) {
	program, err := gateway()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(dir, bucketName), 0o755); err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	d, err := launch([]string{"ROOT_ACCESS_KEY=" + accessKey, "ROOT_SECRET_KEY=" + secretKey}, &words{}, program,
		"--port", address, "--keep-alive", "--quiet", "posix", dir)
	if err != nil {
		return nil, err
	}
	b := &bucket{daemon: d, url: "http://" + address}
	err = until(ctx, patience, "the S3 server answers", func() (bool, error) {
		select {
		case <-d.exited:
			return false, fmt.Errorf("the S3 server ended at once: %s", d.words)
		default:
		}
		c, err := net.DialTimeout("tcp", address, time.Second)
		if err != nil {
			return false, nil // not yet
		}
		return true, c.Close()
	})
	if err != nil {
		return nil, errors.Join(err, d.stop())
	}
	return b, nil
}

// settings are the environment variables that make movify store its blobs there.
func (b *bucket) settings(cache string) []string {
	return []string{
		"MOVIFY_TRANSCODE_LADDER=always", "MOVIFY_STORAGE_ENGINE=s3", "MOVIFY_STORAGE_CACHE=" + cache,
		"MOVIFY_STORAGE_S3_ENDPOINT=" + b.url, "MOVIFY_STORAGE_S3_BUCKET=" + bucketName,
		"MOVIFY_STORAGE_S3_REGION=us-east-1", "MOVIFY_STORAGE_S3_PATH_STYLE=true",
		"MOVIFY_STORAGE_S3_ACCESS_KEY=" + accessKey, "MOVIFY_STORAGE_S3_SECRET_KEY=" + secretKey,
	}
}

// link is an address at which wrk may fetch an object from the S3 server itself.
func (b *bucket) link(ctx context.Context, key string) (string, error) {
	st, err := s3.New(ctx, s3.Options{
		Endpoint: b.url, Region: "us-east-1", Bucket: bucketName, PathStyle: s3.StylePath,
		AccessKey: accessKey, Secret: secretKey,
	})
	if err != nil {
		return "", err
	}
	return st.Link(ctx, key, time.Hour)
}

// slowReaders opens count connections that fetch a URL at about rate bytes a second each, and holds them until release
// is called. It returns when all have got their first bytes.
func slowReaders(ctx context.Context, url string, count, rate int) (release func(), err error) {
	ctx, stop := context.WithCancel(ctx)
	begun, ended := make(chan error, count), make(chan struct{}, count)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, ReadBufferSize: 4096}}
	for range count {
		go func() {
			defer func() { ended <- struct{}{} }()
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
			if err != nil {
				begun <- err
				return
			}
			res, err := client.Do(req)
			if err != nil {
				begun <- err
				return
			}
			defer res.Body.Close()
			if res.StatusCode != http.StatusOK {
				begun <- fmt.Errorf("a slow reader got %s", res.Status)
				return
			}
			begun <- nil
			tick := time.NewTicker(time.Second / 4)
			defer tick.Stop()
			piece := make([]byte, rate/4)
			for {
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
					if _, err := res.Body.Read(piece); err != nil {
						return
					}
				}
			}
		}()
	}
	for range count {
		err = errors.Join(err, <-begun)
	}
	return func() {
		stop()
		for range count {
			<-ended
		}
	}, err
}
