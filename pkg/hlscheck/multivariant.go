package hlscheck

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// multivariant is a Multivariant Playlist as read.
type multivariant struct {
	where    string
	variants []variant
	audios   []audio
	// original says that the segments follow a source that was not encoded, as EXT-X-SESSION-DATA of Movify has it.
	original bool
	// encoded are the Media Playlists of its sounds that are encoded all the same, on a grid of their own.
	encoded []string
}

// variant is one EXT-X-STREAM-INF with its URI; numbers are 0 when absent.
type variant struct {
	path          string
	bandwidth     int
	average       int
	codecs        []string
	width, height int
	frameRate     float64
	audio         string
}

// audio is one EXT-X-MEDIA of TYPE=AUDIO.
type audio struct {
	path      string // empty when it has no URI
	group     string
	name      string
	isDefault bool
	channels  int
}

// reference is one Media Playlist that a Multivariant Playlist names, with what it says about it.
type reference struct {
	path    string
	variant *variant // for a video rendition
	audio   *audio   // for an audio rendition
	codecs  []string // of an audio rendition: those of all variants that offer it
}

// form is how an attribute's value is written.
type form int

const (
	integer form = iota
	decimal
	enumerated
	resolution
	text
)

// required lists the attributes a variant of ours must have, in the order they are reported.
func required() []struct {
	name string
	form form
} {
	return []struct {
		name string
		form form
	}{
		{"BANDWIDTH", integer}, {"AVERAGE-BANDWIDTH", integer}, {"CODECS", text}, {"RESOLUTION", resolution},
		{"FRAME-RATE", decimal}, {"VIDEO-RANGE", enumerated}, {"CLOSED-CAPTIONS", enumerated},
	}
}

// multivariant reads and judges a Multivariant Playlist by itself.
func (j *judge) multivariant(where string, content []byte) multivariant {
	lines := j.lines(where, content)
	j.head(where, lines)
	mv := multivariant{where: where}
	for i, l := range lines {
		switch l.tag {
		case "EXT-X-MEDIA":
			j.audio(&mv, l)
		case "EXT-X-SESSION-DATA":
			j.sessionData(&mv, l)
		case "EXT-X-STREAM-INF":
			if i+1 == len(lines) || lines[i+1].uri == "" {
				j.find(PlaylistSyntax, where, "line %d: no URI follows EXT-X-STREAM-INF", l.number)
				continue
			}
			j.variant(&mv, l, lines[i+1].uri)
		case "EXTINF", "EXT-X-TARGETDURATION", "EXT-X-ENDLIST", "EXT-X-MEDIA-SEQUENCE", "EXT-X-MAP":
			j.find(PlaylistSyntax, where, "line %d: %s belongs to a Media Playlist", l.number, l.tag)
		}
	}
	if len(mv.variants) == 0 {
		j.find(PlaylistSyntax, where, "names no variant")
	}
	j.groups(mv)
	return mv
}

// sessionData reads what Movify says of a stream.
func (j *judge) sessionData(mv *multivariant, l line) {
	a := j.attributesOf(mv.where, l)
	switch a["DATA-ID"].text {
	case "org.movify.stream":
		mv.original = mv.original || a["VALUE"].text == "original"
	case "org.movify.encoded":
		for uri := range strings.SplitSeq(a["VALUE"].text, ",") {
			if name, ok := j.resolve(mv.where, uri); ok {
				mv.encoded = append(mv.encoded, name)
			}
		}
	}
}

func (j *judge) variant(mv *multivariant, l line, uri string) {
	a := j.attributesOf(mv.where, l)
	for _, want := range required() {
		got, ok := a[want.name]
		if !ok {
			j.find(VariantAttributes, mv.where, "line %d: %s is not there", l.number, want.name)
		} else if !want.form.fits(got) {
			j.find(VariantAttributes, mv.where, "line %d: %s is %q", l.number, want.name, got.text)
		}
	}
	if c, ok := a["CLOSED-CAPTIONS"]; ok && (c.quoted || c.text != "NONE") {
		j.find(VariantAttributes, mv.where, "line %d: CLOSED-CAPTIONS is %q, and there are none", l.number, c.text)
	}
	if _, ok := a["PROGRAM-ID"]; ok {
		j.find(VariantAttributes, mv.where, "line %d: PROGRAM-ID was removed from the specification", l.number)
	}
	v := variant{
		bandwidth: number(a["BANDWIDTH"].text),
		average:   number(a["AVERAGE-BANDWIDTH"].text),
		codecs:    strings.Split(a["CODECS"].text, ","),
		audio:     a["AUDIO"].text,
	}
	if w, h, ok := strings.Cut(a["RESOLUTION"].text, "x"); ok {
		v.width, v.height = number(w), number(h)
	}
	v.frameRate, _ = strconv.ParseFloat(a["FRAME-RATE"].text, 64)
	if v.average > v.bandwidth {
		j.find(VariantAttributes, mv.where, "line %d: AVERAGE-BANDWIDTH is larger than BANDWIDTH", l.number)
	}
	if name, ok := j.resolve(mv.where, uri); ok {
		v.path = name
		mv.variants = append(mv.variants, v)
	}
}

