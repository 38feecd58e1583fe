package app

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"movify/pkg/config"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	status := http.StatusOK
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/readyz" {
			t.Errorf("asked for %s", r.URL.Path)
		}
		w.WriteHeader(status)
	}))
	defer srv.Close()
	if err := Health(t.Context(), srv.URL+"/"); err != nil {
		t.Errorf("ready: %v", err)
	}
	status = http.StatusServiceUnavailable
	if err := Health(t.Context(), srv.URL); !errors.Is(err, ErrNotHealthy) || !strings.Contains(err.Error(), "503") {
		t.Errorf("not ready: %v", err)
	}
}

func TestDoctorSeesWhatIsMissing(t *testing.T) {
	t.Parallel()
	c := config.Default()
	c.Transcode.FFmpeg = "/does/not/exist/ffmpeg"
	c.Data.Dir = filepath.Join(t.TempDir(), "not", "yet", "there")
	c.Library.Roots = config.Roots(t.TempDir(), "/does/not/exist")
	tools, err := NewTools(c.Transcode, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]Verdict)
	for _, f := range Doctor(t.Context(), c, tools) {
		key := f.Name
		if f.Name == "library folder" {
			key, _, _ = strings.Cut(f.Words, ":")
		}
		got[key] = f.Verdict
	}
	for key, want := range map[string]Verdict{"ffmpeg": Broken, c.Library.Roots[0].Path: Fine, "/does/not/exist": Warn} {
		if got[key] != want {
			t.Errorf("%s: %q, want %q", key, got[key], want)
		}
	}
	if got["data folder"] == Broken {
		t.Error("a data folder that can be made is called broken")
	}
}

func TestNewPasswordsDiffer(t *testing.T) {
	t.Parallel()
	a, b := newPassword(), newPassword()
	if a == b || len(a) != 23 || strings.Count(a, "-") != 3 {
		t.Errorf("%s and %s", a, b)
	}
}
