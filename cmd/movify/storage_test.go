package main_test

import (
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"movify/pkg/blob/s3/s3test"
	"movify/pkg/hlscheck"
	"movify/pkg/testkit"
)

// TestAFilmThroughFaultyStorage encodes a film into a storage that fails half of the requests, and plays it in each delivery
// mode: every segment has the bytes that the encode log recorded.
func TestAFilmThroughFaultyStorage(t *testing.T) {
	t.Parallel()
	b, data, films := newBucket(t), filepath.Join(t.TempDir(), "data"), t.TempDir()
	b.proxy.Inject(s3test.Everything(1, 0.1))
	const secret = "shared with the origin"
	network := b.origin(t, secret)
	shared := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(shared, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	first := serve(t, data, films, b.settings()...)
	first.setUp()
	drop(t, testkit.Film(t, 640, 360, 60), filepath.Join(films, "Long Walk (2019).mkv"))
	title := first.title("Long Walk")
	first.ready(title.ID)
	first.allPacked(b, title.ID)
	made := first.sums(title.ID)
	first.stop()

	for _, mode := range []struct {
		name     string
		settings []string
	}{
		{"proxy", []string{"MOVIFY_STORAGE_DELIVERY=proxy"}},
		{"redirect", []string{"MOVIFY_STORAGE_DELIVERY=redirect"}},
		{"cdn", []string{"MOVIFY_STORAGE_DELIVERY=cdn", "MOVIFY_STORAGE_CDN_KIND=hmac-sha256",
			"MOVIFY_STORAGE_CDN_BASE_URL=" + network.URL, "MOVIFY_STORAGE_CDN_SECRET_FILE=" + shared}},
	} {
		t.Run(mode.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, duplicate(t, data), films, b.settings(mode.settings...)...)
			s.signIn()
			p := s.play(title.ID)
			src, err := hlscheck.URL(s.url+p.Manifest, patientClient())
			if err != nil {
				t.Fatal(err)
			}
			report, err := hlscheck.Check(t.Context(), src)
			if err != nil || !report.OK() {
				t.Errorf("hlscheck: %v, %v", err, report.Findings)
			}
			if got := s.played(p.Manifest); len(got) != len(made) {
				t.Errorf("%d segments were played, %d were made", len(got), len(made))
			} else {
				for name, sum := range got {
					if made[name] != sum {
						t.Errorf("%s is not what was made", name)
					}
				}
			}
			browser := s.play(title.ID) // a playback is one device's
			seen := run(t, testkit.Need(t, "node"), "../../web/test/ladder/through.mjs", "--patient", "--rate=4", s.url+browser.Manifest)
			if direct := !strings.Contains(seen, `"redirects":0`); direct != (mode.name != "proxy") {
				t.Errorf("%s: hls.js was sent elsewhere: %v", mode.name, direct)
			}
			t.Log(seen)
		})
	}
}

// allPacked waits until every rendition of a title is one object in the bucket, and nothing else of it is left there.
func (s *server) allPacked(b *bucket, title string) {
	s.t.Helper()
	videos, audios := s.variants(s.play(title).Manifest)
	s.until("everything is packed", func() bool {
		packed, single := 0, 0
		for _, key := range b.keys(s.t) {
			switch {
			case path.Base(key) == "all.mp4":
				packed++
			case path.Ext(key) == ".m4s":
				single++
			}
		}
		return packed == len(videos)+len(audios) && single == 0
	})
}

// sums gives the sha256 of every segment of a title as the encode log has it, by "rendition/00042.m4s".
func (s *server) sums(title string) map[string]string {
	s.t.Helper()
	var log struct{ Items []logEntry }
	s.call("GET", "/api/v1/titles/"+title+"/encode-log", nil, &log, 200)
	out := map[string]string{}
	for _, e := range log.Items {
		if !e.Duplicate {
			out[e.Rendition+"/"+segmentName(e.Segment)] = e.SHA256
		}
	}
	return out
}

// part is a segment, or an Init Section, as a media playlist names it.
type part struct {
	address        string
	offset, length int64 // of a byte range; length 0 = all of it
}

var byteRange = regexp.MustCompile(`BYTERANGE[:=]"?(\d+)@(\d+)`)

