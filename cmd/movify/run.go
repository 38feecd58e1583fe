package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"

	"movify/pkg/fault"
)

// cli is the commands with their flags and arguments.
type cli struct {
	Serve     serveCommand     `cmd:"" help:"Run the server."`
	Scan      scanCommand      `cmd:"" help:"Look through the library once, or show what a scan would change."`
	Identify  identifyCommand  `cmd:"" help:"Say what file names mean."`
	Probe     probeCommand     `cmd:"" help:"Say what is in a file."`
	Transcode transcodeCommand `cmd:"" help:"Make the whole ladder of a file in a folder."`
	Check     checkCommand     `cmd:"" help:"Judge a packaged stream."`
	Doctor    doctorCommand    `cmd:"" help:"Look at what a server needs on this machine."`
	Config    configCommand    `cmd:"" help:"Check or print the configuration."`
	Storage   storageCommand   `cmd:"" help:"Look after the place where segments and pictures live."`
	User      userCommand      `cmd:"" help:"Look after accounts, whether the server runs or not."`
	Version   versionCommand   `cmd:"" help:"Print the version."`
}

// terminal is the streams and the environment of the process.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	env      map[string]string
}

// environment turns "NAME=value" lines into a map.
func environment(lines []string) map[string]string {
	out := make(map[string]string, len(lines))
	for _, line := range lines {
		name, value, _ := strings.Cut(line, "=")
		out[name] = value
	}
	return out
}

// exitPanic is the panic with which kong ends the process after printing help.
type exitPanic int

// run executes one command and gives the process's exit code.
func run(ctx context.Context, args []string, t terminal) (code int) {
	defer func() {
		if v, ok := recover().(exitPanic); ok {
			code = int(v)
		}
	}()
	var c cli
	parser, err := kong.New(&c,
		kong.Name("movify"),
		kong.Description("A self-hosted media server. Exit codes: "+exitCodesInWords+"."),
		kong.Writers(t.out, t.err),
		kong.Exit(func(code int) { panic(exitPanic(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.KindMapper(reflect.String, kong.MapperFunc(rawArgument)),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(t),
	)
	if err != nil {
		return t.fail(fmt.Errorf("build the command line: %w", err))
	}
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(t.err, "movify: %s\nTry: movify --help\n", err)
		return exitUsage
	}
	if err := command.Run(); err != nil {
		if ctx.Err() != nil && errors.Is(err, context.Canceled) {
			fmt.Fprintln(t.err, "movify: interrupted")
			return exitInterrupted
		}
		return t.fail(err)
	}
	return exitOK
}

// rawArgument is an argument byte for byte. kong's own decoder goes through JSON, which alters a path that is not UTF-8.
func rawArgument(c *kong.DecodeContext, target reflect.Value) error {
	t, err := c.Scan.PopValue("string")
	if err != nil {
		return err
	}
	target.SetString(t.String())
	return nil
}

// fail prints the message of an error and gives the exit code of its kind.
func (t terminal) fail(err error) int {
	f := fault.Of(err)
	if f.Kind == fault.Internal {
		fmt.Fprintf(t.err, "movify: %v\n", err)
	} else {
		fmt.Fprintf(t.err, "movify: %s (%s)\n", f.Message, f.Code)
	}
	return exitCode(f.Kind)
}

// json writes v as indented JSON.
func (t terminal) json(v any) error {
	e := json.NewEncoder(t.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// logger writes to standard error in the configured form.
func (t terminal) logger(level, format string) *slog.Logger {
	var l slog.Level
	// A validated level always parses; were it not, info is right.
	_ = l.UnmarshalText([]byte(level))
	o := &slog.HandlerOptions{Level: l}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(t.err, o))
	}
	return slog.New(slog.NewTextHandler(t.err, o))
}

// line writes v as JSON on one line.
func (t terminal) line(v any) error {
	e := json.NewEncoder(t.out)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
