package artwork

import (
	"cmp"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"movify/library"
	"movify/library/naming"
	"movify/pkg/id"
)

// pictureSlot is one kind of picture of one title.
type pictureSlot struct {
	title id.Title
	kind  library.PictureKind
}

// pictureNames are the names of a kind of picture of a movie, series or season in its folder and, prefixed by the name
// of a film and a dash, beside that film; strongest first. They are those documented by Kodi, Jellyfin and Plex.
func pictureNames(kind library.PictureKind) []string {
	switch kind {
	case library.Poster:
		return []string{"poster", "folder", "cover", "movie", "show", "default"}
	case library.Backdrop:
		return []string{"fanart", "backdrop", "background"}
	case library.Landscape:
		return []string{"landscape", "thumb"}
	case library.Logo:
		return []string{"clearlogo", "logo"}
	case library.Banner:
		return []string{"banner"}
	}
	return nil
}

// folderPictureKinds are the kinds that the work of a folder may have.
func folderPictureKinds() []library.PictureKind {
	return []library.PictureKind{library.Poster, library.Backdrop, library.Landscape, library.Logo, library.Banner}
}

// pictureFormats are the file extensions of pictures, preferred ones first. A ".tbn" of Kodi is a JPEG or PNG.
func pictureFormats() []string { return []string{".jpg", ".jpeg", ".png", ".webp", ".tbn"} }

func isPicture(name string) bool {
	return slices.Contains(pictureFormats(), strings.ToLower(filepath.Ext(name)))
}

// filmsInFolder are the films of one work in one folder. They all have the same work folder.
type filmsInFolder struct {
	work id.Title
	dir  string
}

// matcher assigns the picture files of a walked folder to titles by name, and gives their revisions. A picture with the
// name of a film belongs to that film. One with a generic name ("poster.jpg") belongs to the movie or series that alone has
// files in and below the folder. Pictures of a season are in its folder, or in that of the series with its number.
//
// It keeps the films near a picture only; most libraries have many others.
type matcher struct {
	root         library.Root
	pictures     map[string]map[string]string // folder → stem in lower case → revision
	above        map[string]bool              // the folders around those with pictures
	folderWork   map[string]id.Title          // folder → the only movie or series below it, "" = several
	folderSeason map[string]id.Title          // folder → the only season with films in it, "" = several
	workFolders  map[filmsInFolder]string
	films        []library.TitledFile
	chosen       map[pictureSlot]string // revisions
}

func newMatcher(walked library.WalkedFolder) *matcher {
	g := &matcher{
		root: walked.Root, pictures: picturesByStem(walked.Sidecars), above: make(map[string]bool),
		folderWork: make(map[string]id.Title), folderSeason: make(map[string]id.Title),
		workFolders: make(map[filmsInFolder]string), chosen: make(map[pictureSlot]string),
	}
	for dir := range g.pictures {
		g.above[filepath.Dir(dir)] = true
	}
	return g
}

// add adds a film of the folder. All of them are added before choose.
func (g *matcher) add(p library.TitledFile) {
	if len(g.pictures) == 0 {
		return
	}
	g.indexFolder(p)
	if g.hasPicture(filepath.Dir(p.Path)) {
		g.films = append(g.films, p)
	}
}

// choose assigns the pictures.
func (g *matcher) choose() map[pictureSlot]string {
	slices.SortFunc(g.films, func(a, b library.TitledFile) int { return cmp.Compare(a.Path, b.Path) })
	for _, p := range g.films {
		g.assign(p)
	}
	return g.chosen
}

// picturesByStem returns the pictures by folder and stem. Of several formats the first of pictureFormats wins.
func picturesByStem(sidecars map[string][]library.Sidecar) map[string]map[string]string {
	out := make(map[string]map[string]string)
	for dir, list := range sidecars {
		for _, format := range pictureFormats() {
			for _, p := range list {
				stem, ext := library.SplitName(strings.ToLower(p.Name))
				if ext != format {
					continue
				}
				if out[dir] == nil {
					out[dir] = make(map[string]string)
				}
				if _, taken := out[dir][stem]; !taken {
					out[dir][stem] = p.Revision
				}
			}
		}
	}
	return out
}

// indexFolder records the work of a film for its folder and those above, where pictures are in, above or just below them.
func (g *matcher) indexFolder(p library.TitledFile) {
	dir := filepath.Dir(p.Path)
	if p.Kind == library.Episode && g.hasPicture(dir) {
		if season, ok := g.folderSeason[dir]; !ok {
			g.folderSeason[dir] = p.Parent
		} else if season != p.Parent {
			g.folderSeason[dir] = ""
		}
	}
	for ; g.root.Contains(dir) && dir != g.root.Path; dir = filepath.Dir(dir) {
		if !g.above[dir] && !g.hasPicture(dir) {
			continue
		}
		was, ok := g.folderWork[dir]
		switch {
		case !ok:
			g.folderWork[dir] = topTitle(p)
		case was == topTitle(p):
			return // recorded for the folders above as well
		default:
			g.folderWork[dir] = ""
		}
	}
}

