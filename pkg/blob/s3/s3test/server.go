// Package s3test starts a real S3 server for a test, and a proxy in front of it that counts requests and injects
// faults. It knows no engine. The server is versitygw, and gofakes3 as a second implementation; `make setup` installs
// both, and a test without them fails.
package s3test

import (
	"context"
	"crypto/rand"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"movify/pkg/testkit"
)

// Server is a running S3 server of one test.
type Server struct {
	// Endpoint is a URL on the loopback, for path style.
	Endpoint string
	// HostEndpoint is the same server's URL for virtual-host style. Its names resolve with Dial only.
	HostEndpoint string
	Region       string
	AccessKey    string
	SecretKey    string

	root string // of the buckets' folders; empty when the program has none
	addr string
}

// Domain is the name below which virtual-host style finds the buckets.
const Domain = "s3.movify.test"

// Start runs versitygw until the test is over, with its data in a folder of the test. flags are further ones of the
// program, before the name of its backend.
func Start(t testing.TB, flags ...string) *Server {
	t.Helper()
	s := newServer(t)
	s.root = t.TempDir()
	// Metadata stays in extended attributes: kept in files beside the data, racing deletes lose it.
	flags = append([]string{"--port", s.addr, "--access", s.AccessKey, "--secret", s.SecretKey, "--region", s.Region,
		"--virtual-domain", Domain, "--keep-alive", "--quiet"}, flags...)
	run(t, s.Endpoint, "versitygw", append(flags, "posix", s.root)...)
	return s
}

// StartOther runs gofakes3, another implementation, until the test is over, with its data in memory. It checks no
// credentials.
func StartOther(t testing.TB) *Server {
	t.Helper()
	s := newServer(t)
	run(
		t, s.Endpoint, "gofakes3", "-backend", "memory", "-host", s.addr, "-hostbucketbase",
		strings.TrimPrefix(s.HostEndpoint, "http://"), "-quiet",
	)
	return s
}

func newServer(t testing.TB) *Server {
	t.Helper()
	s := &Server{Region: "eu-test-1", AccessKey: "movify-test", SecretKey: rand.Text(), addr: testkit.FreeAddress(t)}
	s.Endpoint = "http://" + s.addr
	s.HostEndpoint = "http://" + Domain + s.addr[strings.LastIndex(s.addr, ":"):]
	return s
}

// NewBucket makes an empty private bucket.
func (s *Server) NewBucket(t testing.TB) string {
	t.Helper()
	name := "movify-" + strings.ToLower(rand.Text()[:12])
	if s.root != "" {
		if err := os.Mkdir(filepath.Join(s.root, name), 0o755); err != nil {
			t.Fatal(err)
		}
		return name
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, s.Endpoint+"/"+name, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("make a bucket: %s, %v", res.Status, err)
	}
	return name
}

// Files lists all files below the bucket's folder, finished or not: the files on the device, whether the server lists
// them or not. It is for a server that has a folder.
func (s *Server) Files(t testing.TB, bucket string) []string {
	t.Helper()
	var names []string
	top := filepath.Join(s.root, bucket)
	if err := filepath.WalkDir(top, func(name string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, strings.TrimPrefix(name, top+"/"))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return names
}

// Dial connects to the loopback whatever the name says, so that the names of virtual-host style need no name service.
func Dial(ctx context.Context, network, address string) (net.Conn, error) {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
}
