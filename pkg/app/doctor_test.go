package app

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"movify/pkg/config"
	"movify/pkg/testkit"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	status := http.StatusOK
	srv := testkit.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/readyz" {
			t.Errorf("asked for %s", r.URL.Path)
		}
		w.WriteHeader(status)
	}))
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
	for _, key := range []string{"permissions", "user", "original"} {
		if got[key] == "" {
			t.Errorf("nothing is said of %s", key)
		}
	}
	if got["data folder"] == Broken {
		t.Error("a data folder that can be made is called broken")
	}
}

func TestDoctorSeesWhoMayRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		folder, database os.FileMode // 0 = there is none
		want             Verdict
		words            string
	}{
		"none yet":                         {0, 0, Fine, "other users"},
		"the server alone":                 {0o700, 0o600, Fine, "other users"},
		"its group too":                    {0o750, 0o640, Fine, "other users"},
		"all users list the folder":        {0o755, 0o600, Warn, "chmod o-rwx"},
		"all users read the database":      {0o711, 0o644, Warn, "movify.db"},
		"a database in a folder of no one": {0o750, 0o644, Fine, "other users"},
	} {
		dir := filepath.Join(t.TempDir(), "data")
		if test.folder != 0 {
			if err := errors.Join(
				os.Mkdir(dir, 0o700), os.WriteFile(filepath.Join(dir, "movify.db"), nil, 0o600),
				os.Chmod(filepath.Join(dir, "movify.db"), test.database), os.Chmod(dir, test.folder),
			); err != nil {
				t.Fatal(err)
			}
		}
		if f := examinePermissions(dir); f.Verdict != test.want || !strings.Contains(f.Words, test.words) {
			t.Errorf("%s: %+v, want %s: …%s…", name, f, test.want, test.words)
		}
	}
}

func TestDoctorWarnsOfRoot(t *testing.T) {
	t.Parallel()
	if f := examineUser(0); f.Verdict != Warn || !strings.Contains(f.Words, "root") {
		t.Errorf("root: %+v", f)
	}
	if f := examineUser(8484); f.Verdict != Fine {
		t.Errorf("another user: %+v", f)
	}
}

func TestNewPasswordsDiffer(t *testing.T) {
	t.Parallel()
	a, b := newPassword(), newPassword()
	if a == b || len(a) != 23 || strings.Count(a, "-") != 3 {
		t.Errorf("%s and %s", a, b)
	}
}
