package metadata

import (
	"strconv"

	"movify/library"

	"movify/library/naming"
)

// rate returns the certainty that a candidate is the work of that name, year and external IDs. Only the same name of
// the same year counts; series are often named without a year.
func rate(kind library.Kind, name string, year int, ids map[string]string, m library.Candidate) library.Certainty {
	if own := ids[m.Provider]; own != "" {
		if own == m.ID {
			return library.SureID
		}
		return library.SureLittle
	}
	if want := naming.Fold(name); want == "" || want != naming.Fold(m.Name) && want != naming.Fold(m.OriginalName) {
		return library.SureLittle
	}
	if year == m.Year && year > 0 || year == 0 && kind == library.Series {
		return library.SureName
	}
	return library.SureLittle
}

// sure returns the one candidate of the highest certainty. Among several of that certainty none is certain.
func sure(matches []library.Candidate) (library.Candidate, bool) {
	for _, c := range []library.Certainty{library.SureID, library.SureName} {
		var found []library.Candidate
		for _, m := range matches {
			if m.Certainty == c {
				found = append(found, m)
			}
		}
		if len(found) > 0 {
			return found[0], len(found) == 1
		}
	}
	return library.Candidate{}, false
}

// unsureNote returns the reason why a title was not matched.
func unsureNote(provider string, matches []library.Candidate) string {
	switch n := len(matches); {
	case n == 0:
		return "The service " + provider + " knows no title of this name."
	case n == 1:
		return "The service " + provider + " knows one title that may be meant, and it is not certain."
	default:
		return "The service " + provider + " knows " + strconv.Itoa(n) + " titles that may be meant."
	}
}
