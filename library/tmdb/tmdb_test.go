package tmdb_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/library/tmdb"
	"movify/pkg/testkit"
)

var update = flag.Bool("update", false, "write the golden files")

const key = "a-secret-key"

// server plays answers back that have the shape of TMDB's, and notes what it was asked.
type server struct {
	testkit.Server
	t *testing.T

	mu    sync.Mutex
	asked []string
	bad   []func(http.ResponseWriter) // answers before the true ones
}

var tape = map[string]string{
	"/3/search/movie": "search_movie.json", "/3/movie/990001": "movie.json", "/3/tv/990002": "tv.json",
	"/3/tv/990002/season/1": "season.json",
	"/3/find/tt9900001":     "find.json",
}

func play(t *testing.T, bad ...func(http.ResponseWriter)) *server {
	s := &server{t: t, bad: bad}
	s.Server = testkit.Serve(t, s)
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.URL.Path)
	if len(s.bad) > 0 {
		answer := s.bad[0]
		s.bad = s.bad[1:]
		answer(w)
		return
	}
	if picture, ok := strings.CutPrefix(r.URL.Path, "/t/p/"); ok {
		if r.URL.Query().Has("api_key") || r.Header.Get("Authorization") != "" {
			s.t.Error("the key went to the pictures")
		}
		_, _ = io.WriteString(w, "picture "+picture)
		return
	}
	if r.URL.Query().Get("api_key") != key && r.Header.Get("Authorization") != "Bearer x.y.z" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	file, ok := tape[r.URL.Path]
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		s.t.Error(err)
	}
	_, _ = w.Write(text)
}

// client asks s, and notes how long it was told to wait instead of waiting.
func (s *server) client(o tmdb.Options) (*tmdb.Client, *[]time.Duration) {
	var waits []time.Duration
	o.API, o.Images, o.PerSec = s.URL+"/3", s.URL+"/t/p", 1000
	if o.Key == "" {
		o.Key = key
	}
	o.Wait = func(ctx context.Context, d time.Duration) error {
		waits = append(waits, d)
		return ctx.Err()
	}
	return tmdb.New(o), &waits
}

// The golden files hold the parsed answers.
func TestAnswers(t *testing.T) {
	t.Parallel()
	s := play(t)
	c, _ := s.client(tmdb.Options{Language: "de-DE"})
	ctx := t.Context()
	for name, ask := range map[string]func() (any, error){
		"search": func() (any, error) { return c.Search(ctx, library.Movie, "Lantern Road", 2019) },
		"movie":  func() (any, error) { return c.Work(ctx, library.Movie, "990001") },
		"tv":     func() (any, error) { return c.Work(ctx, library.Series, "990002") },
		"season": func() (any, error) { return c.Season(ctx, "990002", 1) },
	} {
		got, err := ask()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		text, err := json.MarshalIndent(got, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		text = []byte(strings.ReplaceAll(string(text), s.URL, "https://tmdb") + "\n")
		golden := filepath.Join("testdata", name+".golden")
		if *update {
			if err := os.WriteFile(golden, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(text)); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	c, _ := play(t).client(tmdb.Options{Key: "x.y.z"})
	for _, x := range []struct {
		kind            library.Kind
		provider, value string
		want            string
	}{
		{library.Movie, "imdb", "tt9900001", "990001"}, {library.Series, "imdb", "tt9900001", ""},
		{library.Movie, "imdb", "tt1", ""},
		{library.Movie, "imdb", "../movie/1", ""}, {library.Movie, "anidb", "1", ""},
	} {
		if got, err := c.Find(t.Context(), x.kind, x.provider, x.value); err != nil || got != x.want {
			t.Errorf("%s %s: %q, %v; want %q", x.provider, x.value, got, err, x.want)
		}
	}
	if got, err := c.Season(t.Context(), "990002", 9); err != nil || len(got.Episodes) != 0 {
		t.Errorf("a season that is not there: %+v, %v", got, err)
	}
	if _, err := c.Work(t.Context(), library.Movie, "1/../2"); !errors.Is(err, library.ErrMatchNotFound) {
		t.Errorf("an ID that is a path: %v", err)
	}
}

func TestPicturesAreOfTMDBOnly(t *testing.T) {
	t.Parallel()
	s := play(t)
	c, _ := s.client(tmdb.Options{})
	if got, err := c.Picture(t.Context(), s.URL+"/t/p/w780/lantern.jpg"); err != nil ||
		string(got) != "picture w780/lantern.jpg" {
		t.Errorf("%q, %v", got, err)
	}
	asked := len(s.asked)
	for _, address := range []string{
		"http://169.254.169.254/latest", s.URL + "/t/p/../3/movie", s.URL + "/t/private/x.jpg", "file:///etc/passwd",
	} {
		if _, err := c.Picture(t.Context(), address); !errors.Is(err, library.ErrMatchNotFound) {
			t.Errorf("%s: %v", address, err)
		}
	}
	if len(s.asked) != asked {
		t.Errorf("it asked for %v", s.asked[asked:])
	}
}

func TestTriesAgainWhenThatMayHelp(t *testing.T) {
	t.Parallel()
	answer := func(code int, after string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", after)
			w.WriteHeader(code)
		}
	}
	for name, x := range map[string]struct {
		bad   []func(http.ResponseWriter)
		waits []time.Duration
		err   error
		asked int
	}{
		"too fast":    {[]func(http.ResponseWriter){answer(429, "7")}, []time.Duration{7 * time.Second}, nil, 2},
		"for an hour": {[]func(http.ResponseWriter){answer(429, "3600")}, []time.Duration{30 * time.Second}, nil, 2},
		"broken twice": {
			[]func(http.ResponseWriter){answer(502, ""), answer(500, "")},
			[]time.Duration{2 * time.Second, 4 * time.Second}, nil, 3,
		},
		"broken": {
			[]func(http.ResponseWriter){answer(500, ""), answer(500, ""), answer(500, "")},
			[]time.Duration{2 * time.Second, 4 * time.Second}, library.ErrProviderAway, 3,
		},
		"refused":   {[]func(http.ResponseWriter){answer(401, "")}, nil, library.ErrProviderRefused, 1},
		"not there": {[]func(http.ResponseWriter){answer(404, "")}, nil, library.ErrMatchNotFound, 1},
		"no answer": {[]func(http.ResponseWriter){func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, "<html>")
		}}, nil, library.ErrProviderUnclear, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := play(t, x.bad...)
			c, waits := s.client(tmdb.Options{})
			_, err := c.Work(t.Context(), library.Movie, "990001")
			if !errors.Is(err, x.err) {
				t.Errorf("%v; want %v", err, x.err)
			}
			if diff := cmp.Diff(x.waits, *waits); diff != "" || len(s.asked) != x.asked {
				t.Errorf("asked %d times; waits -want +got\n%s", len(s.asked), diff)
			}
		})
	}
}

// What goes wrong is told without the key: it ends in logs.
func TestTheKeyIsInNoError(t *testing.T) {
	t.Parallel()
	s := play(t)
	s.URL = "http://" + testkit.FreeAddress(t) // without a server
	c, _ := s.client(tmdb.Options{})
	_, err := c.Work(t.Context(), library.Movie, "990001")
	if !errors.Is(err, library.ErrProviderAway) || strings.Contains(err.Error(), key) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Work(ctx, library.Movie, "990001"); !errors.Is(err, context.Canceled) ||
		strings.Contains(err.Error(), key) {
		t.Errorf("got %v", err)
	}
}
