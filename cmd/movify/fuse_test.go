//go:build linux

package main_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"movify/pkg/testkit"
)

// fuseMagic is the f_type of statfs(2) for every FUSE file system.
const fuseMagic = 0x65735546

// fused mounts a folder a second time through FUSE, which sends no inotify events for writes behind it, like a network disk. A
// system that does not permit mounting fails the test with a hint.
func fused(t *testing.T, behind string) string {
	t.Helper()
	device, err := os.OpenFile("/dev/fuse", os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		testkit.Lacks(t, "nothing can be mounted with FUSE here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	device.Close()
	folder := t.TempDir()
	var said strings.Builder
	mount := exec.Command(testkit.Need(t, "bindfs"), "-f", behind, folder)
	mount.Stdout, mount.Stderr = &said, &said
	if err := mount.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- mount.Wait() }()
	t.Cleanup(func() {
		// It ends by itself once it is not mounted any more.
		_ = mount.Process.Signal(syscall.SIGTERM)
		<-ended
	})
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		var disk syscall.Statfs_t
		if err := syscall.Statfs(folder, &disk); err != nil {
			t.Fatal(err)
		}
		if disk.Type == fuseMagic {
			return folder
		}
		select {
		case <-tick.C:
		case err := <-ended:
			ended <- err
			if text := said.String(); strings.Contains(text, "not permitted") || strings.Contains(text, "ermission denied") {
				testkit.Lacks(t, "nothing may be mounted here: %s", text)
			}
			t.Fatalf("bindfs ended: %v: %s", err, said.String())
		}
	}
}

// TestFoldersOfOtherMachinesArePolled writes a film behind a FUSE mount: there is no event, so the folder is polled, and the
// API gives the reason.
func TestFoldersOfOtherMachinesArePolled(t *testing.T) {
	t.Parallel()
	behind := t.TempDir()
	films := fused(t, behind)
	s := serve(t, filepath.Join(t.TempDir(), "data"), films)
	s.setUp()
	r := s.root()
	if r.Watch != "poll" || r.FileSystem != "FUSE" || !strings.Contains(r.WatchReason, "FUSE") || r.WatchesUsed != 0 {
		t.Fatalf("the folder is watched so: %+v", r)
	}
	s.watchRoot(map[string]any{"pollSeconds": 5}, func(r watchedRoot) bool {
		return r.Watch == "poll" && r.PollSeconds == 5 && r.EverySeconds == 5
	})
	film, err := os.ReadFile(testkit.Film(t, 320, 180, 2))
	if err != nil {
		t.Fatal(err)
	}
	part := filepath.Join(behind, ".heat.part")
	if err := os.WriteFile(part, film, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(part, filepath.Join(behind, "Heat (1995).mkv")); err != nil {
		t.Fatal(err)
	}
	scans := []int64{s.root().LastScanMS}
	s.until("the film is there and the folder was looked through twice more", func() bool {
		var page struct{ Items []card }
		s.call("GET", "/api/v1/titles?kind=movie", nil, &page, 200)
		if last := s.root().LastScanMS; last != scans[len(scans)-1] {
			scans = append(scans, last)
		}
		return len(scans) > 2 && len(page.Items) == 1 && page.Items[0].Name == "Heat"
	})
	// How many looks it takes depends on how busy the machine is; how far they are apart does not.
	for i, at := range scans[1:] {
		if apart := at - scans[i]; apart < 4900 {
			t.Errorf("two looks at the folder are %d ms apart, with 5 s between them asked for", apart)
		}
	}
}
