package artwork

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/id"
)

// layOut lays out a root: films with what they belong to, and pictures.
func layOut(films map[string]library.TitledFile, pictures ...string) (library.WalkedFolder, []library.TitledFile) {
	sc := library.WalkedFolder{Root: library.Root{ID: "r", Path: "/m"}, Path: "/m", Sidecars: make(map[string][]library.Sidecar)}
	var files []library.TitledFile
	for path, p := range films {
		p.Path = "/m/" + path
		files = append(files, p)
	}
	for _, path := range pictures {
		dir, name := filepath.Split("/m/" + path)
		dir = filepath.Clean(dir)
		sc.Sidecars[dir] = append(sc.Sidecars[dir], library.Sidecar{Name: name, Revision: "1|2|/m/" + path})
	}
	return sc, files
}

func TestPicturesAreFoundByName(t *testing.T) {
	t.Parallel()
	heat := library.TitledFile{Title: "heat", Kind: library.Movie}
	up := library.TitledFile{Title: "up", Kind: library.Movie}
	trailer := library.TitledFile{Title: "trailer", Kind: library.Extra, Parent: "heat"}
	lost := func(season int, title string) library.TitledFile {
		return library.TitledFile{
			Title: id.Title(title), Kind: library.Episode, Season: season, Parent: id.Title("lost-" + twoDigits(season)),
			Grandparent: "lost",
		}
	}
	for _, c := range []struct {
		name     string
		films    map[string]library.TitledFile
		pictures []string
		want     []string // "title kind path"
	}{
		{"a film in its folder has all kinds", map[string]library.TitledFile{"Heat (1995)/Heat.mkv": heat},
			[]string{
				"Heat (1995)/poster.jpg", "Heat (1995)/fanart.webp", "Heat (1995)/landscape.png",
				"Heat (1995)/clearlogo.png", "Heat (1995)/banner.jpeg", "Heat (1995)/random.jpg",
			},
			[]string{"heat backdrop Heat (1995)/fanart.webp", "heat banner Heat (1995)/banner.jpeg", "heat landscape Heat (1995)/landscape.png",
				"heat logo Heat (1995)/clearlogo.png", "heat poster Heat (1995)/poster.jpg"}},
		{"the film's own name is stronger than a general one, small and large letters are one", map[string]library.TitledFile{
			"Heat (1995)/Heat.mkv": heat,
		},
			[]string{
				"Heat (1995)/Poster.JPG", "Heat (1995)/HEAT-Poster.PNG", "Heat (1995)/heat-fanart.jpg",
				"Heat (1995)/fanart.jpg",
			},
			[]string{"heat backdrop Heat (1995)/heat-fanart.jpg", "heat poster Heat (1995)/HEAT-Poster.PNG"}},
		{"the first of the names counts", map[string]library.TitledFile{"Heat (1995)/Heat.mkv": heat},
			[]string{
				"Heat (1995)/movie.jpg", "Heat (1995)/cover.jpg", "Heat (1995)/folder.jpg", "Heat (1995)/thumb.jpg",
				"Heat (1995)/background.jpg", "Heat (1995)/backdrop.jpg", "Heat (1995)/logo.png",
			},
			[]string{
				"heat backdrop Heat (1995)/backdrop.jpg", "heat landscape Heat (1995)/thumb.jpg",
				"heat logo Heat (1995)/logo.png", "heat poster Heat (1995)/folder.jpg",
			}},
		{"of one name in several formats the JPEG", map[string]library.TitledFile{"Heat (1995)/Heat.mkv": heat},
			[]string{"Heat (1995)/poster.webp", "Heat (1995)/poster.png", "Heat (1995)/poster.jpg"},
			[]string{"heat poster Heat (1995)/poster.jpg"}},
		{"a picture with the film's name and nothing more", map[string]library.TitledFile{"Heat (1995)/Heat.mkv": heat},
			[]string{"Heat (1995)/Heat.jpg"}, []string{"heat poster Heat (1995)/Heat.jpg"}},
		{"in a folder of several films only names count", map[string]library.TitledFile{
			"flat/Heat.mkv": heat, "flat/Up.mkv": up,
		},
			[]string{"flat/poster.jpg", "flat/fanart.jpg", "flat/Up-poster.jpg"},
			[]string{"up poster flat/Up-poster.jpg"}},
		{"nor is the root a film's own folder", map[string]library.TitledFile{"Heat.mkv": heat}, []string{"poster.jpg"}, nil},
		{
			"but names count there too", map[string]library.TitledFile{"Heat.mkv": heat, "Up.mkv": up},
			[]string{"Heat-poster.jpg"}, []string{"heat poster Heat-poster.jpg"},
		},
		{"a film in parts has the pictures around them", map[string]library.TitledFile{
			"Heat (1995)/CD1/Heat cd1.mkv": heat, "Heat (1995)/CD2/Heat cd2.mkv": heat,
		},
			[]string{"Heat (1995)/poster.jpg"}, []string{"heat poster Heat (1995)/poster.jpg"}},
		{"two versions and an extra are one work", map[string]library.TitledFile{
			"Heat (1995)/Heat.mkv": heat, "Heat (1995)/Heat 4K.mkv": heat, "Heat (1995)/trailers/Trailer.mp4": trailer},
			[]string{
				"Heat (1995)/poster.jpg", "Heat (1995)/trailers/Trailer-thumb.jpg", "Heat (1995)/trailers/poster.jpg",
			},
			[]string{"heat poster Heat (1995)/poster.jpg", "trailer thumb Heat (1995)/trailers/Trailer-thumb.jpg"}},
		{"a series, its seasons and episodes", map[string]library.TitledFile{
			"Lost (2004)/Season 1/Lost S01E01.mkv": lost(1, "e1"),
			"Lost (2004)/Season 1/Lost S01E02.mkv": lost(1, "e2"),
			"Lost (2004)/Season 2/Lost S02E01.mkv": lost(2, "e3"),
			"Lost (2004)/Specials/Lost S00E01.mkv": lost(0, "e4")},
			[]string{"Lost (2004)/poster.jpg", "Lost (2004)/fanart.jpg", "Lost (2004)/banner.jpg", "Lost (2004)/season01-poster.jpg",
				"Lost (2004)/season02-banner.jpg", "Lost (2004)/season-specials-poster.jpg",
				"Lost (2004)/Season 1/poster.jpg",
				"Lost (2004)/Season 2/folder.jpg", "Lost (2004)/Season 1/Lost S01E01-thumb.jpg",
				"Lost (2004)/Season 1/Lost S01E02.jpg"},
			[]string{"e1 thumb Lost (2004)/Season 1/Lost S01E01-thumb.jpg", "e2 thumb Lost (2004)/Season 1/Lost S01E02.jpg",
				"lost backdrop Lost (2004)/fanart.jpg", "lost banner Lost (2004)/banner.jpg",
				"lost poster Lost (2004)/poster.jpg",
				"lost-00 poster Lost (2004)/season-specials-poster.jpg",
				"lost-01 poster Lost (2004)/season01-poster.jpg",
				"lost-02 banner Lost (2004)/season02-banner.jpg", "lost-02 poster Lost (2004)/Season 2/folder.jpg"}},
		{"a series without season folders", map[string]library.TitledFile{
			"Lost/Lost S01E01.mkv": lost(1, "e1"), "Lost/Lost S02E01.mkv": lost(2, "e2"),
		},
			[]string{"Lost/poster.jpg", "Lost/season1-poster.jpg"},
			[]string{"lost poster Lost/poster.jpg", "lost-01 poster Lost/season1-poster.jpg"}},
		{"thumbnails of Kodi, after all other formats", map[string]library.TitledFile{
			"Heat (1995)/Heat.mkv": heat, "Lost/Lost S01E01.mkv": lost(1, "e1"), "Up (2009)/Up.mkv": up,
		},
			[]string{
				"Heat (1995)/Heat.tbn", "Lost/Lost S01E01.tbn", "Lost/season01.tbn", "Lost/folder.tbn", "Up (2009)/poster.tbn",
				"Up (2009)/poster.png",
			},
			[]string{
				"e1 thumb Lost/Lost S01E01.tbn", "heat poster Heat (1995)/Heat.tbn", "lost poster Lost/folder.tbn",
				"lost-01 poster Lost/season01.tbn", "up poster Up (2009)/poster.png",
			}},
		{"a film in parts has those of its first part, and those without a part", map[string]library.TitledFile{
			"flat/Heat-cd1.mkv": heat, "flat/Heat-cd2.mkv": heat, "flat/Up part1.mkv": up, "flat/Up part2.mkv": up,
		},
			[]string{
				"flat/Heat-cd1-poster.jpg", "flat/Heat-cd2-poster.jpg", "flat/Heat-fanart.jpg", "flat/Up-poster.jpg",
				"flat/Up part2-fanart.jpg", "flat/folder.jpg",
			},
			[]string{
				"heat backdrop flat/Heat-fanart.jpg", "heat poster flat/Heat-cd1-poster.jpg",
				"up backdrop flat/Up part2-fanart.jpg", "up poster flat/Up-poster.jpg",
			}},
		{"a film in parts in its folder", map[string]library.TitledFile{
			"Heat (1995)/Heat-cd1.mkv": heat, "Heat (1995)/Heat-cd2.mkv": heat,
		},
			[]string{"Heat (1995)/folder.jpg", "Heat (1995)/fanart.jpg", "Heat (1995)/Heat-fanart.jpg"},
			[]string{"heat backdrop Heat (1995)/Heat-fanart.jpg", "heat poster Heat (1995)/folder.jpg"}},
		{"further backdrops, where there is none", map[string]library.TitledFile{
			"Heat (1995)/Heat.mkv": heat, "Up (2009)/Up.mkv": up, "Lost/Season 1/Lost S01E01.mkv": lost(1, "e1"),
		},
			[]string{
				"Heat (1995)/extrafanart/fanart10.jpg", "Heat (1995)/extrafanart/fanart2.jpg", "Up (2009)/extrafanart/a.jpg",
				"Up (2009)/fanart.jpg", "Lost/extrafanart/1.png", "Lost/poster.jpg",
			},
			[]string{
				"heat backdrop Heat (1995)/extrafanart/fanart2.jpg", "lost backdrop Lost/extrafanart/1.png",
				"lost poster Lost/poster.jpg", "up backdrop Up (2009)/fanart.jpg",
			}},
	} {
		sc, files := layOut(c.films, c.pictures...)
		m := newMatcher(sc)
		for _, f := range files {
			m.add(f)
		}
		var got []string
		for at, mark := range m.choose() {
			got = append(got, string(at.title)+" "+string(at.kind)+" "+strings.TrimPrefix(library.RevisionPath(mark), "/m/"))
		}
		slices.Sort(got)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestKeptPicturesAreReplacedOrGo(t *testing.T) {
	t.Parallel()
	sc, _ := layOut(nil, "a/poster.jpg")
	sc.Path = "/m/a"
	here := pictureSlot{"t", library.Poster}
	mark := "1|2|/m/a/poster.jpg"
	for _, c := range []struct {
		name   string
		chosen map[pictureSlot]string
		kept   library.Picture
		want   []job
	}{
		{"the same", map[pictureSlot]string{here: mark}, library.Picture{Revision: mark}, nil},
		{
			"changed", map[pictureSlot]string{here: mark}, library.Picture{Revision: "9|2|/m/a/poster.jpg"},
			[]job{{"t", library.Poster, mark}},
		},
		{
			"another name", map[pictureSlot]string{here: mark}, library.Picture{Revision: "9|2|/m/a/folder.jpg"},
			[]job{{"t", library.Poster, mark}},
		},
		{"gone", nil, library.Picture{Revision: "9|2|/m/a/folder.jpg"}, []job{{"t", library.Poster, ""}}},
		{
			"kept by an older version, found", map[pictureSlot]string{here: mark}, library.Picture{Key: "k"},
			[]job{{"t", library.Poster, mark}},
		},
		{"kept by an older version, gone", nil, library.Picture{Key: "k"}, []job{{"t", library.Poster, ""}}},
		{
			"elsewhere and gone from there", map[pictureSlot]string{here: mark},
			library.Picture{Revision: "9|2|/m/b/poster.jpg"}, []job{{"t", library.Poster, mark}},
		},
		{
			"in a file's own folder, not looked at and there", map[pictureSlot]string{here: mark},
			library.Picture{Revision: "9|2|/etc/hostname"}, nil,
		},
		{
			"the first", map[pictureSlot]string{here: mark}, library.Picture{Source: library.UploadedPicture, Revision: "sum"},
			[]job{{"t", library.Poster, mark}},
		},
		{"an upload stays", nil, library.Picture{Source: library.UploadedPicture, Revision: "sum"}, nil},
	} {
		c.kept.Title, c.kept.Kind = "t", library.Poster
		if c.kept.Source == "" {
			c.kept.Source = library.SidecarPicture
		}
		got := pictureChanges(sc, c.chosen, map[id.Title][]library.Picture{"t": {c.kept}})
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(job{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// What nothing changed in is not compared again.
func TestTheSumTellsWhatChanged(t *testing.T) {
	t.Parallel()
	films := map[string]library.TitledFile{"a/x.mkv": {Title: "x", Kind: library.Movie}, "b/y.mkv": {Title: "y", Kind: library.Movie}}
	sum := func(films map[string]library.TitledFile, pictures ...string) uint64 {
		sc, files := layOut(films, pictures...)
		c := newChecksum(sc)
		for _, f := range files {
			c.addFile(f)
		}
		return c.total
	}
	first := sum(films, "a/poster.jpg", "b/poster.jpg")
	if again := sum(films, "b/poster.jpg", "a/poster.jpg", "a/x.nfo"); again != first {
		t.Error("the order, or what is no picture, makes a difference")
	}
	if sum(films, "a/poster.jpg") == first {
		t.Error("a picture that went makes no difference")
	}
	other := map[string]library.TitledFile{"a/x.mkv": {Title: "z", Kind: library.Movie}, "b/y.mkv": {Title: "y", Kind: library.Movie}}
	if sum(other, "a/poster.jpg", "b/poster.jpg") == first {
		t.Error("another title makes no difference")
	}
}
