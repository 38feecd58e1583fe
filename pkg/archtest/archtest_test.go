package archtest_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/archtest"
)

func TestHouse(t *testing.T) {
	t.Parallel()
	found, err := archtest.Check(os.DirFS(moduleRoot(t)), archtest.House())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Error(f)
	}
}

func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = up
	}
}

// breach changes a sound module, and says what is found then.
type breach struct {
	rules func(*archtest.Rules)
	files map[string]string
	want  []string
}

// sound is a small module that keeps every rule; each case of TestEveryRuleCanFail breaks one of them.
func sound() (archtest.Rules, map[string]string) {
	rules := archtest.Rules{
		Module:    "m",
		Floors:    map[string]int{"app": 6, "store": 4, "storetest": 4, "library": 3, "player": 3, "id": 0, "config": 0},
		Reserved:  map[string][]string{"config": {"app"}},
		Suites:    []string{"storetest"},
		Doors:     map[string][]string{"example.com/sql": {"store"}, "os/exec": {"store"}, "example.com/cmp": {}},
		Forbidden: []string{"util"},
		MaxLines:  20,
		Drawing:   "architecture.md",
	}
	return rules, map[string]string{
		"app/app.go":              source("app", "m/store", "m/library", "m/config", "fmt"),
		"store/store.go":          source("store", "m/library", "example.com/sql/driver", "os/exec"),
		"store/store_test.go":     "package store_test\nimport _ \"m/storetest\"\nimport _ \"example.com/cmp\"\n",
		"storetest/suite.go":      source("storetest", "m/store"),
		"library/library.go":      source("library", "m/id"),
		"player/player.go":        source("player"),
		"id/id.go":                source("id"),
		"config/config.go":        source("config"),
		"library/testdata/x/x.go": "package broken (",
		"third_party/x/x.go":      "package x",
		"web/node_modules/x/x.go": "package x",
		"web/src/long.gen.ts":     strings.Repeat("\n", 50),
		"architecture.md":         drawing("app/ store/", "6  app\n4  store · test suites\n3  {library,player}\n0  id · config\n"),
	}
}

func source(name string, imports ...string) string {
	text := "// Package " + name + " owns things.\npackage " + name + "\n"
	for _, i := range imports {
		text += "import _ \"" + i + "\"\n"
	}
	return text
}

func drawing(more, floors string) string {
	return "# Tree\n\n```\n" + more + "\nlibrary/   player/ id/ config/\n```\n\n## Floors\n\n```\n" + floors + "```\n"
}

func prove(t *testing.T, cases map[string]breach) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rules, files := sound()
			if c.rules != nil {
				c.rules(&rules)
			}
			maps.Copy(files, c.files)
			root := fstest.MapFS{}
			for p, text := range files {
				root[p] = &fstest.MapFile{Data: []byte(text)}
			}
			found, err := archtest.Check(root, rules)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, found); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Each rule is shown to fail: one small broken module, and the words that name the fix.
