package metadata

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/id"
)

// randomTree makes films and sidecars in folders of each kind, some described by an NFO file before.
func randomTree(random *rand.Rand) (library.WalkedFolder, []library.DescribedFile) {
	walked := library.WalkedFolder{
		Root: library.Root{ID: "r", Path: "/m"}, Path: "/m", Sidecars: make(map[string][]library.Sidecar),
	}
	folders := []string{"/m"}
	for len(folders) < 30 {
		name := []string{"a", "b", "Subs", "Heat", "Season 1", "Lost"}[random.IntN(6)]
		folders = append(folders, filepath.Join(folders[random.IntN(len(folders))], name))
	}
	slices.Sort(folders)
	folders = slices.Compact(folders)
	revision := func(path string) string { return "1|1|" + path }
	for _, dir := range folders {
		for _, name := range []string{"Heat.nfo", "movie.nfo", "tvshow.nfo", "season.nfo", "season01.nfo", "Heat.en.srt", "2_en.srt",
			"poster.jpg"} {
			if random.IntN(25) == 0 {
				path := filepath.Join(dir, name)
				walked.Sidecars[dir] = append(walked.Sidecars[dir], library.Sidecar{Name: name, Revision: revision(path)})
			}
		}
	}
	old := func() string {
		if random.IntN(12) > 0 {
			return ""
		}
		return revision(filepath.Join(folders[random.IntN(len(folders))], "tvshow.nfo"))
	}
	var films []library.DescribedFile
	for n, dir := range folders {
		for _, name := range []string{"Heat.mkv", "Up.mkv"} {
			f := library.DescribedFile{File: id.File(fmt.Sprint(name, n)), Path: filepath.Join(dir, name)}
			switch random.IntN(4) {
			case 0:
			case 1:
				f.Works = []library.DescribedWork{{ID: id.Title("m" + f.File), Kind: library.Movie, Revision: old()}}
			default:
				series := fmt.Sprint("s", random.IntN(3))
				f.Works = []library.DescribedWork{
					{ID: id.Title("e" + f.File), Kind: library.Episode, Season: 1, Episode: n, Revision: old()},
					{ID: id.Title(series + "-1"), Kind: library.Season, Season: 1},
					{ID: id.Title(series), Kind: library.Series},
				}
			}
			if f.Works != nil {
				films = append(films, f)
			}
		}
	}
	return walked, films
}

// TestOnlyFilmsNearSidecarsAreNeeded: NFO files and subtitles are assigned to the same films as when all films are given.
func TestOnlyFilmsNearSidecarsAreNeeded(t *testing.T) {
	t.Parallel()
	left, chosen := 0, 0
	for seed := range uint64(2000) {
		walked, films := randomTree(rand.New(rand.NewPCG(seed, 1)))
		near := newSidecarFolders(walked)
		some := slices.DeleteFunc(slices.Clone(films), func(f library.DescribedFile) bool { return !near.concern(f) })
		left += len(films) - len(some)
		gone := func(string) bool { return true }
		pick := func(films []library.DescribedFile) ([]nfoChoice, map[id.File][]library.Subtitle) {
			choices := chooseNFOs(films, walked, gone)
			slices.SortFunc(choices, func(a, b nfoChoice) int { return cmp.Compare(a.work.ID, b.work.ID) })
			chosen += len(choices)
			return choices, chooseSubtitles(films, walked)
		}
		allNFOs, allSubtitles := pick(films)
		someNFOs, someSubtitles := pick(some)
		if diff := gocmp.Diff(allNFOs, someNFOs, gocmp.AllowUnexported(nfoChoice{})); diff != "" {
			t.Fatalf("seed %d: NFO files (-all +near)\n%s", seed, diff)
		}
		if diff := gocmp.Diff(allSubtitles, someSubtitles); diff != "" {
			t.Fatalf("seed %d: subtitles (-all +near)\n%s", seed, diff)
		}
	}
	if left < 1000 || chosen < 1000 {
		t.Errorf("%d films were left out and %d files chosen: the trees show nothing", left, chosen)
	}
}

// TestSubtitleFolderBesideSeveralFilms: its files belong to the films they are named after, and others to none.
func TestSubtitleFolderBesideSeveralFilms(t *testing.T) {
	t.Parallel()
	walked := library.WalkedFolder{Root: library.Root{ID: "r", Path: "/m"}, Path: "/m", Sidecars: map[string][]library.Sidecar{
		"/m/Subs":      {{Name: "Heat.en.srt"}, {Name: "2_English.srt"}},
		"/m/Subs/Subs": {{Name: "English.srt"}},
		"/m/a/Subs":    {{Name: "English.srt"}}, // beside no film
	}}
	films := []library.DescribedFile{{File: "heat", Path: "/m/Heat.mkv"}, {File: "up", Path: "/m/Up.mkv"}}
	got := chooseSubtitles(films, walked)
	if len(got) != 1 || len(got["heat"]) != 1 || got["heat"][0].Path != "/m/Subs/Heat.en.srt" || got["heat"][0].Language != "en" {
		t.Errorf("got %+v", got)
	}
}
