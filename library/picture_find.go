package library

import (
	"cmp"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"movify/library/naming"
	"movify/pkg/id"
)

// spot is where a picture goes: one kind of one title.
type spot struct {
	title id.Title
	kind  PictureKind
}

// The names under which the pictures of a movie, series or season lie in its folder, and, after the name of a film and a
// dash, beside that film; the strongest first. They are those that Kodi, Jellyfin and Plex document.
func namesOf(kind PictureKind) []string {
	switch kind {
	case Poster:
		return []string{"poster", "folder", "cover", "movie", "show", "default"}
	case Backdrop:
		return []string{"fanart", "backdrop", "background"}
	case Landscape:
		return []string{"landscape", "thumb"}
	case Logo:
		return []string{"clearlogo", "logo"}
	case Banner:
		return []string{"banner"}
	}
	return nil
}

// ofFolders are the kinds that a folder's work may have.
func ofFolders() []PictureKind { return []PictureKind{Poster, Backdrop, Landscape, Logo, Banner} }

// pictureFormats are the extensions of pictures, the first to be taken first.
func pictureFormats() []string { return []string{".jpg", ".jpeg", ".png", ".webp"} }

func isPicture(name string) bool {
	return slices.Contains(pictureFormats(), strings.ToLower(filepath.Ext(name)))
}

func splitName(name string) (stem, ext string) {
	ext = filepath.Ext(name)
	return strings.TrimSuffix(name, ext), ext
}

// living is a work in a folder: all its films there have one home.
type living struct {
	work id.Title
	dir  string
}

// gallery is what is to hang where, while it is chosen.
type gallery struct {
	pictures map[string]map[string]string // folder → stem in small letters → mark
	whole    map[string]id.Title          // folder → the one movie or series below it, "" = several
	season   map[string]id.Title          // folder → the one season whose films stand in it, "" = several
	homes    map[living]string
	chosen   map[spot]string // the marks
}

// chooseArt says which pictures of a place belong to which titles, as marks: it looks at names only. A picture that bears
// a film's file name is that film's. One with a general name ("poster.jpg") is that of the movie or series that has the
// folder, with all below it, to itself. A season's pictures stand in its folder, or in that of the series with its number.
func chooseArt(sc scope, placed []Placed) map[spot]string {
	g := gallery{
		pictures: byStem(sc.beside), whole: make(map[string]id.Title), season: make(map[string]id.Title),
		homes: make(map[living]string), chosen: make(map[spot]string),
	}
	if len(g.pictures) == 0 {
		return g.chosen
	}
	placed = slices.Clone(placed)
	slices.SortFunc(placed, func(a, b Placed) int { return cmp.Compare(a.Path, b.Path) })
	for _, p := range placed {
		g.inhabit(sc.root, p)
	}
	for _, p := range placed {
		g.hang(sc.root, p)
	}
	return g.chosen
}

// byStem gives the pictures by folder and stem. Of several formats the first of pictureFormats counts.
func byStem(beside map[string][]sidecar) map[string]map[string]string {
	out := make(map[string]map[string]string)
	for dir, list := range beside {
		for _, format := range pictureFormats() {
			for _, p := range list {
				stem, ext := splitName(strings.ToLower(p.name))
				if ext != format {
					continue
				}
				if out[dir] == nil {
					out[dir] = make(map[string]string)
				}
				if _, taken := out[dir][stem]; !taken {
					out[dir][stem] = p.mark
				}
			}
		}
	}
	return out
}

// inhabit notes whose film stands in a folder and those above it.
func (g gallery) inhabit(root Root, p Placed) {
	dir := filepath.Dir(p.Path)
	if p.Kind == Episode {
		if season, ok := g.season[dir]; !ok {
			g.season[dir] = p.Parent
		} else if season != p.Parent {
			g.season[dir] = ""
		}
	}
	for ; root.contains(dir) && dir != root.Path; dir = filepath.Dir(dir) {
		was, ok := g.whole[dir]
		switch {
		case !ok:
			g.whole[dir] = p.whole()
		case was == p.whole():
			return // those above know it too
		default:
			g.whole[dir] = ""
		}
	}
}

// hang gives a film's title, and what that is part of, the pictures that are theirs.
func (g gallery) hang(root Root, p Placed) {
	dir := filepath.Dir(p.Path)
	if !g.near(root, dir) {
		return
	}
	home := g.home(root, p)
	stem, _ := splitName(strings.ToLower(filepath.Base(p.Path)))
	switch p.Kind {
	case Movie:
		for _, kind := range ofFolders() {
			g.take(p.Title, kind, dir, stem+"-", namesOf(kind))
			g.general(p.Title, kind, home, p.whole())
			g.general(p.Title, kind, dir, p.whole())
		}
		g.take(p.Title, Poster, dir, "", []string{stem})
	case Episode:
		g.take(p.Title, Thumb, dir, "", []string{stem + "-thumb", stem, stem + "-landscape"})
		for _, kind := range ofFolders() {
			g.general(p.Above, kind, home, p.Above)
			for _, number := range seasonNames(p.Season) {
				g.take(p.Parent, kind, home, number+"-", namesOf(kind))
				g.take(p.Parent, kind, dir, number+"-", namesOf(kind))
			}
			if dir != home && g.season[dir] == p.Parent {
				g.take(p.Parent, kind, dir, "", namesOf(kind))
			}
		}
	case Extra:
		g.take(p.Title, Thumb, dir, "", []string{stem + "-thumb", stem, stem + "-landscape"})
		g.take(p.Title, Poster, dir, stem+"-", namesOf(Poster))
	}
}

// home is homeOf, with as few paths read as will do: reading one costs more than all else here.
func (g gallery) home(root Root, p Placed) string {
	dir := filepath.Dir(p.Path)
	if p.Kind == Movie && g.whole[filepath.Dir(dir)] != p.whole() {
		return dir // a folder above is not the film's own, whatever its name says
	}
	at := living{p.whole(), dir}
	home, known := g.homes[at]
	if !known {
		home = homeOf(root, p)
		g.homes[at] = home
	}
	return home
}

// near reports whether there is a picture in a folder or in one above it.
func (g gallery) near(root Root, dir string) bool {
	for len(g.pictures[dir]) == 0 {
		if dir = filepath.Dir(dir); dir == root.Path || !root.contains(dir) {
			return false // a picture in the root is that of a film beside it at most
		}
	}
	return true
}

// general takes a picture with a general name from a folder that a work has to itself.
func (g gallery) general(t id.Title, kind PictureKind, dir string, whole id.Title) {
	if dir != "" && g.whole[dir] == whole {
		g.take(t, kind, dir, "", namesOf(kind))
	}
}

// take gives a title the first picture of those names, unless it has one of the kind.
func (g gallery) take(t id.Title, kind PictureKind, dir, prefix string, names []string) {
	pictures := g.pictures[dir]
	at := spot{t, kind}
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

// seasonNames are what a season's pictures in the folder of its series begin with.
func seasonNames(n int) []string {
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

// homeOf is the folder of the movie or series that a file belongs to, as its path tells; "" = it has none of its own.
func homeOf(root Root, p Placed) string {
	rel := root.rel(p.Path)
	dirs := strings.Split(rel, "/")
	dirs = dirs[:len(dirs)-1]
	n := naming.Identify(rel).Home
	if n == 0 { // the path does not say: the folder around the film, or around its season
		n = len(dirs)
		if _, at := naming.SeasonFolder(dirs); p.Kind == Episode && at == len(dirs)-1 {
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
