package nfo

import "strings"

// mark is the comment that says that Movify wrote a file. It changes nothing of what another program reads.
const mark = "<!-- written by Movify; it is replaced when the title is edited there, unless this line is removed -->"

// ours reports whether the text has the mark.
func ours(text string) bool { return strings.Contains(text[:min(len(text), 1000)], mark) }
