package hlscheck

import (
	"errors"
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/testkit"
)

func TestPackedIsTheSameStream(t *testing.T) {
	t.Parallel()
	single, packed := check(t, FS(good{}.fs())), check(t, FS(good{packed: true}.fs()))
	if diff := cmp.Diff(single, packed); diff != "" {
		t.Errorf("reports (-single +packed):\n%s", diff)
	}
}

func TestByteRangesCanFail(t *testing.T) {
	t.Parallel()
	const v1 = "v1/media.m3u8"
	list := good{packed: true}.fs()[v1]
	ranges := regexp.MustCompile(`BYTERANGE[:=]"?(\d+)@?(\d*)`).FindAllStringSubmatch(string(list.Data), -1)
	first, third, last := ranges[1], ranges[3], ranges[5]
	for _, c := range []struct {
		name       string
		old, new   string
		rule       Rule
		where      string
		alsoBroken bool
	}{
		{"no number", "BYTERANGE:" + first[1], "BYTERANGE:x", ByteRange, v1, true},
		{"empty", "BYTERANGE:" + first[1], "BYTERANGE:0", ByteRange, v1, true},
		{"signed", "BYTERANGE:" + first[1], "BYTERANGE:+" + first[1], ByteRange, v1, true},
		{"beyond all files", first[1] + "@" + first[2], first[1] + "@99999999999999999999", ByteRange, v1, true},
		{"no offset on the first", first[1] + "@" + first[2], first[1], ByteRange, v1, true},
		{"beyond the end", last[1] + "@" + last[2], last[1] + "1@" + last[2], ByteRange, "v1/all.mp4@" + last[2], false},
		{"map without quotes", `"0@0"`, "", ByteRange, v1, true},
		{"another segment", third[1] + "@" + third[2], first[1] + "@" + first[2], Contiguous, "v1/all.mp4@" + first[2], true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := replace(v1, c.old, c.new)
			if c.name == "map without quotes" {
				g = rewrite(v1, `BYTERANGE="(\d+@0)"`, "BYTERANGE=$1")
			}
			g.packed = true
			got := check(t, FS(g.fs())).Findings
			found := false
			for _, f := range got {
				found = found || f.Rule == c.rule && f.Where == c.where
			}
			if !found || !c.alsoBroken && len(got) != 1 {
				t.Errorf("want %s at %s, got %v", c.rule, c.where, got)
			}
		})
	}
}

// An origin redirects requests for a packed rendition to a store under another address.
func TestRangesFollowARedirect(t *testing.T) {
	t.Parallel()
	files := http.FileServerFS(good{packed: true}.fs())
	ignore := false
	store := testkit.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ignore {
			r.Header.Del("Range")
		} else if !strings.HasPrefix(r.Header.Get("Range"), "bytes=") || r.URL.Query().Get("right") != "secret" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		files.ServeHTTP(w, r)
	}))
	origin := testkit.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/all.mp4") {
			http.Redirect(w, r, store.URL+r.URL.Path+"?right=secret", http.StatusTemporaryRedirect)
			return
		}
		files.ServeHTTP(w, r)
	}))
	src, err := URL(origin.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r := check(t, src); !r.OK() || len(r.Renditions) != 3 || r.Renditions[0].Segments != 5 {
		t.Errorf("%v, %+v", r.Findings, r.Renditions)
	}
	short, err := src.OpenRange(t.Context(), "v1/all.mp4", 1<<40, 5)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := readAll(short, "v1/all.mp4", 5); err != nil || len(b) != 0 {
		t.Errorf("a range beyond the end: %d bytes, %v", len(b), err)
	}
	if _, err := src.OpenRange(t.Context(), "v1/none.mp4", 0, 5); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a range of nothing: %v", err)
	}
	ignore = true
	if _, err := Check(t.Context(), src); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("a server that ignores ranges was taken, or its address told: %v", err)
	}
}
