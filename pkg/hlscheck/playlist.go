package hlscheck

import (
	"bytes"
	"fmt"
	"net/url"
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// line is one meaningful line of a playlist: a tag with its value, or a URI.
type line struct {
	number int // from 1
	tag    string
	value  string
	uri    string
}

// lines splits a playlist (RFC 8216bis section 4.1): UTF-8 without a byte order mark or control characters, EXTM3U
// first. Comments and blank lines are left out, tags without a value have an empty one.
func (j *judge) lines(where string, text []byte) []line {
	if bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) {
		j.find(PlaylistSyntax, where, "begins with a byte order mark")
		text = text[3:]
	}
	if !utf8.Valid(text) {
		j.find(PlaylistSyntax, where, "is not UTF-8")
	}
	var out []line
	for i, raw := range strings.Split(string(text), "\n") {
		s := strings.TrimSuffix(raw, "\r")
		if strings.ContainsFunc(s, unicode.IsControl) {
			j.find(PlaylistSyntax, where, "line %d holds a control character", i+1)
		}
		l := line{number: i + 1}
		switch {
		case strings.HasPrefix(s, "#EXT"):
			l.tag, l.value, _ = strings.Cut(s[1:], ":")
		case s == "", s[0] == '#':
			continue
		default:
			l.uri = s
		}
		out = append(out, l)
	}
	if len(out) == 0 || out[0].tag != "EXTM3U" || out[0].number != 1 {
		j.find(PlaylistSyntax, where, "does not begin with #EXTM3U")
	}
	return out
}

// attribute is one value of an attribute list.
type attribute struct {
	text   string // without the quotes
	quoted bool
}

// attributes reads an attribute list (RFC 8216bis section 4.2).
func attributes(s string) (map[string]attribute, error) {
	out := make(map[string]attribute)
	for {
		name, rest, ok := strings.Cut(s, "=")
		if !ok || name == "" || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" {
			return out, fmt.Errorf("no attribute name at %.20q", s)
		}
		if _, twice := out[name]; twice {
			return out, fmt.Errorf("%s stands twice", name)
		}
		var a attribute
		if strings.HasPrefix(rest, `"`) {
			end := strings.IndexByte(rest[1:], '"')
			if end < 0 {
				return out, fmt.Errorf("the quotes of %s are not closed", name)
			}
			a, s = attribute{text: rest[1 : 1+end], quoted: true}, rest[2+end:]
		} else {
			end := strings.IndexByte(rest, ',')
			if end < 0 {
				end = len(rest)
			}
			a, s = attribute{text: rest[:end]}, rest[end:]
			if a.text == "" || strings.ContainsAny(a.text, "\" \t") {
				return out, fmt.Errorf("%s has the value %q", name, a.text)
			}
		}
		out[name] = a
		if s == "" {
			return out, nil
		}
		if s[0] != ',' {
			return out, fmt.Errorf("no comma after %s", name)
		}
		s = s[1:]
	}
}

// attributesOf reads the attribute list of l and reports errors of its form.
func (j *judge) attributesOf(where string, l line) map[string]attribute {
	a, err := attributes(l.value)
	if err != nil {
		j.find(AttributeSyntax, where, "line %d: %v", l.number, err)
	}
	return a
}

// head checks the tags that both kinds of playlist must have.
func (j *judge) head(where string, lines []line) {
	var versions []string
	independent := false
	for _, l := range lines {
		switch l.tag {
		case "EXT-X-VERSION":
			versions = append(versions, l.value)
		case "EXT-X-INDEPENDENT-SEGMENTS":
			independent = true
		}
	}
	if len(versions) != 1 {
		j.find(Version, where, "EXT-X-VERSION stands %d times", len(versions))
	} else if v, err := strconv.Atoi(versions[0]); err != nil || v < 7 {
		j.find(Version, where, "EXT-X-VERSION is %q, fragmented MP4 with these tags needs 7", versions[0])
	}
	if !independent {
		j.find(IndependentSegments, where, "EXT-X-INDEPENDENT-SEGMENTS is not there")
	}
}

// resolve gives the path of uri as it stands in the playlist where; ok is false, with a finding, for one that leaves
// the stream's folder or does not inherit its path.
func (j *judge) resolve(where, uri string) (name string, ok bool) {
	u, err := url.Parse(uri)
	if err != nil || u.IsAbs() || u.Host != "" || u.Path == "" || strings.HasPrefix(u.Path, "/") {
		j.find(RelativeURI, where, "%.80q is not a relative URI", uri)
		return "", false
	}
	name = path.Join(path.Dir(where), u.Path)
	if name == ".." || strings.HasPrefix(name, "../") {
		j.find(RelativeURI, where, "%.80q leads out of the stream", uri)
		return "", false
	}
	return name, true
}
