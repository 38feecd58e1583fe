package hlscheck

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/testkit"
)

func check(t *testing.T, src Source) Report {
	t.Helper()
	r, err := Check(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestGoodStreamHasNoFindings(t *testing.T) {
	t.Parallel()
	r := check(t, FS(good{}.fs()))
	for _, f := range r.Findings {
		t.Error(f)
	}
	type totals struct {
		Path, Kind, Codecs string
		Segments, Frames   int
		DurationMS         int64
	}
	var got []totals
	for _, x := range r.Renditions {
		got = append(got, totals{x.Path, x.Kind, x.Codecs, x.Segments, x.Frames, x.DurationMS})
		if x.Bytes == 0 || x.Peak < x.Average || x.Average == 0 {
			t.Errorf("%s: %d bytes, peak %d, average %d", x.Path, x.Bytes, x.Peak, x.Average)
		}
	}
	want := []totals{
		{"v1/media.m3u8", "video", "avc1.64001e", 5, 260, 10400},
		{"v2/media.m3u8", "video", "avc1.64001e", 5, 260, 10400},
		{"a1/media.m3u8", "audio", "mp4a.40.2", 5, 488, 10411},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("renditions (-want +got):\n%s", diff)
	}
}

// replace changes text of one file, which must hold the old text.
func replace(name, old, new string) good {
	return good{files: func(m map[string]string) {
		if !strings.Contains(m[name], old) {
			panic(name + " does not hold " + old)
		}
		m[name] = strings.Replace(m[name], old, new, 1)
	}}
}

// rewrite is replace with a pattern, for the first match.
func rewrite(name, pattern, new string) good {
	return good{files: func(m map[string]string) {
		re := regexp.MustCompile(pattern)
		old := re.FindString(m[name])
		if old == "" {
			panic(name + " does not match " + pattern)
		}
		m[name] = strings.Replace(m[name], old, re.ReplaceAllString(old, new), 1)
	}}
}

func inInit(rendition string, change func(*initSpec)) good {
	return good{init: func(name string, s *initSpec) {
		if name == rendition {
			change(s)
		}
	}}
}

func inSegment(rendition string, n int, change func(*fragmentSpec)) good {
	return good{fragment: func(name string, i int, s *fragmentSpec) {
		if name == rendition && i == n {
			change(s)
		}
	}}
}

func TestEachRuleCanFail(t *testing.T) {
	t.Parallel()
	const root, v1, a1 = "multivariant.m3u8", "v1/media.m3u8", "a1/media.m3u8"
	for _, c := range []struct {
		name  string
		rule  Rule
		where string
		g     good
	}{
		{"byte order mark", PlaylistSyntax, root, replace(root, "#EXTM3U", "\ufeff#EXTM3U")},
		{"no EXTM3U", PlaylistSyntax, v1, replace(v1, "#EXTM3U\n", "")},
		{"control character", PlaylistSyntax, v1, replace(v1, "#EXT-X-ENDLIST", "#\x01\n#EXT-X-ENDLIST")},
		{"not UTF-8", PlaylistSyntax, v1, replace(v1, "#EXT-X-ENDLIST", "#\xff\n#EXT-X-ENDLIST")},
		{"tag of the other kind", PlaylistSyntax, root, replace(root, "#EXT-X-MEDIA:", "#EXT-X-ENDLIST\n#EXT-X-MEDIA:")},
		{"EXTINF without comma", PlaylistSyntax, v1, replace(v1, "#EXTINF:1.000,", "#EXTINF:1.000")},
		{"open quotes", AttributeSyntax, root, replace(root, `,URI="a1/media.m3u8"`, `,URI="a1/media.m3u8",X-A="b`)},
		{"attribute twice", AttributeSyntax, root, replace(root, `AUDIO="audio"`, `AUDIO="audio",AUDIO="audio"`)},
		{"version 6", Version, root, replace(root, "VERSION:7", "VERSION:6")},
		{"no version", Version, v1, replace(v1, "#EXT-X-VERSION:7\n", "")},
		{"not independent", IndependentSegments, v1, replace(v1, "#EXT-X-INDEPENDENT-SEGMENTS\n", "")},
		{"absolute URI", RelativeURI, v1, replace(v1, `URI="init.mp4"`, `URI="init.mp4"`+"\n#EXTINF:0.0,\nhttp://other/x.m4s")},
		{"URI that leaves", RelativeURI, v1, replace(v1, `URI="init.mp4"`, `URI="init.mp4"`+"\n#EXTINF:0.0,\n../../x.m4s")},
		{"no BANDWIDTH", VariantAttributes, root, replace(root, "BANDWIDTH=", "X-BANDWIDTH=")},
		{"no FRAME-RATE", VariantAttributes, root, replace(root, "FRAME-RATE=25.000,", "")},
		{"no VIDEO-RANGE", VariantAttributes, root, replace(root, "VIDEO-RANGE=SDR,", "")},
		{"quoted captions", VariantAttributes, root, replace(root, "CLOSED-CAPTIONS=NONE", `CLOSED-CAPTIONS="NONE"`)},
		{"PROGRAM-ID", VariantAttributes, root, replace(root, "VIDEO-RANGE=SDR", "VIDEO-RANGE=SDR,PROGRAM-ID=0")},
		{"unknown group", AudioGroup, root, replace(root, `AUDIO="audio"`, `AUDIO="other"`)},
		{"variant without group", AudioGroup, root, replace(root, `,AUDIO="audio"`, "")},
		{"no CHANNELS", RenditionAttributes, root, replace(root, `CHANNELS="2",`, `CHANNELS=2,`)},
		{"bad language", RenditionAttributes, root, replace(root, `LANGUAGE="en"`, `LANGUAGE="english_"`)},
		{"quoted DEFAULT", RenditionAttributes, root, replace(root, "AUTOSELECT=YES", `AUTOSELECT="YES"`)},
		{"same name", UniqueName, root, replace(root, "#EXT-X-STREAM-INF", `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",CHANNELS="2",URI="a1/media.m3u8"`+"\n#EXT-X-STREAM-INF")},
		{"no default", OneDefault, root, replace(root, "DEFAULT=YES", "DEFAULT=NO")},
		{"two defaults", OneDefault, root, replace(root, "#EXT-X-STREAM-INF", `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Other",DEFAULT=YES,CHANNELS="2",URI="a1/media.m3u8"`+"\n#EXT-X-STREAM-INF")},
		{"no ENDLIST", CompletePlaylist, v1, replace(v1, "#EXT-X-ENDLIST\n", "")},
		{"EVENT", CompletePlaylist, v1, replace(v1, "TYPE:VOD", "TYPE:EVENT")},
		{"media sequence", MediaSequence, v1, replace(v1, "SEQUENCE:0", "SEQUENCE:1")},
		{"no target duration", TargetDuration, v1, replace(v1, "#EXT-X-TARGETDURATION:4\n", "#EXT-X-TARGETDURATION:4\n#EXT-X-TARGETDURATION:4\n")},
		{"no map", Map, v1, replace(v1, "#EXT-X-MAP:URI=\"init.mp4\"\n", "")},
		{"discontinuity", Discontinuity, v1, replace(v1, "#EXTINF:2.000", "#EXT-X-DISCONTINUITY\n#EXTINF:2.000")},
		{"segment missing", Missing, "v1/00002.m4s", good{files: func(m map[string]string) { delete(m, "v1/00002.m4s") }}},
		{"init missing", Missing, "a1/init.mp4", good{files: func(m map[string]string) { delete(m, "a1/init.mp4") }}},
		{"playlist missing", Missing, a1, good{files: func(m map[string]string) { delete(m, a1) }}},

		{"two tracks", InitBoxes, "v1/init.mp4", inInit("v1", func(s *initSpec) { s.tracks = 2 })},
		{"no mvex", InitBoxes, "v1/init.mp4", inInit("v1", func(s *initSpec) { s.movieExtends = false })},
		{"media in init", InitBoxes, "v1/init.mp4", inInit("v1", func(s *initSpec) { s.more = mkbox("mdat") })},
		{"init truncated", InitBoxes, "v1/init.mp4", good{files: func(m map[string]string) { m["v1/init.mp4"] = m["v1/init.mp4"][:200] }}},
		{"level above CODECS", CodecsMatch, "v1/init.mp4", inInit("v1", func(s *initSpec) { s.level = 32 })},
		{"other profile", CodecsMatch, "v1/init.mp4", inInit("v1", func(s *initSpec) { s.profile = 77 })},
		{"HE-AAC", CodecsMatch, "a1/init.mp4", inInit("a1", func(s *initSpec) { s.objectType = 5 })},
		{"44.1 kHz", CodecsMatch, "a1/init.mp4", inInit("a1", func(s *initSpec) { s.rateIndex = 4 })},
		{"other size", Resolution, "v2/init.mp4", inInit("v2", func(s *initSpec) { s.width = 322 })},
		{"mono", Channels, "a1/init.mp4", inInit("a1", func(s *initSpec) { s.channels = 1 })},

		{"sidx", SegmentBoxes, "v1/00001.m4s", inSegment("v1", 1, func(s *fragmentSpec) { s.before = mkbox("sidx", zeros(24)) })},
		{"mfra", SegmentBoxes, "a1/00004.m4s", inSegment("a1", 4, func(s *fragmentSpec) { s.after = mkbox("mfra") })},
		{"two fragments", SegmentBoxes, "v1/00001.m4s", inSegment("v1", 1, func(s *fragmentSpec) { s.after = join(mkbox("moof"), mkbox("mdat")) })},
		{"segment truncated", SegmentBoxes, "v1/00004.m4s", good{files: func(m map[string]string) { m["v1/00004.m4s"] = m["v1/00004.m4s"][:100] }}},
		{"not a box", SegmentBoxes, "v1/00004.m4s", good{files: func(m map[string]string) { m["v1/00004.m4s"] = "<html>" }}},
		{"unclaimed bytes", DataSize, "v1/00002.m4s", inSegment("v1", 2, func(s *fragmentSpec) { s.padding = 3 })},
		{"P picture first", IDR, "v1/00002.m4s", inSegment("v1", 2, func(s *fragmentSpec) { s.nal = 0x41 })},
		{"not marked as sync", SyncFlag, "v1/00003.m4s", inSegment("v1", 3, func(s *fragmentSpec) { s.firstFlags = sampleIsNonSync })},
		{"gap of a tick", Contiguous, "v2/00003.m4s", inSegment("v2", 3, func(s *fragmentSpec) { s.time++ })},
		{"no tfdt", Contiguous, "v2/00004.m4s", inSegment("v2", 4, func(s *fragmentSpec) { s.withoutTime = true })},
		{"no sample", Samples, "v1/00004.m4s", inSegment("v1", 4, func(s *fragmentSpec) { s.count = 0 })},
		{"picture two frames late", PresentationStart, "v1/00000.m4s", inInit("v1", func(s *initSpec) { s.mediaTime = 0 })},

		{"same target", SameTarget, "v2/media.m3u8", replace("v2/media.m3u8", "TARGETDURATION:4", "TARGETDURATION:5")},
		{"peak", PeakBandwidth, "v1/", rewrite(root, `BANDWIDTH=\d+,AVERAGE-BANDWIDTH=(\d+)`, "BANDWIDTH=$1,AVERAGE-BANDWIDTH=$1")},
		{"frame rate", FrameRate, "v1/", replace(root, "FRAME-RATE=25.000", "FRAME-RATE=24.000")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := check(t, FS(c.g.fs())).Findings
			if len(got) != 1 || got[0].Rule != c.rule || got[0].Where != c.where {
				t.Errorf("want exactly %s at %s, got %v", c.rule, c.where, got)
			}
			if c.rule.Section() == "" {
				t.Errorf("%s names no section", c.rule)
			}
		})
	}
}

// Some faults cannot come alone; these must be among the findings.
func TestRulesThatFailTogether(t *testing.T) {
	t.Parallel()
	const v2 = "v2/media.m3u8"
	for _, c := range []struct {
		name string
		want []Rule
		g    good
	}{
		{"EXTINF 4 s too long", []Rule{TargetDuration, Boundary, SameDuration}, replace(v2, "#EXTINF:1.000", "#EXTINF:5.000")},
		{"EXTINF 3 ms off", []Rule{Boundary}, replace(v2, "#EXTINF:1.000", "#EXTINF:1.003")},
		{"a segment left out", []Rule{SegmentCount, SameDuration}, replace(v2, "#EXTINF:2.400,\n00004.m4s\n", "")},
		{"one frame more at the end", []Rule{Boundary}, inSegment("v2", 4, func(s *fragmentSpec) { s.count++ })},
		{"samples beyond mdat", []Rule{DataSize}, inSegment("v1", 4, func(s *fragmentSpec) { s.padding = -5 })},
		{"average", []Rule{AverageBitrate}, rewrite("multivariant.m3u8", `AVERAGE-BANDWIDTH=\d+`, "AVERAGE-BANDWIDTH=1000")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := make(map[Rule]bool)
			for _, f := range check(t, FS(c.g.fs())).Findings {
				got[f.Rule] = true
			}
			for _, r := range c.want {
				if !got[r] {
					t.Errorf("want %s among %v", r, got)
				}
			}
		})
	}
}

