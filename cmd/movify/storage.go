package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"movify/pkg/api"
	"movify/pkg/app"
	"movify/pkg/fault"
)

// ErrStorageUnfit is how check ends when the storage cannot be used.
var ErrStorageUnfit = fault.New(fault.Unavailable, "storage_unfit", "The S3 storage cannot be used like this.")

type storageCommand struct {
	Status storageStatusCommand `cmd:"" help:"Say where segments and pictures live, and what is being done with them."`
	Check  storageCheckCommand  `cmd:"" help:"Try everything that is needed of the S3 storage."`
	Move   storageMoveCommand   `cmd:"" help:"Bring everything to another home, while people watch."`
	Gc     storageGcCommand     `cmd:"" help:"Name what nobody needs, or remove it."`
}

// storageCLI reads the configuration and returns the runner of storage tasks.
func (f folders) storageCLI(t terminal, tell func(api.StorageTask)) (app.StorageCLI, error) {
	l, err := f.load(t)
	if err != nil {
		return app.StorageCLI{}, err
	}
	return app.StorageCLI{Config: l.Config, Logger: t.logger(l.Log.Level, l.Log.Format), Progress: tell}, nil
}

type storageStatusCommand struct {
	folders
	JSON bool `name:"json" help:"For a machine."`
}

// Run works beside a running server and without one.
func (c *storageStatusCommand) Run(ctx context.Context, t terminal) error {
	s, err := c.storageCLI(t, nil)
	if err != nil {
		return err
	}
	state, err := s.State(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return t.json(state)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "home   %s\n", state.Home)
	fmt.Fprintf(&b, "disk   %d blobs, %s, in %s; %s free\n", state.Disk.Blobs, size(state.Disk.Bytes), state.Disk.Dir,
		size(state.Disk.FreeBytes))
	fmt.Fprintf(&b, "stage  %s\n", size(state.Stage.Bytes))
	fmt.Fprintf(&b, "cache  %s of %s\n", size(state.Cache.Bytes), size(state.Cache.Limit))
	if s3 := state.S3; s3 != nil {
		fmt.Fprintf(&b, "s3     bucket %s at %s, %s, by the %s\n", s3.Bucket, s3.Endpoint, s3.Delivery, s3.From)
	}
	if state.Task != nil {
		fmt.Fprintf(&b, "task   %s\n", progressLine(*state.Task))
	}
	_, err = io.WriteString(t.out, b.String())
	return err
}

type storageCheckCommand struct {
	folders
	JSON bool `name:"json" help:"For a machine."`
}

// Run ends with exit code 7 when the storage lacks something that cannot be done without.
func (c *storageCheckCommand) Run(ctx context.Context, t terminal) error {
	s, err := c.storageCLI(t, nil)
	if err != nil {
		return err
	}
	check, err := s.Check(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		err = t.json(check)
	} else {
		for _, i := range check.Items {
			if _, err = fmt.Fprintf(t.out, "%-5s %s: %s\n", i.Level, i.Name, i.Words); err != nil {
				break
			}
		}
	}
	if err == nil && !check.OK {
		err = ErrStorageUnfit
	}
	return err
}

type storageMoveCommand struct {
	folders
	To string `required:"" enum:"disk,s3" help:"The new home: disk or s3."`
}

// Run stays until everything has moved. Broken off, the move goes on with the next server or the next time.
func (c *storageMoveCommand) Run(ctx context.Context, t terminal) error {
	p := &progress{out: t.out, bar: isTerminal(t.out)}
	s, err := c.storageCLI(t, p.tell)
	if err != nil {
		return err
	}
	task, err := s.Move(ctx, c.To)
	p.finish()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.out, "Everything lives in %s now: %d blobs, %s.\n", task.To, task.Total, size(task.TotalBytes))
	return err
}

type storageGcCommand struct {
	folders
	Apply bool `help:"Remove what is found; without this it is only named."`
	JSON  bool `name:"json" help:"For a machine."`
}

// Run prints the first garbage blobs, and the sums of all.
func (c *storageGcCommand) Run(ctx context.Context, t terminal) error {
	s, err := c.storageCLI(t, nil)
	if err != nil {
		return err
	}
	task, err := s.Collect(ctx, !c.Apply)
	if err != nil {
		return err
	}
	if c.JSON {
		return t.json(task)
	}
	var b strings.Builder
	for _, g := range task.Garbage {
		fmt.Fprintf(&b, "%10s  %s: %s\n", size(g.Size), g.Key, g.Why)
	}
	if rest := task.Total - len(task.Garbage); rest > 0 {
		fmt.Fprintf(&b, "and %d more\n", rest)
	}
	verb := "would be removed; do it with --apply"
	if c.Apply {
		verb = "removed"
	}
	fmt.Fprintf(&b, "%d blobs, %s: %s.\n", task.Total, size(task.TotalBytes), verb)
	_, err = io.WriteString(t.out, b.String())
	return err
}

// progress shows how far a task is: on a terminal one line that changes, elsewhere a line whenever it says something new.
type progress struct {
	out  io.Writer
	bar  bool
	last string
}

func (p *progress) tell(t api.StorageTask) {
	line := progressLine(t)
	if line == p.last {
		return
	}
	p.last = line
	if p.bar {
		fmt.Fprintf(p.out, "\r\x1b[K%s %s", gauge(t), line)
		return
	}
	fmt.Fprintln(p.out, line)
}

// finish ends the line that changes.
func (p *progress) finish() {
	if p.bar && p.last != "" {
		fmt.Fprintln(p.out)
	}
}

// gauge draws how much is done.
func gauge(t api.StorageTask) string {
	const width = 30
	full := 0
	if t.TotalBytes > 0 {
		full = int(min(width, width*t.DoneBytes/t.TotalBytes))
	}
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", width-full) + "]"
}

// progressLine is a task in a line.
func progressLine(t api.StorageTask) string {
	doing := map[string]string{"copy": "copying", "back": "bringing back", "tidy": "removing old copies",
		"clear": "removing the copies"}[t.Phase]
	if doing == "" || t.State != "running" {
		doing = t.State
	}
	line := t.Kind
	if t.To != "" {
		line += " to " + t.To
	}
	line += fmt.Sprintf(": %s, %d of %d blobs, %s of %s", doing, t.Done, t.Total, size(t.DoneBytes), size(t.TotalBytes))
	if t.Speed > 0 && t.Phase == "copy" {
		line += fmt.Sprintf(", %s/s", size(t.Speed))
		if left := t.TotalBytes - t.DoneBytes; left > 0 {
			line += fmt.Sprintf(", %s left", (time.Duration(left/t.Speed) * time.Second))
		}
	}
	if t.Error != "" {
		line += ". " + t.Error
	}
	return line
}

// size writes bytes for a person.
func size(n int64) string {
	switch {
	case n >= 1e12:
		return fmt.Sprintf("%.1f TB", float64(n)/1e12)
	case n >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%d B", n)
}

// isTerminal reports whether the output is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	_, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	return err == nil
}
