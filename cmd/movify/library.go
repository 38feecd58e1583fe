package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"movify/library/scan"

	"movify/library"
	"movify/library/naming"
	"movify/pkg/app"
)

type scanCommand struct {
	folders
	DryRun bool `help:"Only say what a scan would change."`
	JSON   bool `name:"json" help:"For a machine."`
}

// Run needs the lock on the data folder; on a running server the web app starts a scan.
func (c *scanCommand) Run(ctx context.Context, t terminal) error {
	l, err := c.load(t)
	if err != nil {
		return err
	}
	logger := t.logger(l.Log.Level, l.Log.Format)
	if c.DryRun {
		diff, err := app.Preview(ctx, l.Config, logger)
		if err != nil {
			return err
		}
		return c.tell(t, diff)
	}
	s, err := app.Scan(ctx, l.Config, logger)
	if err != nil {
		return err
	}
	if c.JSON {
		return t.json(map[string]int{"seen": s.Seen, "added": s.Added, "probed": s.Probed})
	}
	_, err = fmt.Fprintf(t.out, "%d video files, %d new, %d looked into.\n", s.Seen, s.Added, s.Probed)
	return err
}

func (c *scanCommand) tell(t terminal, d scan.Diff) error {
	groups := []struct {
		name  string
		paths []string
	}{
		{"added", d.Added}, {"changed", d.Changed}, {"returned", d.Returned}, {"missing", d.Missing}, {"held", d.Held},
		{"unreachable", d.Unreachable},
	}
	if c.JSON {
		out := map[string]any{"unchanged": d.Unchanged, "moved": moves(d), "away": awayRoots(d), "ignored": ignored(d)}
		for _, g := range groups {
			shown := make([]string, 0, len(g.paths))
			for _, p := range g.paths {
				shown = append(shown, naming.Display(p))
			}
			out[g.name] = shown
		}
		return t.json(out)
	}
	for _, g := range groups {
		for _, p := range g.paths {
			fmt.Fprintf(t.out, "%-11s %s\n", g.name, naming.Display(p))
		}
	}
	for _, m := range moves(d) {
		fmt.Fprintf(t.out, "%-11s %s → %s\n", "moved", m["from"], m["to"])
	}
	for _, i := range ignored(d) {
		fmt.Fprintf(t.out, "%-11s %s: %s\n", "ignored", i["path"], i["reason"])
	}
	for _, a := range awayRoots(d) {
		fmt.Fprintf(t.out, "%-11s %s: %s\n", "away", a["path"], a["reason"])
	}
	_, err := fmt.Fprintf(t.out, "%-11s %d\n", "unchanged", d.Unchanged)
	return err
}

// moves gives the files that a scan would find moved, as text.
func moves(d scan.Diff) []map[string]string {
	out := make([]map[string]string, 0, len(d.Moved))
	for _, m := range d.Moved {
		out = append(out, map[string]string{"from": naming.Display(m.From), "to": naming.Display(m.To)})
	}
	return out
}

// awayRoots gives the library folders that a scan could not reach, as text.
func awayRoots(d scan.Diff) []map[string]string {
	out := make([]map[string]string, 0, len(d.Away))
	for _, a := range d.Away {
		out = append(out, map[string]string{"path": naming.Display(a.Path), "code": a.Code, "reason": a.Reason})
	}
	return out
}

// ignored gives what a scan would ignore, as text.
func ignored(d scan.Diff) []map[string]string {
	out := make([]map[string]string, 0, len(d.Ignored))
	for _, i := range d.Ignored {
		out = append(out, map[string]string{"path": naming.Display(i.Path), "code": i.Code, "reason": i.Reason})
	}
	return out
}

type identifyCommand struct {
	Paths []string `arg:"" optional:"" help:"Paths below a library folder, as one tree; without any, one per line from standard input."`
	JSON  bool     `name:"json" help:"For a machine: one object per line."`
}

// identified is a path with the result of identifying it.
type identified struct {
	Path        string            `json:"path"`
	Kind        library.Kind      `json:"kind"`
	Title       string            `json:"title"`
	Year        int               `json:"year,omitempty"`
	Season      *int              `json:"season,omitempty"`
	Episodes    []int             `json:"episodes,omitempty"`
	EpisodeName string            `json:"episodeName,omitempty"`
	Date        string            `json:"date,omitempty"`
	Absolute    int               `json:"absolute,omitempty"`
	Part        int               `json:"part,omitempty"`
	Edition     string            `json:"edition,omitempty"`
	Extra       library.ExtraKind `json:"extra,omitempty"`
	ExtraName   string            `json:"extraName,omitempty"`
	IDs         map[string]string `json:"ids,omitempty"`
	Language    string            `json:"language,omitempty"`
	Flags       []string          `json:"flags,omitempty"`
	Certainty   library.Certainty `json:"certainty"`
	Evidence    map[string]string `json:"evidence"`
}

