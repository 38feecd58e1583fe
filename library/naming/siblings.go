package naming

import (
	"path"
	"slices"
	"strings"
	"sync"
)

// Siblings are the names of the video files of one folder. What one name leaves open the others may tell: files that
// differ only in a number are episodes, parts or clips, and never versions of one film. The nil *Siblings are those of a
// file about whose folder nothing is known. It is safe for concurrent use.
type Siblings struct {
	names    []string
	leaveOut func(name string) bool
	once     sync.Once
	runs     map[string]run // by the text before the number; for names that differ in nothing else by sameBut
	whole    map[string]bool
	total    int // names that are not left out
}

// run is a group of names that differ in a number.
type run struct {
	distinct, names int
	low, high       int
	last            string // the number that was added last
}

// NewSiblings returns the siblings for the names of the video files in a folder, without those to leave out (nil = none).
// It keeps the list, and reads it when a name needs it: most scans change nothing.
func NewSiblings(names []string, leaveOut func(name string) bool) *Siblings {
	return &Siblings{names: names, leaveOut: leaveOut}
}

// Identify is the function of that name for a file in the folder.
func (s *Siblings) Identify(relPath string) Identity { return identifyBeside(relPath, s) }

// after returns the names that have this text before a number.
func (s *Siblings) after(prefix string) run {
	if s == nil || len(s.names) < 2 {
		return run{}
	}
	s.once.Do(s.read)
	return s.runs[strings.ToLower(prefix)]
}

// differOnly reports whether other names differ from a name only in the number between two positions, or lack it at the
// end.
func (s *Siblings) differOnly(stem string, from, to int) bool {
	if s == nil || len(s.names) < 2 {
		return false
	}
	s.once.Do(s.read)
	stem = strings.ToLower(stem)
	end := strings.Trim(stem[to:], ")]") == ""
	return s.runs[sameBut(stem, from, to)].distinct > 1 || end && s.whole[strings.TrimRight(stem[:from], " ._-([#")]
}

// alone reports whether a file is the only one in its folder, as far as is known.
func (s *Siblings) alone() bool {
	if s == nil || len(s.names) < 2 {
		return true
	}
	s.once.Do(s.read)
	return s.total < 2
}

// count reports whether most names of the folder begin with a number, and count from the beginning.
func (s *Siblings) count() bool {
	r := s.after("")
	return r.distinct > 1 && r.low <= 1 && 2*r.names > s.total
}

// sameBut is the key of names that differ only between two positions.
func sameBut(stem string, from, to int) string { return stem[:from] + "\x00" + stem[to:] }

// read finds the runs. In order of the names equal numbers of a run follow each other.
func (s *Siblings) read() {
	s.runs = make(map[string]run)
	var stems []string
	for _, name := range s.names {
		if s.leaveOut != nil && s.leaveOut(name) {
			continue
		}
		stems = append(stems, strings.ToLower(strings.TrimSuffix(Display(name), path.Ext(Display(name)))))
	}
	s.total = len(stems)
	slices.Sort(stems)
	s.whole = make(map[string]bool, len(stems))
	for _, stem := range stems {
		s.whole[stem] = true
		for from, to := range numbersIn(stem) {
			s.add(stem[:from], stem[from:to])
			s.add(sameBut(stem, from, to), stem[from:to])
		}
	}
}

func (s *Siblings) add(key, number string) {
	r := s.runs[key]
	n := Number(number)
	if r.names == 0 {
		r.low, r.high = n, n
	}
	if r.names++; r.last != number {
		r.distinct++
	}
	r.low, r.high, r.last = min(r.low, n), max(r.high, n), number
	s.runs[key] = r
}

// numbersIn gives the numbers of a name that may count something, as from and to: up to five digits that are no word of
// a release ("1080p", "x264", "5.1"), no version ("v2") and no year.
func numbersIn(stem string) func(yield func(from, to int) bool) {
	return func(yield func(from, to int) bool) {
		for from := 0; from < len(stem); from++ {
			if !digit(stem[from]) {
				continue
			}
			to := from + digitsAt(stem, from)
			if countsSomething(stem, from, to) && !yield(from, to) {
				return
			}
			from = to
		}
	}
}

func countsSomething(stem string, from, to int) bool {
	n := Number(stem[from:to])
	switch {
	case to-from > 5, !endsWord(stem, to), to-from == 4 && plausibleYear(n), to-from > 2 && isResolution(n):
		return false
	case from > 1 && stem[from-1] == '.' && digit(stem[from-2]) && (from < 3 || !digit(stem[from-3])) && to-from == 1,
		to-from == 1 && isDecimal(stem, to):
		return false // "5.1"
	}
	word := from
	for word > 0 && !endsWord(stem, word-1) {
		word--
	}
	return word == from || !(from-word == 1 && stem[word] == 'v') && !releaseTags.MatchString(stem[word:to])
}

// isResolution reports whether a number is the height of a picture.
func isResolution(n int) bool {
	return slices.Contains([]int{360, 480, 540, 576, 720, 1080, 1440, 2160, 4320}, n)
}

// separate makes a work of its own of a film that would be taken for a version of another: files beside it differ only in a
// number that its title does not have. No rule tells what they are, so they wait for review.
func (id *Identity) separate(s *Siblings, stem string, file release) {
	if s == nil || len(s.names) < 2 || id.Part > 0 || len(file.ids) > 0 || id.Edition != "" && hasDigit(id.Edition) {
		return
	}
	for from, to := range numbersIn(stem) {
		number := stem[from:to]
		if hasNumber(id.Title, number) || !s.differOnly(stem, from, to) {
			continue
		}
		switch {
		case Meaningless(file.title) && id.Evidence["title"] == fromFolder:
			id.Title += " " + tidy(strings.ReplaceAll(stem, "_", " "))
		case hasNumber(file.title, number):
			id.Title = file.title
		default:
			word := from
			for word > 0 && !endsWord(stem, word-1) {
				word--
			}
			id.Title += " " + stem[word:to]
		}
		id.Year, id.FolderDepth, id.IDs = 0, 0, nil
		id.Evidence["title"] = fromFile
		delete(id.Evidence, "year")
		delete(id.Evidence, "ids")
		return
	}
}

// hasNumber reports whether a number stands in a title as it is.
func hasNumber(title, number string) bool {
	for from, to := range digitRuns(title) {
		if title[from:to] == number {
			return true
		}
	}
	return false
}

// digitRuns gives the numbers of a text, as from and to.
func digitRuns(s string) func(yield func(from, to int) bool) {
	return func(yield func(from, to int) bool) {
		for from := 0; from < len(s); from++ {
			if to := from + digitsAt(s, from); to > from {
				if !yield(from, to) {
					return
				}
				from = to
			}
		}
	}
}
