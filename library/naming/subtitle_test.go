package naming_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library/naming"
)

func TestSubtitlesOfAFilm(t *testing.T) {
	t.Parallel()
	type S = naming.SubtitleName
	for name, want := range map[string]S{
		"Heat (1995).srt":                        {Format: "srt"},
		"Heat (1995).en.srt":                     {Format: "srt", Language: "en"},
		"Heat (1995).eng.srt":                    {Format: "srt", Language: "en"},
		"Heat (1995).English.srt":                {Format: "srt", Language: "en"},
		"heat (1995).EN.SRT":                     {Format: "srt", Language: "en"},
		"Heat (1995).fr.forced.ass":              {Format: "ass", Language: "fr", Forced: true},
		"Heat (1995).forced.fr.ass":              {Format: "ass", Language: "fr", Forced: true},
		"Heat (1995).de.sdh.vtt":                 {Format: "vtt", Language: "de", SDH: true},
		"Heat (1995).en.cc.default.srt":          {Format: "srt", Language: "en", SDH: true, Default: true},
		"Heat (1995).en.hi.srt":                  {Format: "srt", Language: "en", SDH: true},
		"Heat (1995).hi.srt":                     {Format: "srt", Language: "hi"},
		"Heat (1995).hi.forced.srt":              {Format: "srt", Language: "hi", Forced: true},
		"Heat (1995).pt-BR.srt":                  {Format: "srt", Language: "pt-BR"},
		"Heat (1995).zh-Hant.srt":                {Format: "srt", Language: "zh-Hant"},
		"Heat (1995).es_419.srt":                 {Format: "srt", Language: "es-419"},
		"Heat (1995).Commentary.en.srt":          {Format: "srt", Language: "en", Title: "Commentary"},
		"Heat (1995).en.Director Commentary.srt": {Format: "srt", Language: "en", Title: "Director Commentary"},
		"Heat (1995)_en.srt":                     {Format: "srt", Language: "en"},
		"Heat (1995) [en].srt":                   {Format: "srt", Language: "en"},
		"Heat (1995).und.sup":                    {Format: "sup", Language: "und"},
		"Heat (1995).2.srt":                      {Format: "srt", Title: "2"},
	} {
		got, ok := naming.SubtitleOf(name, "Heat (1995).mkv")
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("%s: %v %s", name, ok, diff)
		}
	}
	for name, film := range map[string]string{
		"Heat 2 (1995).en.srt":     "Heat (1995).mkv",
		"Heat (1995)x.srt":         "Heat (1995).mkv",
		"Heat (1995).mkv":          "Heat (1995).mkv",
		"Hea.srt":                  "Heat.mkv",
		"Heat (1995)-trailer2.jpg": "Heat (1995).mkv",
	} {
		if s, ok := naming.SubtitleOf(name, film); ok {
			t.Errorf("%s is taken for subtitles of %s: %+v", name, film, s)
		}
	}
	// A film that ends like a language keeps its name.
	if s, ok := naming.SubtitleOf("Les.Vampires.fr.srt", "Les.Vampires.fr.mkv"); !ok || s.Language != "" {
		t.Errorf("got %+v, %v", s, ok)
	}
}

func TestSubtitleNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Heat (1995).en.forced.srt":  "Heat (1995)",
		"Heat.1995.1080p.eng.srt":    "Heat.1995.1080p",
		"Heat.srt":                   "Heat",
		"en.srt":                     "en",
		"Heat (1995) (en) [sdh].ass": "Heat (1995)",
		"Heat.en.fr.srt":             "Heat.en",
	} {
		if got, _ := naming.ParseSubtitle(name); got != want {
			t.Errorf("%s: stem %q, want %q", name, got, want)
		}
	}
}

// FuzzSubtitleName: any name is parsed, and what belongs to a film begins with its name.
func FuzzSubtitleName(f *testing.F) {
	f.Add("Heat (1995).en.forced.srt", "Heat (1995).mkv")
	f.Add("Heat.[de].[(sdh).ass", "heat.mkv")
	f.Add(".srt", "")
	f.Fuzz(func(t *testing.T, name, film string) {
		stem, parsed := naming.ParseSubtitle(name)
		if !strings.HasPrefix(name, stem) {
			t.Errorf("the stem of %q is %q", name, stem)
		}
		if (parsed.Format != "") != naming.IsSubtitle(name) {
			t.Errorf("%q has the format %q", name, parsed.Format)
		}
		if s, ok := naming.SubtitleOf(name, film); ok && s.Format == "" {
			t.Errorf("%q belongs to %q without a format", name, film)
		}
	})
}
