package search

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"movify/library/naming"
)

// token is one word of a name or of a query, folded.
type token struct {
	text string
	alts []string // other spellings of it: "2" and "two" of "ii", "ueber" of "über"
	weak bool     // an article or a preposition, which a match may lack
}

// text is a tokenized name or query.
type text struct {
	words  []token
	joined string // as one word: "spiderman" for "Spider-Man"
	bare   string // the same without leading weak words
}

// read tokenizes a name or a query. Both are tokenized alike, so that they match.
func read(s string) text {
	var t text
	var joined, bare strings.Builder
	var letters strings.Builder // lone letters and digits in a row are one word: "S.W.A.T."
	flush := func() {
		if letters.Len() > 0 {
			t.words = append(t.words, word(letters.String(), nil))
			letters.Reset()
		}
	}
	for _, raw := range strings.FieldsFunc(norm.NFC.String(s), parts) {
		folded := strings.Fields(norm.NFC.String(naming.Fold(strings.Map(straight, raw))))
		for _, w := range folded {
			w = strings.Map(hiragana, w)
			joined.WriteString(w)
			if bare.Len() > 0 || !weak[w] {
				bare.WriteString(w)
			}
			if utf8.RuneCountInString(w) == 1 && !dense(w) {
				letters.WriteString(w)
				continue
			}
			flush()
			if !dense(w) {
				t.words = append(t.words, word(w, spellings(raw, len(folded))))
				continue
			}
			for _, piece := range bigrams(w) {
				t.words = append(t.words, word(piece, nil))
			}
		}
	}
	flush()
	t.joined, t.bare = joined.String(), bare.String()
	if t.bare == "" {
		t.bare = t.joined
	}
	if !slices.ContainsFunc(t.words, func(w token) bool { return !w.weak }) {
		for i := range t.words {
			t.words[i].weak = false // "To" is a name when it is all there is
		}
	}
	return t
}

// parts reports whether r separates words. Apostrophes do not, and an ampersand is a word.
func parts(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) && r != '&' && straight(r) != '\''
}

// straight normalizes the variants of the apostrophe.
func straight(r rune) rune {
	if strings.ContainsRune("’‘ʼ`´′", r) {
		return '\''
	}
	return r
}

func word(w string, alts []string) token {
	return token{text: w, alts: append(alts, numbers[w]...), weak: weak[w]}
}

// spellings returns other spellings of a word in a name that folds to n words: "artagnan" for "d'Artagnan", "ueber" for
// "über".
func spellings(raw string, n int) (out []string) {
	if n != 1 {
		return nil
	}
	if raw = strings.Map(straight, raw); strings.Contains(raw, "'") {
		for piece := range strings.SplitSeq(raw, "'") {
			if piece = naming.Fold(piece); utf8.RuneCountInString(piece) > 2 && !strings.Contains(piece, " ") {
				out = append(out, piece)
			}
		}
	}
	if long := umlauts(raw); long != raw {
		out = append(out, naming.Fold(long))
	}
	return out
}

// umlauts spells letters of German and the Nordic languages without their own keys.
func umlauts(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch unicode.ToLower(r) {
		case 'ä':
			b.WriteString("ae")
		case 'ö', 'ø':
			b.WriteString("oe")
		case 'ü':
			b.WriteString("ue")
		case 'å':
			b.WriteString("aa")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// dense reports whether a word is of a script without spaces.
func dense(w string) bool {
	for _, r := range w {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao,
			unicode.Khmer, unicode.Myanmar) {
			return true
		}
	}
	return false
}

// bigrams returns each two letters in a row, which stand for words in such a script.
func bigrams(w string) []string {
	runes := []rune(w)
	if len(runes) < 2 {
		return []string{w}
	}
	out := make([]string, 0, len(runes)-1)
	for i := range runes[1:] {
		out = append(out, string(runes[i:i+2]))
	}
	return out
}

// hiragana converts katakana, because names are typed in either script.
func hiragana(r rune) rune {
	if r >= 'ァ' && r <= 'ヶ' {
		return r - 'ァ' + 'ぁ'
	}
	return r
}

// weak are folded words that may be missing from a name, in the most frequent languages.
var weak = set(`a an the of and or to in on at
le la les l un une des du de d et en au aux
der die das dem den ein eine und
el los las y il lo gli i e o s t`)

func set(words string) map[string]bool {
	out := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}

// numbers maps the spellings of 1 to 20: roman, English, French, digits.
var numbers = sameNumbers(
	"i one un", "ii two deux", "iii three trois", "iv four quatre", "v five cinq", "vi six", "vii seven sept",
	"viii eight huit",
	"ix nine neuf", "x ten dix", "xi eleven onze", "xii twelve douze", "xiii thirteen treize", "xiv fourteen quatorze",
	"xv fifteen quinze", "xvi sixteen seize", "xvii seventeen", "xviii eighteen", "xix nineteen", "xx twenty vingt")

func sameNumbers(groups ...string) map[string][]string {
	out := make(map[string][]string)
	for i, g := range groups {
		same := append(strings.Fields(g), strconv.Itoa(i+1))
		for _, w := range same {
			for _, other := range same {
				if other != w {
					out[w] = append(out[w], other)
				}
			}
		}
	}
	return out
}
