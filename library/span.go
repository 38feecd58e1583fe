package library

import (
	"strconv"
	"strings"
)

// Span is a range of numbers, both ends included; the zero Span holds every number. A To of 0 is open.
type Span struct{ From, To int }

func (s Span) Holds(n int) bool { return s == Span{} || n >= s.From && (s.To == 0 || n <= s.To) }

// ParseSpan reads "1999", "1990-1999", "-45" or "90-"; "" is the zero Span.
func ParseSpan(text string) (Span, bool) {
	if text == "" {
		return Span{}, true
	}
	from, to, is := strings.Cut(text, "-")
	if !is {
		to = from
	}
	var s Span
	for part, n := range map[string]*int{from: &s.From, to: &s.To} {
		if part == "" {
			continue
		}
		x, err := strconv.Atoi(part)
		if err != nil || x < 0 {
			return Span{}, false
		}
		*n = x
	}
	if from == to {
		s.From = s.To
	}
	return s, s.To == 0 && s.From > 0 || s.To > 0 && s.From <= s.To
}
