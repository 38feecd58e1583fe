package store

import (
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"movify/library"
	"movify/pkg/account"
	"movify/pkg/id"
)

// before gives the migrations whose number is below the one given, "00070".
func before(t *testing.T, number string) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	entries, err := fs.ReadDir(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.Compare(e.Name(), number) < 0 {
			text, err := fs.ReadFile(migrations, "migrations/"+e.Name())
			if err != nil {
				t.Fatal(err)
			}
			out[e.Name()] = &fstest.MapFile{Data: text}
		}
	}
	return out
}

// olderDatabase makes a database with the migrations below a number only. Its writer is to be closed.
func olderDatabase(t *testing.T, number string) (old *DB, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "movify.db")
	old = &DB{log: slog.New(slog.DiscardHandler)}
	var err error
	if old.writer, err = open(t.Context(), path, writing, 1, new(atomic.Int64)); err != nil {
		t.Fatal(err)
	}
	if err := old.migrate(t.Context(), path, before(t, number)); err != nil {
		t.Fatal(err)
	}
	return old, path
}

// Before limits existed every profile saw every title: existing profiles and titles keep that.
func TestAnOlderDatabaseKeepsItsProfilesWithoutLimits(t *testing.T) {
	t.Parallel()
	old, path := olderDatabase(t, "00050")
	for _, text := range []string{
		`INSERT INTO accounts (id, email, name, role, owner_slot, password_hash, created_ms) VALUES ('a', 'a@b.c', 'Anna Zoe', 'owner', 1, 'h', 1)`,
		`INSERT INTO profiles (id, account_id, name, color, is_default, created_ms) VALUES ('p', 'a', 'Anna Zoe', '#102030', 1, 1)`,
		`INSERT INTO files (id, root_id, title_id, path, path_hash, size, mtime_ns, fingerprint, probe, state, code, reason, since_ms, art, color, added_ms)
			VALUES ('f', 'r', NULL, 'p', 'p', 1, 1, 'p', '', 'present', '', '', 1, '', '', 1)`,
		`INSERT INTO titles (id, kind, wall, identity, name, sort_key, search_key, overview, evidence, poster, poster_mark, lead_file_id, added_ms)
			VALUES ('t', 'movie', 1, 'i', 'Heat', 'heat', 'heat', '', '{}', '', '', 'f', 1)`,
	} {
		if _, err := old.writer.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	if err := old.writer.Close(); err != nil {
		t.Fatal(err)
	}

	db := openAt(t, path)
	p, err := db.Accounts().Profile(t.Context(), "p")
	want := account.Profile{
		ID: "p", Account: "a", Name: "Anna Zoe", Color: "#102030", MaxAge: account.NoLimit, Unrated: true, AutoplayNext: true,
		Default: true,
		Created: momentOf(1),
	}
	if diff := cmp.Diff(want, p); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if err := db.Accounts().AddProfile(t.Context(), account.Profile{ID: "q", Account: "a", Name: "anna ZOE"}, "", 7); err == nil {
		t.Error("the old profile's name is not taken")
	}
	for audience, want := range map[library.Audience]int{library.Unrestricted(): 1, {MaxAge: 18}: 0} {
		if cards, err := db.Library().Cards(t.Context(), audience, []id.Title{"t"}); err != nil || len(cards) != want {
			t.Errorf("%+v sees %d (%v), want %d", audience, len(cards), err, want)
		}
	}
}

// Titles had names only, and ages were set by hand: both are descriptions now, and a scan finds its titles.
func TestAnOlderDatabaseKeepsWhatItSaysOfTitles(t *testing.T) {
	t.Parallel()
	old, path := olderDatabase(t, "00090")
	for _, text := range []string{
		`INSERT INTO files (id, root_id, title_id, path, path_hash, size, mtime_ns, fingerprint, probe, state, code, reason, since_ms, art, color, added_ms, duration_ms)
			VALUES ('f', 'r', NULL, 'p', 'p', 1, 1, 'p', '', 'present', '', '', 1, '', '', 1, 5400000)`,
		`INSERT INTO titles (id, kind, wall, identity, name, sort_key, search_key, year, overview, evidence, poster, poster_mark, lead_file_id, added_ms, age)
			VALUES ('t', 'movie', 1, 'movie:heat:1995', 'Heat "95"', 'heat', 'heat', 1995, '', '{"title":"file name"}', '', '', 'f', 1, 16)`,
		`INSERT INTO titles (id, kind, wall, identity, name, sort_key, search_key, overview, evidence, poster, poster_mark, lead_file_id, added_ms)
			VALUES ('u', 'movie', 1, 'movie:ben hur 1:1959', 'Ben Hur (1)', 'ben hur', 'ben hur', '', '{}', '', '', NULL, 1)`,
		`UPDATE files SET title_id = 't'`,
	} {
		if _, err := old.writer.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	if err := old.writer.Close(); err != nil {
		t.Fatal(err)
	}

	l := openAt(t, path).Library()
	all, err := l.Descriptions(t.Context(), []id.Title{"t", "u"})
	if err != nil {
		t.Fatal(err)
	}
	age := 16
	want := map[id.Title][]library.Description{
		"t": {
			{
				Title: "t", Source: library.FromName, Facts: library.Facts{Name: `Heat "95"`, Year: 1995},
				Evidence: map[string]string{"title": "file name"}, AtMS: 1,
			},
			{Title: "t", Source: library.FromOwner, Facts: library.Facts{Age: &age}, AtMS: 1},
		},
		"u": {
			{
				Title: "u", Source: library.FromName, Facts: library.Facts{Name: "Ben Hur (1)"}, Evidence: map[string]string{},
				AtMS: 1,
			},
		},
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Error(diff)
	}
	known, err := l.TitlesByIdentity(t.Context(), []string{"movie:heat:1995"})
	if err != nil || known["movie:heat:1995"].ID != "t" || !known["movie:heat:1995"].Edited ||
		known["movie:heat:1995"].DurationMS != 5_400_000 {
		t.Errorf("it is known as %+v (%v)", known, err)
	}
}

// Where specials air was not read before: the next scan takes their NFO files for changed ones, and no others.
func TestAnOlderDatabaseReadsItsSpecialsAgain(t *testing.T) {
	t.Parallel()
	old, path := olderDatabase(t, "00100")
	for name, values := range map[string]string{
		"special": "'episode', 0", "episode": "'episode', 1", "film": "'movie', 0", "bare": "'episode', 0",
	} {
		for _, text := range []string{
			`INSERT INTO titles (kind, season, id, wall, identity, name, sort_key, search_key, overview, evidence, added_ms)
				VALUES (` + values + `, '` + name + `', 0, '` + name + `', 'n', 'n', 'n', '', '', 1)`,
			`INSERT INTO descriptions (title_id, source, mark, facts, evidence, notes, at_ms)
				VALUES ('` + name + `', 'nfo', '12|34|/films/' || '` + name + `.nfo', '{}', '', '', 1)`,
		} {
			if _, err := old.writer.ExecContext(t.Context(), text); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := old.writer.ExecContext(t.Context(), `UPDATE descriptions SET mark = '' WHERE title_id = 'bare'`); err != nil {
		t.Fatal(err)
	}
	if err := old.writer.Close(); err != nil {
		t.Fatal(err)
	}
	all, err := openAt(t, path).Library().Descriptions(t.Context(), []id.Title{"special", "episode", "film", "bare"})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[id.Title]string{
		"special": "012|34|/films/special.nfo", "episode": "12|34|/films/episode.nfo", "film": "12|34|/films/film.nfo", "bare": "",
	} {
		if got := all[name][0].Revision; got != want || want != "" && library.RevisionPath(got) != "/films/"+string(name)+".nfo" {
			t.Errorf("%s was read from %q, want %q", name, got, want)
		}
	}
}
