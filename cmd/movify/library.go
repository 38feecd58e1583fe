package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"movify/library"
	"movify/pkg/app"
)

type scanCommand struct {
	folders
	DryRun bool `help:"Only say what a scan would change."`
	JSON   bool `name:"json" help:"For a machine."`
}

// Run works on the data folder itself; a running server has its own button for it.
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

func (c *scanCommand) tell(t terminal, d library.Diff) error {
	groups := []struct {
		name  string
		paths []string
	}{
		{"added", d.Added}, {"changed", d.Changed}, {"returned", d.Returned}, {"missing", d.Missing}, {"unreachable", d.Unreachable},
	}
	if c.JSON {
		out := map[string]any{"unchanged": d.Unchanged}
		for _, g := range groups {
			shown := make([]string, 0, len(g.paths))
			for _, p := range g.paths {
				shown = append(shown, library.Display(p))
			}
			out[g.name] = shown
		}
		return t.json(out)
	}
	for _, g := range groups {
		for _, p := range g.paths {
			fmt.Fprintf(t.out, "%-11s %s\n", g.name, library.Display(p))
		}
	}
	_, err := fmt.Fprintf(t.out, "%-11s %d\n", "unchanged", d.Unchanged)
	return err
}

type identifyCommand struct {
	Paths []string `arg:"" optional:"" help:"Paths below a library folder; without any, one per line from standard input."`
	JSON  bool     `name:"json" help:"For a machine: one object per line."`
}

// identified is a path and what it means.
type identified struct {
	Path string `json:"path"`
	library.Identity
}

// Run looks at the words only; the files need not exist.
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
	for _, p := range paths {
		i := library.Identify(strings.TrimPrefix(filepath.ToSlash(p), "/"))
		if c.JSON {
			if err := t.line(identified{library.Display(p), i}); err != nil {
				return err
			}
			continue
		}
		text := fmt.Sprintf("%s\n  %s\n", library.Display(p), inShort(i))
		for _, field := range slices.Sorted(maps.Keys(i.Evidence)) {
			text += fmt.Sprintf("    %s: %s\n", field, i.Evidence[field])
		}
		if _, err := io.WriteString(t.out, text); err != nil {
			return err
		}
	}
	return nil
}

// inShort is an identity in one line.
func inShort(i library.Identity) string {
	out := string(i.Kind) + " " + i.Title
	if i.Year > 0 {
		out += fmt.Sprintf(" (%d)", i.Year)
	}
	if i.Kind == library.Episode {
		out += fmt.Sprintf(" S%02dE%02d", i.Season, i.Episode)
		if i.EpisodeLast > i.Episode {
			out += fmt.Sprintf("-E%02d", i.EpisodeLast)
		}
		if i.EpisodeName != "" {
			out += " " + i.EpisodeName
		}
	}
	return out
}
