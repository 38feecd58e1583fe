package s3test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// startTime is how long a server may take to answer on a busy machine.
const startTime = 2 * time.Minute

// run starts a program that serves at url, and returns when it answers. It is killed when the test is over.
func run(t testing.TB, url, program string, args ...string) {
	t.Helper()
	said := new(output)
	cmd := exec.Command(find(t, program), args...)
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
		_ = cmd.Process.Kill() // it need not end by itself
		<-died
	})
	await(t, url, died, said)
}

// await returns when the server answers.
func await(t testing.TB, url string, died <-chan struct{}, said *output) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startTime)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
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
			t.Fatalf("the S3 server ended:\n%s", said)
		case <-ctx.Done():
			t.Fatalf("the S3 server does not answer: %v\n%s", err, said)
		case <-tick.C:
		}
	}
}

// find looks in the path and where setup puts programs: below the user's cache folder, for all work copies.
func find(t testing.TB, program string) string {
	t.Helper()
	if path, err := exec.LookPath(program); err == nil {
		return path
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "movify", "bin")
	path, err := exec.LookPath(filepath.Join(dir, program))
	if err != nil {
		t.Fatalf("%s is not installed: run make setup (looked in the path and in %s)", program, dir)
	}
	return path
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
