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
	weak bool     // it says little, an article or a preposition: what is found need not have it
}

// text is a name or a query, taken apart.
type text struct {
	words  []token
	joined string // all of it in one word: "spiderman" for "Spider-Man"
	bare   string // the same without the weak words it begins with
}

// read takes a name or a query apart. Names and queries go the same way, so that they meet.
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

// parts says where words part. Apostrophes do not part them, and an ampersand is a word.
func parts(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) && r != '&' && straight(r) != '\''
}

// straight makes one apostrophe of all that people and programs write for it.
func straight(r rune) rune {
	if strings.ContainsRune("’‘ʼ`´′", r) {
		return '\''
	}
	return r
}

func word(w string, alts []string) token {
	return token{text: w, alts: append(alts, numbers[w]...), weak: weak[w]}
}

// spellings gives what else people write for a word as it stands in a name that folds to n words: "artagnan" for
// "d'Artagnan", "ueber" for "über".
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

// umlauts writes letters of German and the Nordic languages as those do who have no key for them.
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

// dense reports whether a word is of a script that writes without spaces.
func dense(w string) bool {
	for _, r := range w {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao,
			unicode.Khmer, unicode.Myanmar) {
			return true
		}
	}
	return false
}

// bigrams gives every two letters in a row: what stands for words where nothing parts them.
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

// hiragana writes katakana in the other of the two scripts: who looks for a name types either.
func hiragana(r rune) rune {
	if r >= 'ァ' && r <= 'ヶ' {
		return r - 'ァ' + 'ぁ'
	}
	return r
}

// weak are the words, folded, that may be left out of a name in the languages that most names are in.
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

// numbers gives the other ways to write a number from 1 to 20: roman, English, French, in digits.
var numbers = sameNumbers(
	"i one un", "ii two deux", "iii three trois", "iv four quatre", "v five cinq", "vi six", "vii seven sept", "viii eight huit",
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