// assign assigns pictures to the title of a film and its parents.
func (g *matcher) assign(p library.TitledFile) {
	dir := filepath.Dir(p.Path)
	home := g.workFolder(p)
	stem, _ := library.SplitName(strings.ToLower(filepath.Base(p.Path)))
	switch p.Kind {
	case library.Movie:
		whole := naming.WithoutPart(stem)
		for _, kind := range folderPictureKinds() {
			g.assignFirst(p.Title, kind, dir, stem+"-", pictureNames(kind))
			g.assignFirst(p.Title, kind, dir, whole+"-", pictureNames(kind))
			g.assignGeneric(p.Title, kind, home, topTitle(p))
			g.assignGeneric(p.Title, kind, dir, topTitle(p))
		}
		g.assignFirst(p.Title, library.Poster, dir, "", []string{stem, whole})
		g.assignExtraFanart(p.Title, home, p.Title)
		g.assignExtraFanart(p.Title, dir, p.Title)
	case library.Episode:
		g.assignFirst(p.Title, library.Thumb, dir, "", []string{stem + "-thumb", stem, stem + "-landscape"})
		for _, kind := range folderPictureKinds() {
			g.assignGeneric(p.Grandparent, kind, home, p.Grandparent)
			for _, number := range seasonPictureNames(p.Season) {
				g.assignFirst(p.Parent, kind, home, number+"-", pictureNames(kind))
				g.assignFirst(p.Parent, kind, dir, number+"-", pictureNames(kind))
			}
			g.assignFirst(p.Parent, library.Poster, home, "", seasonPictureNames(p.Season))
			if dir != home && g.folderSeason[dir] == p.Parent {
				g.assignFirst(p.Parent, kind, dir, "", pictureNames(kind))
			}
		}
		g.assignExtraFanart(p.Grandparent, home, p.Grandparent)
	case library.Extra:
		g.assignFirst(p.Title, library.Thumb, dir, "", []string{stem + "-thumb", stem, stem + "-landscape"})
		g.assignFirst(p.Title, library.Poster, dir, stem+"-", pictureNames(library.Poster))
	}
}

// workFolder is workFolderOf, parsing as few paths as possible: parsing dominates the cost of matching.
func (g *matcher) workFolder(p library.TitledFile) string {
	dir := filepath.Dir(p.Path)
	if p.Kind == library.Movie && g.folderWork[filepath.Dir(dir)] != topTitle(p) {
		return dir // a folder above is not the film's own, whatever its name says
	}
	at := filmsInFolder{topTitle(p), dir}
	home, known := g.workFolders[at]
	if !known {
		home = workFolderOf(g.root, p)
		g.workFolders[at] = home
	}
	return home
}

// hasPicture reports whether there is a picture in a folder or in one above it.
func (g *matcher) hasPicture(dir string) bool {
	for len(g.pictures[dir]) == 0 && len(g.pictures[filepath.Join(dir, extraFanart)]) == 0 {
		if dir = filepath.Dir(dir); dir == g.root.Path || !g.root.Contains(dir) {
			return false // a picture in the root can only belong to a film beside it
		}
	}
	return true
}

// assignGeneric assigns a picture with a generic name from a folder that belongs to one work.
func (g *matcher) assignGeneric(t id.Title, kind library.PictureKind, dir string, whole id.Title) {
	if dir != "" && g.folderWork[dir] == whole {
		g.assignFirst(t, kind, dir, "", pictureNames(kind))
	}
}

// extraFanart is a folder of further backdrops of a movie or series, beside its other pictures.
const extraFanart = "extrafanart"

// assignExtraFanart assigns the first further backdrop of a folder that belongs to one work, when it has no backdrop.
func (g *matcher) assignExtraFanart(t id.Title, dir string, whole id.Title) {
	if dir == "" || g.folderWork[dir] != whole {
		return
	}
	more := filepath.Join(dir, extraFanart)
	names := slices.SortedFunc(maps.Keys(g.pictures[more]), func(a, b string) int {
		return cmp.Or(cmp.Compare(naming.SortKey(a), naming.SortKey(b)), cmp.Compare(a, b))
	})
	g.assignFirst(t, library.Backdrop, more, "", names)
}

// assignFirst assigns the first picture with one of the names to a title that has none of the kind yet.
func (g *matcher) assignFirst(t id.Title, kind library.PictureKind, dir, prefix string, names []string) {
	pictures := g.pictures[dir]
	at := pictureSlot{t, kind}
	if _, done := g.chosen[at]; done || len(pictures) == 0 || t == "" {
		return
	}
	for _, name := range names {
		if mark, ok := pictures[prefix+name]; ok {
			g.chosen[at] = mark
			return
		}
	}
}

// seasonPictureNames are the prefixes of a season's pictures in the folder of its series.
func seasonPictureNames(n int) []string {
	names := []string{"season" + twoDigits(n), "season" + strconv.Itoa(n), "season-" + twoDigits(n)}
	if n == 0 {
		names = append(names, "season-specials", "specials")
	}
	return names
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// workFolderOf returns the folder of the movie or series that a file belongs to, by its path; "" = it has none of its
// own.
func workFolderOf(root library.Root, p library.TitledFile) string {
	rel := root.Rel(p.Path)
	dirs := strings.Split(rel, "/")
	dirs = dirs[:len(dirs)-1]
	n := naming.Identify(rel).FolderDepth
	if n == 0 { // not in the path: the folder around the film, or around its season
		n = len(dirs)
		if _, at := naming.SeasonFolder(dirs); p.Kind == library.Episode && at == len(dirs)-1 {
			n = at
		}
	}
	if n <= 0 || n > len(dirs) {
		return ""
	}
	home := root.Path
	for _, d := range dirs[:n] {
		home = filepath.Join(home, d)
	}
	return home
}

// topTitle is the movie or series that a file belongs to.
func topTitle(p library.TitledFile) id.Title {
	switch {
	case p.Grandparent != "":
		return p.Grandparent
	case p.Parent != "":
		return p.Parent
	}
	return p.Title
}
