package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"movify/pkg/testkit"
)

// asKey does a JSON request with an API key and nothing else.
func (s *server) asKey(key, method, path string, in any) (int, []byte) {
	s.t.Helper()
	text, err := json.Marshal(in)
	if err != nil {
		s.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, bytes.NewReader(text))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	return s.stranger().answer(req)
}

// apiKey makes a key with one scope.
func (s *server) apiKey(scope string) string {
	s.t.Helper()
	var made struct{ Key string }
	s.call("POST", "/api/v1/api-keys", map[string]any{"name": "download tool, " + scope, "scopes": []string{scope}}, &made, 201)
	return made.Key
}

// watchedRoot is the fields of a library folder that these tests read.
type watchedRoot struct {
	ID, Path, Watch, WatchReason, FileSystem string
	PollSeconds, EverySeconds, WatchesUsed   int
	LastScanMS                               int64 `json:"lastScanMs"`
}

// root gives the only library folder.
func (s *server) root() watchedRoot {
	s.t.Helper()
	var status struct{ Roots []watchedRoot }
	if s.call("GET", "/api/v1/library", nil, &status, 200); len(status.Roots) != 1 {
		s.t.Fatalf("%d library folders", len(status.Roots))
	}
	return status.Roots[0]
}

// watchRoot changes how the only library folder is watched and waits until the scanner has planned by it, which it does after the
// request was answered.
func (s *server) watchRoot(change map[string]any, as func(watchedRoot) bool) {
	s.t.Helper()
	s.call("PATCH", "/api/v1/library/roots/"+s.root().ID, change, nil, 200)
	s.until("the folder is watched as asked for", func() bool { return as(s.root()) })
}

// known gives the names of the files that a scan would find as they are known, and of those that it would find new.
func (s *server) known() (unchanged int, fresh []string) {
	s.t.Helper()
	var preview struct {
		Added     struct{ Paths []string }
		Unchanged int
	}
	s.call("GET", "/api/v1/library/preview", nil, &preview, 200)
	for _, p := range preview.Added.Paths {
		fresh = append(fresh, filepath.Base(p))
	}
	return preview.Unchanged, fresh
}

// TestADownloadToolNotifies names paths to a server that neither watches nor polls the folder.
func TestADownloadToolNotifies(t *testing.T) {
	t.Parallel()
	film, err := os.ReadFile(testkit.Film(t, 320, 180, 2))
	if err != nil {
		t.Fatal(err)
	}
	films := t.TempDir()
	outside := filepath.Join(filepath.Dir(films), filepath.Base(films)+" beside")
	write := func(path string) string {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(film, path...), 0o644); err != nil { // no two are alike
			t.Fatal(err)
		}
		return path
	}
	write(filepath.Join(films, "Big (1988).mkv"))
	s := serve(t, filepath.Join(t.TempDir(), "data"), films)
	s.setUp()
	s.title("Big")
	s.watchRoot(map[string]any{"watch": "hook"}, func(r watchedRoot) bool {
		return r.Watch == "hook" && r.WatchReason != "" && r.EverySeconds == 0
	})
	admin, reader := s.apiKey("admin"), s.apiKey("read")

	named := write(filepath.Join(films, "Heat (1995)", "Heat (1995).mkv"))
	silent := write(filepath.Join(films, "Up (2009).mkv"))
	foreign := write(filepath.Join(outside, "Alien (1979).mkv"))
	many := make([]string, 1000)
	for i := range many {
		many[i] = filepath.Join(films, fmt.Sprintf("None %d.mkv", i))
	}
	for name, c := range map[string]struct {
		key    string
		paths  any
		status int
		code   string
		says   string
	}{
		"nobody":             {"", []string{named}, 401, "sign_in_required", ""},
		"a key that reads":   {reader, []string{named}, 403, "api_key_scope", ""},
		"a key of nobody":    {"mvf_no-such-key-0123456789", []string{named}, 401, "", ""},
		"outside":            {admin, []string{foreign}, 422, "path_outside", foreign},
		"beside by dots":     {admin, []string{films + "/../" + filepath.Base(outside) + "/Alien (1979).mkv"}, 422, "path_outside", foreign},
		"up to the top":      {admin, []string{films + "/../../../../../../../etc/passwd"}, 422, "path_outside", "/etc/passwd"},
		"relative":           {admin, []string{"Heat (1995)/Heat (1995).mkv"}, 422, "path_outside", "Heat (1995).mkv"},
		"dots":               {admin, []string{".."}, 422, "path_outside", ".."},
		"empty":              {admin, []string{""}, 422, "path_outside", ""},
		"with a zero":        {admin, []string{films + "/a\x00b.mkv"}, 404, "path_not_found", ""},
		"not there":          {admin, []string{filepath.Join(films, "None.mkv")}, 404, "path_not_found", "None.mkv"},
		"very long":          {admin, []string{films + "/" + strings.Repeat("x", 3000)}, 404, "path_not_found", "xxx"},
		"good and not there": {admin, []string{named, filepath.Join(films, "None.mkv")}, 404, "path_not_found", "None.mkv"},
		"a thousand":         {admin, many, 422, "invalid_request", "200"},
		"no list":            {admin, named, 422, "invalid_request", ""},
	} {
		status, body := s.asKey(c.key, "POST", "/api/v1/library/scan", map[string]any{"paths": c.paths})
		var problem struct {
			Title, Detail, Code string
			Status              int
		}
		if err := json.Unmarshal(body, &problem); err != nil {
			t.Errorf("%s: %v: %s", name, err, body)
		}
		if status != c.status || problem.Status != status || problem.Detail == "" || problem.Title == "" ||
			c.code != "" && problem.Code != c.code || !bytes.Contains(body, []byte(c.says)) {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	// A refused request scans nothing and loses nothing.
	if unchanged, fresh := s.known(); unchanged != 1 || len(fresh) != 2 {
		t.Errorf("%d files are known, and new are %q", unchanged, fresh)
	}
	s.title("Big")

	status, body := s.asKey(admin, "POST", "/api/v1/library/scan", map[string]any{"paths": []string{named}})
	if status != http.StatusAccepted {
		t.Fatalf("%d %s", status, body)
	}
	s.title("Heat")
	if unchanged, fresh := s.known(); unchanged != 2 || len(fresh) != 1 || fresh[0] != filepath.Base(silent) {
		t.Errorf("%d files are known, and new are %q", unchanged, fresh)
	}
	// A folder is scanned as a whole, and its missing files are reported in the same way.
	write(filepath.Join(films, "Season", "Lantern Street S01E01.mkv"))
	write(filepath.Join(films, "Season", "Lantern Street S01E02.mkv"))
	if err := os.Remove(named); err != nil {
		t.Fatal(err)
	}
	if status, body := s.asKey(admin, "POST", "/api/v1/library/scan", map[string]any{"paths": []string{filepath.Join(films, "Season") + "/", named}}); status != http.StatusAccepted {
		t.Fatalf("%d %s", status, body)
	}
	s.until("the season is there and the deleted film in the bin", func() bool {
		var bin struct{ Items []struct{ Path string } }
		s.call("GET", "/api/v1/library/bin", nil, &bin, 200)
		unchanged, fresh := s.known()
		return len(bin.Items) == 1 && bin.Items[0].Path == named && unchanged == 3 && len(fresh) == 1
	})
}
