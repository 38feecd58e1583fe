// Command bench measures Movify against baselines: ffmpeg for a ladder and for the first segment, nginx for delivery and for
// the Original stream, ffprobe and minidlna for a scan, and its own idle state for memory, open files and a sign-in. Each
// pair is measured side by side in one run, in turns, and the ratio counts: figures of another machine or another minute
// mean nothing. It is started by `make bench`, owns no rule of the product and is imported by no package.
//
//	go run ./bench -only original -baseline OLD    one part; OLD is an older program, which encodes what is watched
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// options are the flags of all parts.
type options struct {
	movify   string        // the program under test
	baseline string        // a build that encodes what is watched; "" = none
	work     string        // folder for films, which stay between runs, and for the files of one run
	reps     int           // how often each side of a pair is measured
	titles   int           // size of the library of the idle part
	files    int           // size of the library of the library part
	works    int           // size of the catalogue of the catalogue part
	asks     int           // how often the catalogue part requests each kind of page
	rest     time.Duration // of the server before its memory is read again
	strict   bool          // a ratio over its limit is an error
	out      io.Writer
}

// part is one group of measurements.
type part struct {
	name string
	tool string // the baseline's program
	run  func(context.Context, options) error
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	parts := []part{
		{"ladder", "ffmpeg", ladder},
		{"start", "ffmpeg", playStart},
		{"deliver", "nginx", deliver},
		{"original", "nginx", originalStreams},
		{"storage", "wrk", storage},
		{"idle", "ffmpeg", idle},
		{"library", "ffprobe", scan},
		{"catalogue", "ffmpeg", catalogue},
		{"signin", "ffmpeg", signIn},
	}
	o := options{out: out}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.StringVar(&o.movify, "movify", "", "program to measure; built from this module when empty")
	flags.StringVar(&o.baseline, "baseline", "", "an older program, which the original part watches too; none when empty")
	flags.StringVar(&o.work, "work", ".cache/bench", "folder for films and results")
	flags.IntVar(&o.reps, "reps", 3, "how often each side is measured")
	flags.IntVar(&o.titles, "titles", 1000, "titles in the library of the idle part")
	flags.IntVar(&o.files, "files", 50_000, "files in the library of the library part")
	flags.IntVar(&o.works, "works", 100_000, "titles in the catalogue of the catalogue part")
	flags.IntVar(&o.asks, "requests", 200, "how often the catalogue part requests each kind of page")
	flags.DurationVar(&o.rest, "rest", time.Minute, "rest of a server before its memory is read again")
	flags.BoolVar(&o.strict, "strict", false, "fail when a ratio is over its limit")
	names := make([]string, len(parts))
	for n, p := range parts {
		names[n] = p.name
	}
	only := flags.String("only", strings.Join(names, ","), "parts to run")
	if err := flags.Parse(args); err != nil {
		return err
	}
	wanted := strings.Split(*only, ",")
	for _, name := range wanted {
		if !slices.ContainsFunc(parts, func(p part) bool { return p.name == name }) {
			return fmt.Errorf("there is no part %q", name)
		}
	}
	if err := prepare(ctx, &o); err != nil {
		return err
	}
	var over []error
	for _, p := range parts {
		if !slices.Contains(wanted, p.name) {
			continue
		}
		if _, err := exec.LookPath(p.tool); err != nil {
			return fmt.Errorf("%s needs %s: %w", p.name, p.tool, err)
		}
		fmt.Fprintf(out, "\n%s\n", strings.ToUpper(p.name))
		err := p.run(ctx, o)
		if errors.Is(err, errOver) {
			over = append(over, fmt.Errorf("%s: %w", p.name, err))
		} else if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	if o.strict {
		return errors.Join(over...)
	}
	return nil
}

// prepare makes the folder absolute and builds the program when none was given.
func prepare(ctx context.Context, o *options) (err error) {
	if o.reps < 1 || o.titles < 1 || o.asks < 1 {
		return errors.New("-reps, -titles and -requests are at least 1")
	}
	if o.work, err = filepath.Abs(o.work); err != nil {
		return fmt.Errorf("find the work folder: %w", err)
	}
	if err = os.MkdirAll(o.work, 0o755); err != nil {
		return fmt.Errorf("make the work folder: %w", err)
	}
	if o.movify == "" {
		o.movify = filepath.Join(o.work, "movify")
		if _, _, err := command(ctx, "go", "build", "-o", o.movify, "movify/cmd/movify"); err != nil {
			return fmt.Errorf("build movify: %w", err)
		}
	}
	if o.movify, err = filepath.Abs(o.movify); err != nil || o.baseline == "" {
		return err
	}
	o.baseline, err = filepath.Abs(o.baseline)
	return err
}

// scratch makes an empty folder below the work folder; remove takes it away again.
func (o options) scratch(name string) (dir string, remove func(), err error) {
	dir = filepath.Join(o.work, "run", name)
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o755)); err != nil {
		return "", nil, fmt.Errorf("make a scratch folder: %w", err)
	}
	return dir, func() { _ = os.RemoveAll(dir) }, nil
}

// line prints one fact.
func (o options) line(format string, args ...any) { fmt.Fprintf(o.out, "  "+format+"\n", args...) }
