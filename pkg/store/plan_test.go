package store

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// TestWhatPeopleWaitForUsesIndexes asks SQLite how it answers each statement behind home, walls, a title's page, its parts, a
// person's page, channels and next episodes, in a database with titles: none of them walks through all titles or files.
func TestWhatPeopleWaitForUsesIndexes(t *testing.T) {
	t.Parallel()
	db := newDB(t)
	for i := range 300 {
		if _, err := db.writer.ExecContext(t.Context(), `INSERT INTO titles (id, kind, wall, identity, name, sort_key, search_key, overview,
			evidence, lead_file_id, added_ms) VALUES (?, 'movie', 1, ?, 'n', 'n', 'n', '', '', ?, ?)`,
			fmt.Sprint("t", i), fmt.Sprint("i", i), fmt.Sprint("f", i), i); err != nil {
			t.Fatal(err)
		}
		if _, err := db.writer.ExecContext(t.Context(), `INSERT INTO files (id, root_id, title_id, path, path_hash, size, mtime_ns, fingerprint,
			probe, state, code, reason, since_ms, art, color, added_ms) VALUES (?, 'r', ?, 'p', ?, 1, 1, 'p', '', 'present', '', '', 1, '', '', 1)`,
			fmt.Sprint("f", i), fmt.Sprint("t", i), fmt.Sprint("h", i)); err != nil {
			t.Fatal(err)
		}
	}
	all := statements(t)
	scan := regexp.MustCompile(
		`^SCAN (t|p|s|l|e|f|titles|files|credits|title_labels|collection_titles|title_scopes|x|c|m)\b`,
	)
	for _, name := range []string{
		"selectCards", "selectChildren", "selectNextEpisode", "selectRecentEpisodes", "selectEpisodeNumbers", "selectFile", "selectFilesWithin", "selectRootsOfAccount",
		"selectTitlesLabelled", "selectTitlesOfPerson", "selectWatchedBy", "selectBegun", "selectPersonFor", "selectParts",
		"selectCollectionMembers", "selectTitleTree", "selectTitleLinks", "selectSimilar", "selectChannelsOf", "selectCollection", "selectProfile",
		"selectSubjects", "selectSubjectsAfter", "selectSubjectFiles", "selectSubjectEpisodes", "selectWallOf",
		"addRootsOfWorks", "dropRootsOfWorks", "addRootsOfWholes", "dropRootsOfWholes", "addChannelsOfParts",
		"dropChannelsOfParts",
		"addChannelsOfWalls", "dropChannelsOfWalls", "selectExtrasOf", "selectPartsOfAll",
	} {
		text, ok := all[name]
		if !ok {
			t.Errorf("there is no statement %s any more", name)
			continue
		}
		args := make([]any, strings.Count(text, "?"))
		for i := range args {
			args[i] = "1"
		}
		rows, err := db.writer.QueryxContext(t.Context(), `EXPLAIN QUERY PLAN `+text, args...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			if scan.MatchString(detail) {
				t.Errorf("%s reads a whole table: %s\n%s", name, detail, text)
			}
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
