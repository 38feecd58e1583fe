package store

import (
	"regexp"
	"strings"
	"testing"
)

// TestEveryReadOfTitlesIsForAnAudience finds each statement that reads titles and insists on the one predicate.
// Statements that do not read for a viewer are listed with the reason.
func TestEveryReadOfTitlesIsForAnAudience(t *testing.T) {
	t.Parallel()
	forNobody := map[string]string{
		"selectTitlesByIdentity": "the scanner asks which titles it knows",
		"selectTitlesByID":       "likewise, and what is said of them is merged",
		"selectBeside":           "likewise, for what describes the films that are there",
		"selectUnasked":          "the provider is asked about them",
		"selectUnaskedSeasons":   "likewise",
		"selectTitlesByNumber":   "likewise",
		"selectWorksAt":          "likewise",
		"selectAnyOrphan":        "the scanner looks for what extras belong to",
		"selectOrphansOf":        "likewise",
		"selectOrphansAt":        "likewise",
		"selectUnmatched":        "administrators are shown what somebody should look at",
		"countUnmatched":         "likewise",
		"selectStanding":         "the scanner asks how titles stand before it changes them",
		"selectParent":           "a picture is noted for what its title is part of",
		"selectWholesOf":         "the scanner chooses the file that stands for a title",
		"chooseForWholes":        "likewise",
		"selectUnmissed":         "the bin asks whether anybody misses a title",
		"forgetTitle":            "likewise, and then it goes",
		"selectAges":             "works out what the predicate compares",
		"selectPartsOf":          "likewise",
		"addRootsOfWorks":        "works out what the predicate compares",
		"dropRootsOfWorks":       "likewise",
		"addRootsOfWholes":       "likewise",
		"dropRootsOfWholes":      "likewise",
		"selectCollectable":      "asks whether a title may stand in a collection, and tells nobody",
		"selectSubjectsAfter":    "rules are followed for everybody; who sees what is asked when it is shown",
		"selectSubjects":         "likewise",
		"selectWallOf":           "likewise",
		"selectSubjectEpisodes":  "likewise",
		"selectExtrasOf":         "likewise",
		"selectAllFilmSets":      "collections of sets are for everybody; who sees which film in one is asked when it is shown",
		"selectFilmSets":         "likewise",
		"addChannelsOfParts":     "likewise",
		"dropChannelsOfParts":    "likewise",
		"dropChannelsOfWalls":    "likewise",
		"selectPartsOfAll":       "likewise",
		"selectTitleDocs":        "the search index is fed; what it finds is asked for with Seen",
		"selectDocsOfTitles":     "likewise",
		"selectAllParts":         "likewise",
		"selectFilesByWork":      "the scanner reads names anew",
		"selectFilesOfWork":      "likewise",
		"selectWorkOf":           "likewise, and hands over marks and positions",
		"selectTitleKeys":        "titles are sorted anew, and their order is told to those who may see them",
		"selectLadderFiles":      "an administrator asks for ladders, and is told how many",
		"selectPlaced":           "the painter asks which titles live in a folder",
	}
	reads := regexp.MustCompile(`(?i)\b(FROM|JOIN|,)\s+titles\b`)
	found := 0
	for name, text := range statements(t) {
		if !reads.MatchString(text) {
			continue
		}
		found++
		_, allowed := forNobody[name]
		delete(forNobody, name)
		switch has := strings.Contains(text, visible); {
		case !has && !allowed:
			t.Errorf("%s reads titles and asks no audience: add ` + visible + ` to its conditions\n%s", name, text)
		case has && allowed:
			t.Errorf("%s asks an audience: take it off the list", name)
		}
	}
	if found < 10 {
		t.Errorf("only %d statements read titles: the search is broken", found)
	}
	for name, why := range forNobody {
		t.Errorf("%s (%s) reads no titles any more: take it off the list", name, why)
	}
}
