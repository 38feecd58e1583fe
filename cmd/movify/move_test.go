package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob/s3/s3test"
	"movify/pkg/testkit"
)

// inBucket is the environment of a server that has a bucket, on a real S3 server behind a proxy.
func inBucket(t *testing.T) (gateway *s3test.Server, bucket string, settings []string) {
	t.Helper()
	gateway = s3test.Start(t)
	bucket = gateway.NewBucket(t)
	proxy := gateway.Proxy(t)
	// A storage that takes its time now and then, so that a move lasts for seconds and is still going on whenever a test that
	// looks at it every 50 ms wants to break it off.
	asked := 0
	proxy.Inject(func(s3test.Request) s3test.Fault {
		if asked++; asked%12 == 0 {
			return s3test.Delayed
		}
		return s3test.None
	})
	return gateway, bucket, []string{
		"MOVIFY_STORAGE_S3_ENDPOINT=" + proxy.Endpoint, "MOVIFY_STORAGE_S3_REGION=" + gateway.Region,
		"MOVIFY_STORAGE_S3_BUCKET=" + bucket, "MOVIFY_STORAGE_S3_PATH_STYLE=true", "MOVIFY_STORAGE_LINK_LIFE=1s",
		"MOVIFY_STORAGE_S3_ACCESS_KEY=" + gateway.AccessKey, "MOVIFY_STORAGE_S3_SECRET_KEY=" + gateway.SecretKey,
	}
}