func TestRepeatedFindingsAreCounted(t *testing.T) {
	t.Parallel()
	g := good{fragment: func(name string, _ int, s *fragmentSpec) {
		if name == "v1" {
			s.nal = 0x41
		}
	}}
	got := check(t, FS(g.fs())).Findings
	if len(got) != 1 || got[0].Times != 5 || !strings.HasSuffix(got[0].String(), "and 4 more like it") {
		t.Errorf("got %v", got)
	}
}

func TestURLSource(t *testing.T) {
	t.Parallel()
	tries := 0
	files := http.FileServerFS(good{}.fs())
	server := testkit.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/media/secret/v1/00003.m4s" {
			if tries++; tries == 1 { // it is being made
				w.Header().Set("Retry-After", "1")
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
		}
		http.StripPrefix("/media/secret", files).ServeHTTP(w, r)
	}))
	for _, address := range []string{"/media/secret", "/media/secret/", "/media/secret/multivariant.m3u8"} {
		src, err := URL(server.URL+address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r := check(t, src); !r.OK() || len(r.Renditions) != 3 {
			t.Errorf("%s: %v, %d renditions", address, r.Findings, len(r.Renditions))
		}
	}
	src, err := URL(server.URL+"/media/other-secret", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Check(t.Context(), src); !errors.Is(err, fs.ErrNotExist) ||
		strings.Contains(err.Error(), "other-secret") {
		t.Errorf("want a missing stream without its address, got %v", err)
	}
	if _, err := URL("file:///etc/passwd", nil); err == nil {
		t.Error("a file address was taken")
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Check(ctx, FS(good{}.fs())); !errors.Is(err, context.Canceled) {
		t.Errorf("want the end of the context, got %v", err)
	}
}
