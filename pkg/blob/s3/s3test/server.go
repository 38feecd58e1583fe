// Package s3test gives tests a real S3 server of their own, and a proxy before it that counts requests and makes faults. It
// knows no engine. The server is versitygw; `make setup` installs it, and a test without it fails.
package s3test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Server is a running S3 server with its data in a folder of the test.
type Server struct {
	// Endpoint is a URL on the loopback, for path style.
	Endpoint string
	// HostEndpoint is the same server's URL for virtual-host style. Its names resolve with Dial only.
	HostEndpoint string
	Region       string
	AccessKey    string
	SecretKey    string

	root string
	addr string
}

// Domain is the name below which virtual-host style finds the buckets.
const Domain = "s3.movify.test"

// program is what is run.
const program = "versitygw"

// startTime is how long the server may take to answer on a busy machine.
const startTime = 30 * time.Second

// Start runs a server until the test is over. flags are further ones of the program, before the name of its backend.
func Start(t testing.TB, flags ...string) *Server {
	t.Helper()
	dir := t.TempDir()
	s := &Server{Region: "eu-test-1", AccessKey: "movify-test", SecretKey: rand.Text(), root: filepath.Join(dir, "buckets"), addr: freeAddr(t)}
	s.Endpoint = "http://" + s.addr
	s.HostEndpoint = "http://" + Domain + s.addr[strings.LastIndex(s.addr, ":"):]
	if err := os.Mkdir(s.root, 0o755); err != nil {
		t.Fatal(err)
	}
	said := new(output)
	// Metadata stays in extended attributes: kept in files beside the data, racing deletes lose it.
	flags = append([]string{"--port", s.addr, "--access", s.AccessKey, "--secret", s.SecretKey, "--region", s.Region,
		"--virtual-domain", Domain, "--keep-alive", "--quiet"}, flags...)
	cmd := exec.Command(find(t), append(flags, "posix", s.root)...)
	cmd.Stdout, cmd.Stderr = said, said
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", program, err)
	}
	died := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(died)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // gone is what it shall be
		<-died
	})
	s.await(t, died, said)
	return s
}

// await returns when the server answers.
func (s *Server) await(t testing.TB, died <-chan struct{}, said *output) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startTime)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Endpoint, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = res.Body.Close()
			return
		}
		select {
		case <-died:
			t.Fatalf("%s ended:\n%s", program, said)
		case <-ctx.Done():
			t.Fatalf("%s does not answer: %v\n%s", program, err, said)
		case <-tick.C:
		}
	}
}

// NewBucket makes an empty private bucket.
func (s *Server) NewBucket(t testing.TB) string {
	t.Helper()
	name := "movify-" + strings.ToLower(rand.Text()[:12])
	if err := os.Mkdir(filepath.Join(s.root, name), 0o755); err != nil {
		t.Fatal(err)
	}
	return name
}

// Files gives the names of all files below the bucket's folder, finished or not: what is on the device, whatever the server
// shows of it.
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

// find looks in the path, where go install puts programs, and where setup does: in the work copy's .cache/bin.
func find(t testing.TB) string {
	t.Helper()
	if path, err := exec.LookPath(program); err == nil {
		return path
	}
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	dirs := []string{os.Getenv("GOBIN"), filepath.Join(home, "go", "bin")}
	if gopath := os.Getenv("GOPATH"); gopath != "" {
		dirs = append(dirs, filepath.Join(gopath, "bin"))
	}
	if wd, err := os.Getwd(); err == nil {
		for ; filepath.Dir(wd) != wd; wd = filepath.Dir(wd) {
			dirs = append(dirs, filepath.Join(wd, ".cache", "bin"))
		}
	}
	for _, dir := range dirs {
		if path, err := exec.LookPath(filepath.Join(dir, program)); dir != "" && err == nil {
			return path
		}
	}
	t.Fatalf("%s is not installed: run make setup (looked in the path and in %s)", program, strings.Join(dirs, ", "))
	return ""
}

// freeAddr gives an address nobody listens on just now.
func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return addr
}

// output keeps what a program says.
type output struct {
	mu   sync.Mutex
	said bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.said.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return fmt.Sprintf("%.4000s", o.said.String())
}