// storeBlobs stores blobs in the disk backend, as of films that were packed before.
func storeBlobs(t *testing.T, data string, blobs int) {
	t.Helper()
	random := rand.New(rand.NewPCG(4, 4))
	for n := range blobs {
		dir := filepath.Join(data, "blobs", "v1", fmt.Sprintf("%064x", n/4), "policy", fmt.Sprintf("v%d", n%4))
		content := make([]byte, random.IntN(300_000))
		for i := range content {
			content[i] = byte(random.Uint32())
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "all.mp4"), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// blobs hashes the blobs of the disk backend.
func blobs(t *testing.T, data string) map[string]string {
	t.Helper()
	out := map[string]string{}
	top := filepath.Join(data, "blobs")
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path, filepath.Join(top, ".tmp")) {
			return err
		}
		content, err := os.ReadFile(path)
		out[strings.TrimPrefix(path, top+"/")] = digest(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// watchedServer is a server with a running playback that is killed and started again.
type watchedServer struct {
	t        *testing.T
	data     string
	films    string
	settings []string

	mu  sync.RWMutex // read-locked during requests to the server, locked while it is down
	now *server

	segments []string // of a playback, without the address of the server
	sums     map[string]string
	watched  atomic.Int64
}

// watch plays segment after segment until ctx ends; each must come, and with the bytes that it has always had.
func (h *watchedServer) watch(ctx context.Context) {
	pace := time.NewTicker(15 * time.Millisecond)
	defer pace.Stop()
	for n := 0; ctx.Err() == nil; n++ {
		<-pace.C
		at := h.segments[n%len(h.segments)]
		h.mu.RLock()
		status, data, err := get(h.now.client, h.now.url+at)
		h.mu.RUnlock()
		if err != nil || status != http.StatusOK || digest(data) != h.sums[at] {
			h.t.Errorf("segment %s: %d, %d bytes, %v", at[strings.LastIndexByte(at, '/'):], status, len(data), err)
			return
		}
		h.watched.Add(1)
	}
}

func get(client *http.Client, address string) (int, []byte, error) {
	res, err := client.Get(address)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	return res.StatusCode, data, err
}

// restart kills the server and starts it again.
func (h *watchedServer) restart() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now.kill()
	h.now = serve(h.t, h.data, h.films, h.settings...)
	h.now.signIn()
}

// storageState is the fields of the storage that these tests read.
type storageState struct {
	Home string
	Disk struct{ Blobs int }
	Task struct {
		ID, State, Phase, Error string
		Done, Total             int
	}
}

func (h *watchedServer) state() (s storageState) {
	h.t.Helper()
	h.mu.RLock()
	defer h.mu.RUnlock()
	h.now.call("GET", "/api/v1/storage", nil, &s, 200)
	return s
}

// move requests a move and kills the server that many times at random moments until it is done.
func (h *watchedServer) move(to string, kills int, random *rand.Rand) {
	h.t.Helper()
	var begun struct{ ID string }
	h.now.call("POST", "/api/v1/storage/move", map[string]any{"to": to}, &begun, 202)
	next := 0.0
	anyServer := &server{t: h.t, exited: make(chan struct{})} // the one that runs changes
	anyServer.until("everything lives in "+to, func() bool {
		s := h.state()
		if s.Task.ID != begun.ID || s.Task.State == "failed" || s.Task.State == "cancelled" {
			h.t.Fatalf("the task is %+v", s.Task)
		}
		if s.Task.State == "done" {
			return true
		}
		part := 0.0
		if s.Task.Total > 0 {
			part = float64(s.Task.Done) / float64(s.Task.Total)
		}
		if kills > 0 && (part >= next || s.Task.Phase != "copy") {
			kills--
			next = part + random.Float64()*(1-part)/float64(kills+1)
			h.restart()
		}
		return false
	})
	if kills > 0 {
		h.t.Errorf("the move was over before it was killed %d more times", kills)
	}
}

// Moving disk → S3 → disk keeps every blob by its hash, while a viewer plays without an error and the server is killed ten
// times.
func TestMoveHouseWhilePeopleWatch(t *testing.T) {
	t.Parallel()
	gateway, bucket, settings := inBucket(t)
	h := &watchedServer{t: t, data: t.TempDir(), films: t.TempDir(), settings: settings, sums: map[string]string{}}
	storeBlobs(t, h.data, 160)
	h.now = serve(t, h.data, h.films, settings...)
	h.now.setUp()
	drop(t, testkit.Film(t, 320, 180, 20), filepath.Join(h.films, "Moving Day (2020).mkv"))
	title := h.now.title("Moving Day")
	h.now.ready(title.ID)
	p := h.now.play(title.ID)
	videos, audios := h.now.variants(p.Manifest)
	for _, playlist := range append(videos, audios...) {
		init, segments := h.now.playlist(playlist)
		for _, at := range append(segments, init) {
			h.segments = append(h.segments, at)
			h.sums[at] = digest(h.now.must(at))
		}
	}
	before := blobs(t, h.data)

	ctx, leave := context.WithCancel(t.Context())
	var people sync.WaitGroup
	for range 2 {
		people.Go(func() { h.watch(ctx) })
	}
	random := rand.New(rand.NewPCG(1, 2))
	h.move("s3", 5, random)
	if left := blobs(t, h.data); len(left) != 0 {
		t.Errorf("%d blobs are left on the disk", len(left))
	}
	h.move("disk", 5, random)
	leave()
	people.Wait()

	if diff := cmp.Diff(before, blobs(t, h.data)); diff != "" {
		t.Errorf("after the way there and back (-before +after):\n%s", diff)
	}
	if left := gateway.Files(t, bucket); len(left) != 0 {
		t.Errorf("left in the bucket: %q", left)
	}
	t.Logf("%d segments were watched meanwhile", h.watched.Load())
}

// tool runs the program beside a server or without one.
func tool(t *testing.T, settings []string, args ...string) string {
	t.Helper()
	var out, said bytes.Buffer
	cmd := exec.Command(binary(t), args...)
	cmd.Env = append(os.Environ(), settings...)
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("movify %s: %v\n%s%s", strings.Join(args, " "), err, out.String(), said.String())
	}
	return out.String()
}

// The command moves without a server, and beside one, which then executes the move.
func TestMoveHouseFromTheCommandLine(t *testing.T) {
	t.Parallel()
	gateway, bucket, settings := inBucket(t)
	data := t.TempDir()
	storeBlobs(t, data, 40)
	before := blobs(t, data)

	if out := tool(t, settings, "storage", "check", "--data", data); !strings.Contains(out, "ok    put") {
		t.Errorf("check:\n%s", out)
	}
	out := tool(t, settings, "storage", "move", "--to", "s3", "--data", data)
	if !strings.HasSuffix(out, "Everything lives in s3 now: 40 blobs, 5.8 MB.\n") || strings.Contains(out, "\r") {
		t.Errorf("move:\n%s", out)
	}
	if len(blobs(t, data)) != 0 || len(gateway.Files(t, bucket)) != 40 {
		t.Errorf("%d blobs on the disk, %d in the bucket", len(blobs(t, data)), len(gateway.Files(t, bucket)))
	}

	s := serve(t, data, t.TempDir(), settings...)
	var state storageState
	if err := json.Unmarshal([]byte(tool(t, settings, "storage", "status", "--json", "--data", data)), &state); err != nil || state.Home != "s3" || state.Task.State != "done" {
		t.Errorf("status beside a server: %+v, %v", state, err)
	}
	tool(t, settings, "storage", "move", "--to", "disk", "--data", data)
	if diff := cmp.Diff(before, blobs(t, data)); diff != "" {
		t.Errorf("after the way there and back (-before +after):\n%s", diff)
	}
	if out := tool(t, settings, "storage", "gc", "--data", data); !strings.HasSuffix(out, "0 blobs, 0 B: would be removed; do it with --apply.\n") {
		t.Errorf("what is younger than a day is garbage:\n%s", out)
	}
	old := time.Now().Add(-25 * time.Hour)
	for key := range before {
		if err := os.Chtimes(filepath.Join(data, "blobs", key), old, old); err != nil {
			t.Fatal(err)
		}
	}
	if out := tool(t, settings, "storage", "gc", "--data", data); !strings.Contains(out, "no file has this content") || len(blobs(t, data)) != 40 {
		t.Errorf("dry run:\n%s", out)
	}
	s.stop()
	if out := tool(t, settings, "storage", "gc", "--apply", "--data", data); !strings.HasSuffix(out, "40 blobs, 5.8 MB: removed.\n") || len(blobs(t, data)) != 0 {
		t.Errorf("%d left after:\n%s", len(blobs(t, data)), out)
	}
}