// parts reads a media playlist, of either kind, in order; the Init Section comes first.
func (s *server) parts(address string) []part {
	s.t.Helper()
	var out []part
	next := part{}
	for _, line := range strings.Split(string(s.must(address)), "\n") {
		if m := byteRange.FindStringSubmatch(line); m != nil {
			next.length, _ = strconv.ParseInt(m[1], 10, 64)
			next.offset, _ = strconv.ParseInt(m[2], 10, 64)
		}
		uri := line
		if m := regexp.MustCompile(`EXT-X-MAP:URI="([^"]+)"`).FindStringSubmatch(line); m != nil {
			uri = m[1]
		} else if line == "" || line[0] == '#' {
			continue
		}
		next.address = path.Dir(address) + "/" + uri
		out = append(out, next)
		next = part{}
	}
	return out
}

// bytes fetches a part as a player does.
func (s *server) bytes(client *http.Client, p part) []byte {
	s.t.Helper()
	if p.length > 0 {
		return ranged(s.t, client, s.url+p.address, p.offset, p.length)
	}
	return s.must(p.address)
}

// played gives the sha256 of every segment as the playlists name it and a player fetches it.
func (s *server) played(manifest string) map[string]string {
	s.t.Helper()
	videos, audios := s.variants(manifest)
	out, client := map[string]string{}, patientClient()
	for _, playlist := range append(videos, audios...) {
		for n, p := range s.parts(playlist)[1:] {
			out[path.Base(path.Dir(playlist))+"/"+segmentName(n)] = digest(s.bytes(client, p))
		}
	}
	return out
}

// TestRequestsToStorageAreFew counts the requests to the storage, from the first viewer to a film that is cached.
func TestRequestsToStorageAreFew(t *testing.T) {
	t.Parallel()
	b, data, films := newBucket(t), filepath.Join(t.TempDir(), "data"), t.TempDir()
	just := serve(t, data, films, b.settings("MOVIFY_TRANSCODE_LADDER=never")...)
	just.setUp()
	drop(t, testkit.Film(t, 640, 360, 60), filepath.Join(films, "Long Walk (2019).mkv"))
	title := just.title("Long Walk")

	b.proxy.Reset()
	p := just.play(title.ID)
	videos, audios := just.variants(p.Manifest)
	for _, playlist := range []string{videos[0], audios[0]} {
		_, segments := just.playlist(playlist)
		for _, address := range segments[:4] {
			just.must(address)
			b.stored(t, just, just.shared(b, address))
		}
	}
	for key, n := range b.asked(s3test.Put) {
		if n > 1 {
			t.Errorf("%s was put %d times", key, n)
		}
	}
	// Segments that are being made are served from here. The plan is asked for twice in a film's life: when the file is first
	// checked, which may come before or after its page, and when it is first played.
	if lists := b.asked(s3test.List); len(lists) > 0 {
		t.Errorf("a viewer of what is being made had things listed: %v", lists)
	}
	for key, n := range b.asked(s3test.Get) {
		if path.Base(key) != "plan.json" || n > 2 {
			t.Errorf("a viewer of what is being made had %s read %d times", key, n)
		}
	}
	just.stop()

	b.proxy.Reset()
	background := serve(t, data, films, b.settings()...)
	background.signIn()
	background.ready(title.ID)
	background.allPacked(b, title.ID)
	videos, audios = background.variants(background.play(title.ID).Manifest)
	puts := 0
	for key, n := range b.asked(s3test.Put) {
		if n > 1 {
			t.Errorf("%s was put %d times", key, n)
		}
		puts += n
	}
	if most := 3 * (len(videos) + len(audios)); puts > most {
		t.Errorf("%d puts for the ladder, want no more than %d: %v", puts, most, b.asked(s3test.Put))
	}
	background.stop()

	// A restart with a cold cache, and the film from the storage: the listing on disk is enough to know what there is.
	b.proxy.Reset()
	s := serve(t, data, films, b.settings()...)
	s.signIn()
	p = s.play(title.ID)
	viewed := len(s.played(p.Manifest))
	for key, n := range b.asked(s3test.Get) {
		viewed -= n
		if path.Base(key) != "all.mp4" {
			t.Errorf("a viewer of a whole film had %s read", key)
		}
	}
	if n := b.proxy.Counts(); viewed < 0 || n[s3test.List] > 0 {
		t.Errorf("%d more reads than segments viewed, and lists: %v", -viewed, n)
	}
	b.proxy.Reset()
	s.played(s.play(title.ID).Manifest)
	if n := b.proxy.Counts(); n[s3test.Get] > 0 {
		t.Errorf("viewed again: %v", n)
	}
}

