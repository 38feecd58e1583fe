package naming

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// articles are ignored at the beginning of a title when sorting.
var articles = [...]string{
	"the ", "a ", "an ", "der ", "die ", "das ", "le ", "la ", "les ", "el ", "los ", "las ", "il ",
}

// isArticle reports whether a text is only an article.
func isArticle(text string) bool { return slices.Contains(articles[:], strings.ToLower(text)+" ") }

// transliterations replaces letters that Unicode does not decompose by the usual ASCII spelling.
var transliterations = strings.NewReplacer(
	"ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "æ", "ae", "œ", "oe", "ı", "i", "&", " and ",
)

// Fold returns the form in which names are compared and searched: case folded, without accents and punctuation, words
// separated by single spaces. "Amélie & Co." and "amelie and co" are equal.
func Fold(s string) string {
	s = transliterations.Replace(cases.Fold().String(norm.NFKD.String(s)))
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
			// Accents and apostrophes leave no gap: "don't" is one word.
		case unicode.IsLetter(r), unicode.IsNumber(r), unicode.Is(unicode.Mc, r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return b.String()
}

// SortKey returns the form by which titles are sorted: folded, without a leading article, numbers by value.
func SortKey(name string) string {
	key := Fold(name)
	name = strings.TrimLeftFunc(name, func(r rune) bool { return !isWordRune(r) })
	for _, a := range articles {
		if rest, found := strings.CutPrefix(key, a); found && rest != "" && len(name) > len(a) &&
			strings.EqualFold(name[:len(a)], a) { // the "A" of "A.I." is no article
			key = rest
			break
		}
	}
	return numbers.ReplaceAllStringFunc(key, func(digits string) string {
		if len(digits) >= 8 {
			return digits
		}
		return strings.Repeat("0", 8-len(digits)) + digits
	})
}

// Unprintable reports whether a character has no place in a name that people read: a control character, or one that changes
// the direction of the text after it, with which "Movie exe.mkv" can be written to look like another name (Unicode
// Technical Report 36). Marks that stand for themselves, as Hebrew and Arabic names have them, do not count.
func Unprintable(r rune) bool {
	return unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// Display returns a path or name as valid UTF-8 text: unprintable characters and invalid bytes are escaped as
//
//	or \xff.
func Display(name string) string {
	clean := true
	for _, r := range name {
		if r == utf8.RuneError || Unprintable(r) {
			clean = false
			break
		}
	}
	if clean {
		return name
	}
	var b strings.Builder
	for i := 0; i < len(name); {
		r, size := utf8.DecodeRuneInString(name[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, name[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case Unprintable(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteString(name[i : i+size])
		}
		i += size
	}
	return b.String()
}