// belowRoot gives the path of an argument below a library folder.
func belowRoot(arg string) string { return strings.TrimPrefix(filepath.ToSlash(arg), "/") }

// siblingsOf gives the video files of each folder of a tree.
func siblingsOf(paths []string) map[string]*naming.Siblings {
	names := make(map[string][]string)
	for _, p := range paths {
		if dir, name := path.Split(belowRoot(p)); library.IsVideo(name) {
			names[dir] = append(names[dir], name)
		}
	}
	out := make(map[string]*naming.Siblings, len(names))
	for dir, list := range names {
		out[dir] = naming.NewSiblings(list, nil)
	}
	return out
}

func identify(arg string, siblings map[string]*naming.Siblings) identified {
	rel := belowRoot(arg)
	dir, _ := path.Split(rel)
	i := siblings[dir].Identify(rel)
	out := identified{
		Path: naming.Display(arg), Kind: i.Kind, Title: i.Title, Year: i.Year, EpisodeName: i.EpisodeName, Date: i.Date,
		Absolute: i.Absolute, Part: i.Part, Edition: i.Edition, Extra: i.Extra, ExtraName: i.ExtraName, IDs: i.IDs,
		Language: i.Language, Flags: i.Flags, Certainty: i.Sure, Evidence: i.Evidence,
	}
	if i.Evidence["season"] != "" || i.Kind == library.Episode {
		out.Season = &i.Season
	}
	if i.Kind == library.Episode && i.Date == "" && !i.Unnumbered() { // an episode of a date has no number
		for n := i.Episode; n <= i.EpisodeLast; n++ {
			out.Episodes = append(out.Episodes, n)
		}
	}
	return out
}

// Run reads the paths only; the files need not exist. All paths are one tree: what one name leaves open, those beside it
// may tell.
func (c *identifyCommand) Run(t terminal) error {
	paths := c.Paths
	if len(paths) == 0 {
		lines := bufio.NewScanner(t.in)
		for lines.Scan() {
			if line := strings.TrimRight(lines.Text(), "\r"); line != "" {
				paths = append(paths, line)
			}
		}
		if err := lines.Err(); err != nil {
			return fmt.Errorf("read standard input: %w", err)
		}
	}
	siblings := siblingsOf(paths)
	for _, p := range paths {
		if err := c.tell(t, identify(p, siblings)); err != nil {
			return err
		}
	}
	return nil
}

func (c *identifyCommand) tell(t terminal, i identified) error {
	if c.JSON {
		return t.line(i)
	}
	text := fmt.Sprintf("%s\n  %s\n", i.Path, i.oneLine())
	for _, field := range slices.Sorted(maps.Keys(i.Evidence)) {
		text += fmt.Sprintf("    %s: %s\n", field, i.Evidence[field])
	}
	_, err := io.WriteString(t.out, text)
	return err
}

// oneLine is the result for a path in one line.
func (i identified) oneLine() string {
	words := []string{string(i.Kind), i.Title}
	add := func(format string, value any, given bool) {
		if given {
			words = append(words, fmt.Sprintf(format, value))
		}
	}
	add("(%d)", i.Year, i.Year > 0)
	if i.Date != "" {
		words = append(words, i.Date)
	} else if i.Kind == library.Episode && len(i.Episodes) == 0 {
		words = append(words, fmt.Sprintf("S%02d", *i.Season))
	} else if i.Kind == library.Episode {
		code := fmt.Sprintf("S%02dE%02d", *i.Season, i.Episodes[0])
		if last := i.Episodes[len(i.Episodes)-1]; last > i.Episodes[0] {
			code += fmt.Sprintf("-E%02d", last)
		}
		words = append(words, code)
	}
	add("%s", i.EpisodeName, i.EpisodeName != "")
	add("%s", i.Extra, i.Extra != "")
	add("%q", i.ExtraName, i.ExtraName != "")
	add("part %d", i.Part, i.Part > 0)
	add("{%s}", i.Edition, i.Edition != "")
	add("[%s]", i.Language, i.Language != "")
	add("%s", strings.Join(i.Flags, " "), len(i.Flags) > 0)
	for _, source := range slices.Sorted(maps.Keys(i.IDs)) {
		words = append(words, source+"="+i.IDs[source])
	}
	return strings.Join(words, " ")
}