// shared is the key under which a segment stands in the bucket by itself.
func (s *server) shared(b *bucket, address string) string {
	s.t.Helper()
	suffix := path.Base(path.Dir(address)) + "/" + path.Base(address)
	found := ""
	s.until(suffix+" is shared", func() bool {
		for _, key := range b.keys(s.t) {
			if strings.HasSuffix(key, "/"+suffix) {
				found = key
			}
		}
		return found != ""
	})
	return found
}

// asked counts the requests of a kind by key, without the engine's tests of the storage at its start.
func (b *bucket) asked(kind s3test.Kind) map[string]int {
	out := map[string]int{}
	for _, r := range b.proxy.Requests() {
		if r.Kind == kind && !strings.Contains(r.Key, "/.movify/") {
			out[r.Key]++
		}
	}
	return out
}

// TestTheBucketStaysPrivate crawls the bucket without credentials, and shows that addresses die after their life.
func TestTheBucketStaysPrivate(t *testing.T) {
	t.Parallel()
	b, data, films := newBucket(t), filepath.Join(t.TempDir(), "data"), t.TempDir()
	const secret = "shared with the origin"
	network := b.origin(t, secret)
	shared := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(shared, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, data, films, b.settings("MOVIFY_STORAGE_DELIVERY=redirect", "MOVIFY_STORAGE_LINK_LIFE=2s")...)
	s.setUp()
	drop(t, testkit.Film(t, 640, 360, 13), filepath.Join(films, "Long Walk (2019).mkv"))
	title := s.title("Long Walk")
	s.ready(title.ID)
	s.allPacked(b, title.ID)

	keys := b.keys(t)
	for _, address := range []string{b.Endpoint, b.Endpoint + "/" + b.name, b.Endpoint + "/" + b.name + "?list-type=2", network.URL + "/"} {
		if got := anonymous(t, "GET", address); got != http.StatusForbidden {
			t.Errorf("GET %s without credentials: %d", address, got)
		}
	}
	for _, key := range keys {
		for _, method := range []string{"GET", "HEAD", "PUT", "DELETE"} {
			if got := anonymous(t, method, b.Endpoint+"/"+b.name+"/"+key); got != http.StatusForbidden {
				t.Errorf("%s %s without credentials: %d", method, key, got)
			}
		}
		if got := anonymous(t, "GET", network.URL+"/"+key); got != http.StatusForbidden {
			t.Errorf("GET %s at the network: %d", key, got)
		}
	}
	s.dies(title.ID, "?X-Amz-")
	s.stop()

	cdn := serve(t, data, films, b.settings("MOVIFY_STORAGE_DELIVERY=cdn", "MOVIFY_STORAGE_LINK_LIFE=2s", "MOVIFY_STORAGE_CDN_KIND=hmac-sha256",
		"MOVIFY_STORAGE_CDN_BASE_URL="+network.URL, "MOVIFY_STORAGE_CDN_SECRET_FILE="+shared)...)
	cdn.signIn()
	cdn.dies(title.ID, "?expires=")
}

// dies shows that an address outside works, that it is for one blob, and that it works no more after its life. After the
// session has ended no new one is given.
func (s *server) dies(title, sign string) {
	s.t.Helper()
	p := s.play(title)
	videos, _ := s.variants(p.Manifest)
	all := path.Dir(videos[0]) + "/all.mp4"
	var at string
	s.until("a fresh address outside is used within its life", func() bool {
		at = s.location(all)
		if !strings.Contains(at, sign) {
			s.t.Fatalf("the address outside is not signed: %s", at)
		}
		status, data := someBytes(s.t, http.DefaultClient, at, 4, 4)
		if status == http.StatusPartialContent && string(data) != "ftyp" {
			s.t.Fatalf("the address outside gives %q", data)
		}
		return status == http.StatusPartialContent
	})
	u, err := url.Parse(at)
	if err != nil {
		s.t.Fatal(err)
	}
	u.Path = path.Dir(path.Dir(u.Path)) + "/plan.json"
	if got := anonymous(s.t, "GET", u.String()); got != http.StatusForbidden {
		s.t.Errorf("an address for one blob opens another: %d", got)
	}
	s.until("the address has died", func() bool { return anonymous(s.t, "GET", at) == http.StatusForbidden })
	s.call("POST", "/api/v1/sessions/"+p.ID+"/stop", map[string]any{}, nil, 204)
	if status, _ := s.fetch(all); status != http.StatusForbidden {
		s.t.Errorf("after the session: %d", status)
	}
}