func TestEveryRuleCanFail(t *testing.T) {
	t.Parallel()
	prove(t, map[string]breach{
		"a sound module": {},
		"import up": {
			files: map[string]string{"library/library.go": source("library", "m/store")},
			want:  []string{"library/library.go: floor 3 imports store on floor 4; imports point down: move the type down or declare an interface"},
		},
		"import sideways": {
			files: map[string]string{"player/player.go": source("player", "m/library")},
			want:  []string{"player/player.go: imports its neighbour library on floor 3; declare the small interface you need and let pkg/app connect them"},
		},
		"config in the domain": {
			files: map[string]string{"library/library.go": source("library", "m/config")},
			want:  []string{"library/library.go: imports config, which is for app; take what you need as Options"},
		},
		"test suite in product code": {
			files: map[string]string{"app/app.go": source("app", "m/storetest")},
			want:  []string{"app/app.go: imports the test suite storetest; only _test.go files may"},
		},
		"through the wrong door": {
			files: map[string]string{"library/library.go": source("library", "example.com/sql/driver", "os/exec")},
			want: []string{
				"library/library.go: imports example.com/sql/driver; its door is store: ask that package for what you need",
				"library/library.go: imports os/exec; its door is store: ask that package for what you need",
			},
		},
		"a module without a door": {
			files: map[string]string{"library/library.go": source("library", "example.com/new")},
			want:  []string{"library/library.go: imports example.com/new, which has no door; choose the one package that may and add it to Doors in pkg/archtest/rules.go"},
		},
		"no floor": {
			files: map[string]string{"newcomer/x.go": source("newcomer")},
			want:  []string{"newcomer: has no floor; decide what it may import and add it to Floors in pkg/archtest/rules.go and to docs/architecture.md"},
		},
		"empty name": {
			rules: func(r *archtest.Rules) { r.Floors["util"], r.Drawing = 0, "" },
			files: map[string]string{"util/x.go": source("util")},
			want:  []string{`util: the name "util" says nothing; name the package after what it owns`},
		},
		"no package comment": {
			files: map[string]string{"id/id.go": "package id\n"},
			want:  []string{"id: has no package comment; say what it owns and what it never does"},
		},
		"two package comments": {
			files: map[string]string{"id/a.go": source("id")},
			want:  []string{"id: has more than one package comment (id/a.go, id/id.go); keep one"},
		},
		"init": {
			files: map[string]string{"id/id.go": source("id") + "func init() {}\n"},
			want:  []string{"id/id.go: declares init(); construct it where it is used, from pkg/app"},
		},
		"long file": {
			files: map[string]string{
				"id/id.go":         source("id") + strings.Repeat("\n", 19),
				"id/generated.go":  "// Code generated by x. DO NOT EDIT.\n\npackage id\n" + strings.Repeat("\n", 30),
				"id/id_test.go":    "package id_test\n" + strings.Repeat("\n", 30),
				"web/src/page.tsx": strings.Repeat("\n", 21),
			},
			want: []string{
				"id/id.go: 21 lines; above 20 nobody reads it: split it by what its parts own",
				"web/src/page.tsx: 21 lines; above 20 nobody reads it: split it by what its parts own",
			},
		},
		"a door that is not used": {
			rules: func(r *archtest.Rules) {
				r.Doors["example.com/sql"] = []string{"store", "player", "gone"}
				r.Doors["example.com/unused"] = []string{}
			},
			files: map[string]string{"player/player_test.go": "package player_test\nimport _ \"example.com/sql\"\n"},
			want: []string{
				"example.com/unused: has an entry in Doors of pkg/archtest/rules.go, but nothing imports it; remove the entry and the module",
				"gone: named in Doors of pkg/archtest/rules.go, but there is no such package; remove the entry",
				"player: is a door of example.com/sql in pkg/archtest/rules.go, but does not import it; remove the entry",
			},
		},
		"entries for packages that do not exist": {
			rules: func(r *archtest.Rules) {
				r.Drawing = ""
				r.Floors["a"] = 1
				r.Reserved["b"] = []string{"app", "c"}
				r.Suites = append(r.Suites, "d")
			},
			want: []string{
				"a: named in Floors of pkg/archtest/rules.go, but there is no such package; remove the entry",
				"b: named in Reserved of pkg/archtest/rules.go, but there is no such package; remove the entry",
				"c: named in Reserved of pkg/archtest/rules.go, but there is no such package; remove the entry",
				"d: named in Suites of pkg/archtest/rules.go, but there is no such package; remove the entry",
			},
		},
		"floors drawn differently": {
			files: map[string]string{"architecture.md": drawing("app/ store/", "6  app\n4  store · gone\n2  {library,player}\n0  config\nroof\n")},
			want: []string{
				`architecture.md: gone is drawn, but pkg/archtest/rules.go has no such package; remove it`,
				`architecture.md: id is missing; draw it on floor 0`,
				`architecture.md: library is drawn on floor 2, pkg/archtest/rules.go has it on 3`,
				`architecture.md: player is drawn on floor 2, pkg/archtest/rules.go has it on 3`,
				`architecture.md: storetest is missing; draw it on floor 4`,
				`architecture.md: the floor "roof" does not begin with its number`,
			},
		},
		"a tree drawn differently": {
			files: map[string]string{"architecture.md": drawing("app/ shop/", "6  app\n4  store · test suites\n3  library · player\n0  id · config\n")},
			want: []string{
				`architecture.md: the tree lacks store/ (store)`,
				`architecture.md: the tree names shop/, which does not exist`,
			},
		},
		"a wide line": {
			rules: func(r *archtest.Rules) { r.MaxColumns = 40 },
			files: map[string]string{
				"id/id.go": "// Package id owns things, and this comment is wider than code may be.\npackage id\n" +
					"var query = `SELECT id FROM titles WHERE name = ?`\n" +
					"var rows = []row{\n\t{\"a row of a table\", \"may be wider\"},\n}\n" +
					"var names = map[string]int{\n\t\"one\": 1,\n\t\"two\": 2,\n\t\"the third of the names\": 3,\n}\n" +
					"var list = []string{\"one of the list\", \"two\", \"three\"}\n" +
					"/* a comment of two lines,\nof which the second is the wider one */\n" +
					"var one, two, three = 1, 2, 3 // and why not four\n",
				"id/id_test.go": "package id_test\nvar one, two, three, four, five = 1, 2, 3, 4, 5\n",
			},
			want: []string{
				"id/id.go:12: 54 columns; break lines of code above 40",
				"id/id.go:15: 49 columns; break lines of code above 40",
			},
		},
	})
}
