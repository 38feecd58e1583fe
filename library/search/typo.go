package search

import "unicode/utf8"

// typos is how many typing errors a word of n letters may hold: an extra, missing or wrong letter, or two swapped ones.
func typos(n int) int {
	switch {
	case n < 4:
		return 0
	case n < 7:
		return 1
	default:
		return 2
	}
}

// typo counts the typing errors between the typed word and a known one; ok reports that they are few enough.
func typo(asked, known string) (n int, ok bool) {
	a, b := utf8.RuneCountInString(asked), utf8.RuneCountInString(known)
	limit := typos(a)
	if limit == 0 || a-b > limit || b-a > limit {
		return 0, false
	}
	n = distance([]rune(asked), []rune(known), limit)
	return n, n <= limit
}

// distance is the edit distance of a and b, with swapped neighbours as one edit. Beyond the limit it returns a larger
// number.
func distance(a, b []rune, limit int) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		least := row[0]
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
