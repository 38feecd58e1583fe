package nfo

import (
	"bytes"
	"movify/library/naming"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	xunicode "golang.org/x/text/encoding/unicode"
)

// declared matches the encoding in an XML declaration.
var declared = regexp.MustCompile(`(?i)^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_:.-]{1,40})["']`)

// decode returns the text in its real encoding, without characters that XML forbids. The declaration counts only when
// the bytes do not contradict it: many programs write UTF-8 under any name.
func decode(data []byte, n *notes) string {
	if text, ok := utf16Text(data); ok {
		return printable(text)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	name := ""
	if m := declared.FindSubmatch(data); m != nil {
		name = strings.ToLower(string(m[1]))
	}
	says := name != "" && name != "utf-8" && name != "utf8"
	data = wholeRunes(data)
	if utf8.Valid(data) {
		if says && !ascii(data) {
			n.add("It calls its encoding %s and is UTF-8.", name)
		}
		return printable(string(data))
	}
	good, bad := runesIn(data)
	if good > bad {
		n.add("A few of its bytes are not UTF-8 and were left out.")
		return printable(strings.ToValidUTF8(string(data), ""))
	}
	enc := encoding.Encoding(charmap.Windows1252)
	if e, err := htmlindex.Get(name); err == nil && says && !strings.HasPrefix(name, "utf-16") {
		enc = e
	} else {
		n.add("It is not UTF-8; it was read as Windows-1252.")
	}
	text, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		text = bytes.ToValidUTF8(data, nil)
	}
	return printable(string(text))
}

// utf16Text decodes text that has a byte order mark of UTF-16 or begins as XML does in it.
func utf16Text(data []byte) (text string, ok bool) {
	order := xunicode.LittleEndian
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte("<\x00")):
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}), bytes.HasPrefix(data, []byte("\x00<")):
		order = xunicode.BigEndian
	default:
		return "", false
	}
	out, err := xunicode.UTF16(order, xunicode.UseBOM).NewDecoder().Bytes(data[:len(data)&^1])
	if err != nil {
		return "", false
	}
	return string(out), true
}

// wholeRunes removes an incomplete character from the end.
func wholeRunes(data []byte) []byte {
	for cut := 1; cut <= utf8.UTFMax-1 && cut <= len(data); cut++ {
		if tail := data[len(data)-cut:]; utf8.RuneStart(tail[0]) {
			if tail[0] >= utf8.RuneSelf && !utf8.FullRune(tail) {
				return data[:len(data)-cut]
			}
			break
		}
	}
	return data
}

// runesIn counts the valid UTF-8 characters of more than one byte, and the invalid bytes.
func runesIn(data []byte) (good, bad int) {
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		data = data[size:]
	}
	return good, bad
}

func ascii(data []byte) bool {
	return !bytes.ContainsFunc(data, func(r rune) bool { return r >= utf8.RuneSelf })
}

// printable removes characters that XML forbids and those that change the text direction of a page.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case r == '\r', r == '\ufeff', r == utf8.RuneError, naming.Unprintable(r):
			return -1
		}
		return r
	}, text)
}
