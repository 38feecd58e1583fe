package nfo

import (
	"cmp"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"movify/library"
)

// Bounds of the year of a work.
const (
	firstYear = 1870
	lastYear  = 2100
)

// line collapses white space to single spaces.
func line(text string) string { return strings.Join(strings.Fields(text), " ") }

// paragraphs keeps the lines of a text, each with single spaces, and at most one empty line in a row.
func paragraphs(text string) string {
	var out []string
	for l := range strings.Lines(text) {
		l = strings.Join(strings.Fields(l), " ")
		if l == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, l)
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// cut shortens a text to limit characters.
func cut(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:limit-1])) + "…"
}

// multipleSets separates the values in one element: "Action / Drama", "Action|Drama", "Action; Drama", "Action, Drama".
var multipleSets = regexp.MustCompile(`\s+/\s+|\s*[|;]\s*|\s*/\s*$|,\s+`)

func several(text string) []string {
	var out []string
	for _, value := range multipleSets.Split(line(text), -1) {
		if value = cut(strings.TrimSpace(value), nameLimit); value != "" {
			out = append(out, value)
		}
	}
	return out
}

var yearIn = regexp.MustCompile(`\b(\d{4})\b`)

// yearOf returns a year in a text, or 0.
func yearOf(text string) int {
	for _, m := range yearIn.FindAllString(text, -1) {
		if y, err := strconv.Atoi(m); err == nil && y >= firstYear && y <= lastYear {
			return y
		}
	}
	return 0
}

func (r reader) year() int {
	text := r.first("year")
	y := yearOf(text)
	if y == 0 && text != "" && text != "0" {
		r.add("Its year %q is none.", cut(text, 20))
	}
	return y
}

// date returns a date as YYYY-MM-DD, or "".
func (r reader) date(names ...string) string {
	text := r.first(names...)
	for _, form := range []string{
		"2006-01-02", "2006-1-2", "02.01.2006", "2006/01/02", "2 January 2006", "January 2, 2006",
		"2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05",
	} {
		if t, err := time.Parse(form, text); err == nil {
			if t.Year() < firstYear || t.Year() > lastYear {
				return "" // 0001-01-01 and 1601-01-01 are how programs write "unknown"
			}
			return t.Format(time.DateOnly)
		}
	}
	if text != "" {
		r.add("Its date %q is none.", cut(text, 30))
	}
	return ""
}

// whole returns a non-negative integer, or nil.
func (r reader) whole(names ...string) *int {
	text := r.first(names...)
	if n, err := strconv.Atoi(text); err == nil && n >= 0 && n < 100_000 {
		return &n
	}
	if text != "" && text != "-1" {
		r.add("<%s> is %q, which is no number.", names[0], cut(text, 20))
	}
	return nil
}

var (
	clock   = regexp.MustCompile(`^(\d{1,2}):(\d{2})(?::\d{2})?$`)
	spelled = regexp.MustCompile(`(?i)^(?:(\d{1,2})\s*h(?:ours?|rs?)?)?\s*(?:(\d{1,4})\s*(?:m(?:in(?:ute)?s?)?\.?)?)?$`)
)

// runtime returns the length in milliseconds: "136", "136 min", "2h 16m", "02:16:00".
func (r reader) runtime() int64 {
	text := r.first("runtime")
	if text == "" {
		return 0
	}
	m := clock.FindStringSubmatch(text)
	if m == nil {
		m = spelled.FindStringSubmatch(text)
	}
	if m == nil {
		r.add("Its runtime %q is none.", cut(text, 20))
		return 0
	}
	hours, _ := strconv.Atoi(cmp.Or(m[1], "0")) // digits, by the pattern
	minutes, _ := strconv.Atoi(cmp.Or(m[2], "0"))
	return int64(hours*60+minutes) * time.Minute.Milliseconds()
}

// ratings returns public ratings: <ratings><rating name="imdb" max="10"><value>8.1</value><votes>9</votes>, or the
// older <rating>8.1</rating><votes>9</votes>.
func (r reader) ratings() []library.Rating {
	var out []library.Rating
	add := func(by, value, votes, limit string) {
		top, ok := decimal(cmp.Or(limit, "10"))
		v, good := decimal(value)
		if !ok || !good || top <= 0 || v <= 0 || v > top || len(out) == listLimit {
			return
		}
		count, _ := strconv.Atoi(strings.NewReplacer(",", "", ".", "", " ", "").Replace(votes)) // none is 0
		out = append(out, library.Rating{By: by, Value: math.Round(v/top*100) / 10, Votes: max(0, count)})
	}
	for _, group := range r.all("ratings") {
		for _, e := range (reader{node: group}).all("rating") {
			in := reader{node: e}
			add(
				cut(strings.ToLower(cmp.Or(line(e.attr("name")), "nfo")), 40), in.first("value"), in.first("votes"),
				e.attr("max"),
			)
		}
	}
	for _, e := range r.all("rating") {
		in := reader{node: e}
		add(
			"nfo", cmp.Or(in.first("value"), line(e.text.String())), cmp.Or(in.first("votes"), r.first("votes")),
			e.attr("max"),
		)
	}
	if len(out) > 1 && out[len(out)-1].By == "nfo" {
		out = out[:len(out)-1] // a program that writes both forms writes the same in both
	}
	return out
}

// decimal reads a number with a point or a comma.
func decimal(text string) (float64, bool) {
	v, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(text), ",", ".", 1), 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// order is an actor's position in the file's own numbering.
func order(actor *node) int {
	if n, err := strconv.Atoi((reader{node: actor}).first("order", "sortorder")); err == nil && n >= 0 {
		return n
	}
	return math.MaxInt
}
