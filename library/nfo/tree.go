package nfo

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

const (
	depthLimit = 16      // nesting; deeper elements are skipped
	nodeLimit  = 50_000  // elements kept
	tokenLimit = 1 << 20 // bytes of one tag or passage of text
)

// node is an element with its content.
type node struct {
	name  string // in lower case
	attrs []html.Attribute
	text  strings.Builder
	in    []*node
}

// attr returns an attribute, or "".
func (e *node) attr(name string) string {
	for _, a := range e.attrs {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// roots are the elements that describe a work. <season> is a field of an episode too.
var roots = map[string]bool{"movie": true, "tvshow": true, "episodedetails": true, "musicvideo": true, "season": true}

// elsewhere are root elements of files of another type; a <title> in them is not that of a film.
var elsewhere = map[string]bool{
	"html": true, "rss": true, "feed": true, "svg": true, "artist": true, "album": true, "head": true, "body": true,
}

// parts are the elements that may hold other elements. Any other element inside means that one was not closed.
var parts = map[string][]string{
	"actor": {
		"name", "role", "type", "order", "sortorder", "thumb", "profile", "tmdbid", "tvdbid", "imdbid", "character",
		"biography",
	},
	"director": {"name", "role", "thumb", "profile", "tmdbid", "tvdbid", "imdbid"},
	"producer": {"name", "role", "thumb", "profile", "tmdbid", "tvdbid", "imdbid"},
	"writer":   {"name", "role", "thumb", "profile", "tmdbid", "tvdbid", "imdbid"},
	"credits":  {"name", "role", "thumb", "profile", "tmdbid", "tvdbid", "imdbid"},
	"set":      {"name", "overview", "tmdbcolid"},
	"ratings":  {"rating"},
	"rating":   {"value", "votes"},
}

// leaves are the elements that hold text only. Other tags inside are layout: "<plot>A <i>fine</i> film".
var leaves = map[string]bool{
	"title": true, "originaltitle": true, "sorttitle": true, "sortname": true, "showtitle": true, "year": true,
	"premiered": true, "aired": true,
	"releasedate": true, "plot": true, "outline": true, "tagline": true, "genre": true, "studio": true, "network": true,
	"country": true,
	"tag":     true, "mpaa": true, "certification": true, "contentrating": true, "runtime": true, "uniqueid": true,
	"id":     true,
	"imdbid": true, "imdb_id": true, "imdb": true, "tmdbid": true, "tvdbid": true, "status": true, "episode": true,
	"seasonnumber":  true,
	"displayseason": true, "displayepisode": true, "trailer": true, "votes": true, "thumb": true, "artist": true,
	"album": true,
	"name":  true, "role": true, "value": true, "overview": true, "order": true, "type": true, "dateadded": true,
	"playcount": true,
	"language":  true, "namedseason": true, "top250": true, "userrating": true, "lastplayed": true,
	"episodenumberend": true, "criticrating": true,
}

// known reports whether an element is known.
func known(name string) bool { return leaves[name] || parts[name] != nil || roots[name] }

// treeBuilder builds elements from tags that may not match.
type treeBuilder struct {
	*notes
	stack   []*node
	works   []*node
	outside strings.Builder // text outside of known elements
	kept    int
	opened  string // the first element, when it is no root
	own     bool   // it defines entities
}

// grow parses a text into elements. works are the root elements in it, in order; fields outside a root form a work
// without a name. outside is the text around them.
func grow(text string, n *notes) (works []*node, outside string) {
	g := &treeBuilder{notes: n}
	z := html.NewTokenizer(strings.NewReader(text))
	z.SetMaxBuf(tokenLimit)
	z.AllowCDATA(true)
	for {
		switch z.Next() {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				g.add("A part of it is too long to be read.")
			}
			if len(g.stack) > 0 {
				g.add("It ends before <%s> is closed.", g.stack[0].name)
			}
			g.closeTo(0, false)
			if g.opened != "" && !slices.ContainsFunc(g.works, func(w *node) bool { return w.name != "" }) {
				g.add("It begins with <%s>, which is no film, series, season or episode.", g.opened)
			}
			return g.works, g.outside.String()
		case html.TextToken:
			// The text of <![CDATA[ ]]> is literal.
			if raw, found := bytes.CutPrefix(z.Raw(), []byte("<![CDATA[")); found {
				g.words(string(bytes.TrimSuffix(raw, []byte("]]>"))))
			} else {
				g.words(g.plain(string(z.Text())))
			}
		case html.StartTagToken:
			g.open(z.Token())
			z.NextIsNotRawText() // a <title> of a page holds no elements, that of a film may not be closed
		case html.SelfClosingTagToken:
			if name := z.Token().Data; len(g.stack) > 0 && leaves[g.top().name] && name == "br" {
				g.words("\n")
			}
		case html.EndTagToken:
			g.end(z.Token().Data)
		case html.DoctypeToken:
			g.add("It has a DOCTYPE, which is not read.")
			if bytes.Contains(z.Text(), []byte("<!ENTITY")) {
				g.entities()
			}
		case html.CommentToken:
			if strings.HasPrefix(string(z.Text()), "ENTITY") {
				g.entities()
			}
		}
	}
}

func (g *treeBuilder) top() *node { return g.stack[len(g.stack)-1] }

func (g *treeBuilder) words(text string) {
	if len(g.stack) == 0 {
		g.outside.WriteString(text)
		return
	}
	g.top().text.WriteString(text)
}

func (g *treeBuilder) entities() {
	g.own = true
	g.add("It defines entities of its own, which are not read.")
}

// entity matches a reference that the HTML tokenizer did not resolve.
var entity = regexp.MustCompile(`&[A-Za-z_][\w.-]{0,60};`)

// plain removes references to entities that the file itself defines.
func (g *treeBuilder) plain(text string) string {
	if !g.own {
		return text
	}
	return entity.ReplaceAllString(text, "")
}

// open handles a start tag.
func (g *treeBuilder) open(t html.Token) {
	name := t.Data
	for len(g.stack) > 0 {
		top := g.top()
		if leaves[top.name] && !known(name) {
			if name == "br" || name == "p" {
				top.text.WriteByte('\n')
			}
			return
		}
		allowed := !leaves[top.name]
		if list := parts[top.name]; list != nil {
			allowed = slices.Contains(list, name) || !known(name)
		}
		if allowed && roots[name] && name != "season" && roots[g.stack[0].name] {
			allowed = false // works are not nested
		}
		if allowed {
			break
		}
		g.add("<%s> is not closed.", top.name)
		g.closeTo(len(g.stack)-1, true)
	}
	if len(g.stack) == 0 && !roots[name] {
		if g.opened == "" {
			g.opened = name
		}
		if elsewhere[g.opened] || !leaves[name] && parts[name] == nil {
			return // a wrapper: its children are read on their own
		}
		if len(g.works) == 0 || g.works[len(g.works)-1].name != "" {
			g.works = append(g.works, &node{})
		}
	}
	if g.kept++; g.kept > nodeLimit {
		g.add("It has more than %d elements: the rest was left out.", nodeLimit)
		return
	}
	if len(g.stack) >= depthLimit {
		g.add("Its elements stand too deep in one another: some were left out.")
		return
	}
	e := &node{name: name, attrs: t.Attr}
	switch {
	case len(g.stack) > 0:
		g.top().in = append(g.top().in, e)
	case roots[name]:
		g.works = append(g.works, e)
	default:
		loose := g.works[len(g.works)-1]
		loose.in = append(loose.in, e)
	}
	g.stack = append(g.stack, e)
}

// end handles an end tag.
func (g *treeBuilder) end(name string) {
	for i := len(g.stack) - 1; i >= 0; i-- {
		if g.stack[i].name != name {
			continue
		}
		if i < len(g.stack)-1 {
			g.add("<%s> is not closed.", g.stack[i+1].name)
		}
		g.closeTo(i+1, true)
		g.stack = g.stack[:i]
		return
	}
	if known(name) || len(g.stack) > 0 && !leaves[g.top().name] {
		g.add("</%s> closes nothing.", name)
	}
}

// closeTo closes all but the outermost n elements. The content of an unknown element that was left open is moved to the
// element around it.
func (g *treeBuilder) closeTo(n int, hoist bool) {
	for len(g.stack) > n {
		e := g.top()
		g.stack = g.stack[:len(g.stack)-1]
		if hoist && len(g.stack) > 0 && !known(e.name) {
			g.top().in = append(g.top().in, e.in...)
			e.in = nil
		}
	}
}
