package config_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/config"
)

func TestExampleEqualsDefaults(t *testing.T) {
	t.Parallel()
	l, err := config.Load(config.Sources{File: "../../config.example.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(config.Default(), l.Config); diff != "" {
		t.Errorf("config.example.yaml differs from the defaults (-default +example):\n%s", diff)
	}
	for _, key := range config.Keys() {
		if got := l.Origin(key).Layer; got != config.LayerFile {
			t.Errorf("config.example.yaml does not show %s", key)
		}
	}
}

// The bad files name the words their error must contain in comment lines "# expect: …".
func TestFiles(t *testing.T) {
	t.Parallel()
	good, _ := filepath.Glob("testdata/*.good.yml")
	bad, _ := filepath.Glob("testdata/*.bad.yml")
	if len(good) < 3 || len(bad) < 8 {
		t.Fatalf("testdata is thin: %d good, %d bad", len(good), len(bad))
	}
	for _, file := range good {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			if _, err := config.Load(config.Sources{File: file}); err != nil {
				t.Errorf("refused: %v", err)
			}
		})
	}
	for _, file := range bad {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(config.Sources{File: file})
			if !errors.Is(err, config.ErrInvalid) {
				t.Fatalf("got %v, want config_invalid", err)
			}
			for _, want := range expectations(t, file) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error does not say %q:\n%v", want, err)
				}
			}
		})
	}
}

func expectations(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(text)) {
		if want, ok := strings.CutPrefix(strings.TrimSpace(line), "# expect: "); ok {
			out = append(out, want)
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s expects nothing", file)
	}
	return out
}

func TestLaterLayerWins(t *testing.T) {
	t.Parallel()
	l, err := config.Load(config.Sources{
		File: "testdata/full.good.yml",
		Env: map[string]string{
			"MOVIFY_LOG_LEVEL":      "warn",
			"MOVIFY_LIBRARY_ROOTS":  "/a,/b",
			"MOVIFY_LIBRARY_RESCAN": "1h30m",
			"MOVIFY_DATA_DIR":       "",
			"MOVIFY_BIN":            "somebody else's",
			"HOME":                  "/root",
		},
		Flags: []config.Flag{
			{Key: "library.roots", Set: func(c *config.Config) { c.Library.Roots = config.Roots("/with,comma") }},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	type value struct {
		Got    any
		Origin string
	}
	got := map[string]value{
		"roots":  {l.Library.Roots, l.Origin("library.roots").String()},
		"rescan": {l.Library.Rescan, l.Origin("library.rescan").String()},
		"level":  {l.Log.Level, l.Origin("log.level").String()},
		"dir":    {l.Data.Dir, l.Origin("data.dir").String()},
		"settle": {l.Library.Settle, l.Origin("library.settle").String()},
	}
	want := map[string]value{
		"roots":  {config.Roots("/with,comma"), "flag"},
		"rescan": {90 * time.Minute, "env MOVIFY_LIBRARY_RESCAN"},
		"level":  {"warn", "env MOVIFY_LOG_LEVEL"},
		"dir":    {"/srv/movify", "file"},
		"settle": {2 * time.Second, "default"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBadEnvironment(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		env  map[string]string
		want string
	}{
		"unknown key":  {map[string]string{"MOVIFY_SERVER_LISTN": ":1"}, "MOVIFY_SERVER_LISTN sets no known key"},
		"not a number": {map[string]string{"MOVIFY_TRANSCODE_WORKERS": "many"}, "many"},
		"out of range": {map[string]string{"MOVIFY_TRANSCODE_WORKERS": "-1"}, "at least 0, not \"-1\" (set by MOVIFY_TRANSCODE_WORKERS)"},
		"bad address":  {map[string]string{"MOVIFY_SERVER_LISTEN": "here"}, "must be an address to listen on"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(config.Sources{Env: c.env})
			if !errors.Is(err, config.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want words %q", err, c.want)
			}
		})
	}
}

func TestMissingFile(t *testing.T) {
	t.Parallel()
	_, err := config.Load(config.Sources{File: "testdata/none.yml"})
	if !errors.Is(err, config.ErrUnreadable) || !strings.Contains(err.Error(), "testdata/none.yml does not exist") {
		t.Errorf("got %v", err)
	}
}

func TestPrintMeansTheSame(t *testing.T) {
	t.Parallel()
	first, err := config.Load(config.Sources{File: "testdata/full.good.yml"})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "printed.yml")
	if err := os.WriteFile(path, []byte(first.Print()), 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := config.Load(config.Sources{File: path})
	if err != nil {
		t.Fatalf("%v\n%s", err, first.Print())
	}
	if diff := cmp.Diff(first.Config, again.Config); diff != "" {
		t.Errorf("(-first +printed):\n%s", diff)
	}
	if !strings.Contains(first.Print(), "# file\n") || !strings.Contains(first.Print(), "# default\n") {
		t.Errorf("no origins in:\n%s", first.Print())
	}
}

func TestProxies(t *testing.T) {
	t.Parallel()
	got := config.Server{TrustedProxies: []string{"10.1.2.3/8", "192.168.1.7", "::1"}}.Proxies()
	var text []string
	for _, p := range got {
		text = append(text, p.String())
	}
	if diff := cmp.Diff([]string{"10.0.0.0/8", "192.168.1.7/32", "::1/128"}, text); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	t.Parallel()
	l, err := config.Load(config.Sources{File: "testdata/full.good.yml"})
	if err != nil {
		t.Fatal(err)
	}
	if string(l.Mail.Password) != "swordfish" {
		t.Errorf("the file holds %q", string(l.Mail.Password))
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("mail", "section", l.Mail, "password", l.Mail.Password)
	text, err := json.Marshal(l.Config)
	if err != nil {
		t.Fatal(err)
	}
	for where, shown := range map[string]string{
		"print": l.Print(), "log": log.String(), "json": string(text), "%v": fmt.Sprintf("%v", l.Config),
		"%#v": fmt.Sprintf("%#v", l.Config), "%q": fmt.Sprintf("%q", l.Mail.Password),
	} {
		if strings.Contains(shown, "swordfish") {
			t.Errorf("%s shows it:\n%s", where, shown)
		}
	}
	if !strings.Contains(l.Print(), "set but never shown") {
		t.Errorf("print does not say that it is set:\n%s", l.Print())
	}
}