// languageForm is the shape of a language tag (RFC 5646 section 2.1), without a look into the registry.
const languageForm = `^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`

func (j *judge) audio(mv *multivariant, l line) {
	a := j.attributesOf(mv.where, l)
	if t := a["TYPE"]; t.quoted || t.text != "AUDIO" {
		if t.quoted || !slices.Contains([]string{"VIDEO", "SUBTITLES", "CLOSED-CAPTIONS"}, t.text) {
			j.find(RenditionAttributes, mv.where, "line %d: TYPE is %q", l.number, t.text)
		}
		return
	}
	for _, name := range []string{"GROUP-ID", "NAME", "CHANNELS", "URI"} {
		if got, ok := a[name]; !ok || !got.quoted || got.text == "" {
			j.find(RenditionAttributes, mv.where, "line %d: %s is not there, empty or without quotes", l.number, name)
		}
	}
	if lang, ok := a["LANGUAGE"]; ok && (!lang.quoted || !regexp.MustCompile(languageForm).MatchString(lang.text)) {
		j.find(RenditionAttributes, mv.where, "line %d: LANGUAGE is %q", l.number, lang.text)
	}
	for _, name := range []string{"DEFAULT", "AUTOSELECT", "FORCED"} {
		if got, ok := a[name]; ok && (got.quoted || (got.text != "YES" && got.text != "NO")) {
			j.find(RenditionAttributes, mv.where, "line %d: %s must be YES or NO without quotes", l.number, name)
		}
	}
	if a["DEFAULT"].text == "YES" && a["AUTOSELECT"].text == "NO" {
		j.find(RenditionAttributes, mv.where, "line %d: a default rendition has AUTOSELECT=NO", l.number)
	}
	channels, _, _ := strings.Cut(a["CHANNELS"].text, "/")
	au := audio{
		group: a["GROUP-ID"].text, name: a["NAME"].text, isDefault: a["DEFAULT"].text == "YES", channels: number(channels)}
	if uri := a["URI"].text; uri != "" {
		au.path, _ = j.resolve(mv.where, uri)
	}
	mv.audios = append(mv.audios, au)
}

// groups judges the group of audio renditions: every variant offers the same one, names in it differ, one is the
// default.
func (j *judge) groups(mv multivariant) {
	names, defaults := make(map[string]bool), make(map[string]int)
	for _, a := range mv.audios {
		if key := a.group + "\n" + a.name; names[key] {
			j.find(UniqueName, mv.where, "two renditions of group %q have the name %q", a.group, a.name)
		} else {
			names[key] = true
		}
		if defaults[a.group] += 0; a.isDefault {
			defaults[a.group]++
		}
	}
	for _, a := range mv.audios {
		if n, ok := defaults[a.group]; ok && n != 1 {
			j.find(OneDefault, mv.where, "group %q has %d default renditions", a.group, n)
		}
		delete(defaults, a.group)
	}
	for _, v := range mv.variants {
		switch {
		case v.audio != mv.variants[0].audio:
			j.find(
				AudioGroup, mv.where, "%s has the audio group %q, others have %q", v.path, v.audio,
				mv.variants[0].audio,
			)
		case v.audio == "" && len(mv.audios) > 0:
			j.find(AudioGroup, mv.where, "%s offers no audio group, and there are audio renditions", v.path)
		case v.audio != "" && !slices.ContainsFunc(mv.audios, func(a audio) bool { return a.group == v.audio }):
			j.find(AudioGroup, mv.where, "%s has the audio group %q, which has no rendition", v.path, v.audio)
		}
	}
}

// references lists each Media Playlist once, video first.
func (mv multivariant) references() []reference {
	var out []reference
	seen := make(map[string]bool)
	for i, v := range mv.variants {
		if !seen[v.path] {
			seen[v.path] = true
			out = append(out, reference{path: v.path, variant: &mv.variants[i]})
		}
	}
	for i, a := range mv.audios {
		if a.path == "" || seen[a.path] {
			continue
		}
		seen[a.path] = true
		ref := reference{path: a.path, audio: &mv.audios[i]}
		for _, v := range mv.variants {
			if v.audio == a.group {
				ref.codecs = append(ref.codecs, v.codecs...)
			}
		}
		out = append(out, ref)
	}
	return out
}

func (f form) fits(a attribute) bool {
	if a.quoted != (f == text) {
		return false
	}
	switch f {
	case integer:
		return number(a.text) > 0
	case decimal:
		v, err := strconv.ParseFloat(a.text, 64)
		return err == nil && v > 0 && strings.Trim(a.text, "0123456789.") == ""
	case resolution:
		w, h, ok := strings.Cut(a.text, "x")
		return ok && number(w) > 0 && number(h) > 0
	}
	return a.text != ""
}

// number reads a decimal-integer; 0 for anything else.
func number(s string) int {
	if strings.Trim(s, "0123456789") != "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
