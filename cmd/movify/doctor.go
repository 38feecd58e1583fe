package main

import (
	"context"
	"fmt"

	"movify/pkg/app"
	"movify/pkg/fault"
)

// ErrExaminationFailed is returned by doctor when a server could not run on this machine.
var ErrExaminationFailed = fault.New(fault.Unavailable, "unwell", "A server would not work on this machine as it is.")

type doctorCommand struct {
	folders
	JSON   bool   `name:"json" help:"For a machine."`
	Health string `help:"Only ask the server at this address whether it is ready." placeholder:"URL"`
}

// Run prints one line per examination. Warnings do not change the exit code.
func (c *doctorCommand) Run(ctx context.Context, t terminal) error {
	if c.Health != "" {
		return app.Health(ctx, c.Health)
	}
	l, err := c.load(t)
	if err != nil {
		return err
	}
	tools, err := app.NewTools(l.Transcode, t.logger(l.Log.Level, l.Log.Format))
	if err != nil {
		return err
	}
	findings := app.Doctor(ctx, l.Config, tools)
	if c.JSON {
		if err := t.json(findings); err != nil {
			return err
		}
	}
	unwell := false
	for _, f := range findings {
		unwell = unwell || f.Verdict == app.Broken
		if !c.JSON {
			fmt.Fprintf(t.out, "%-6s %s: %s\n", f.Verdict, f.Name, f.Words)
		}
	}
	if unwell {
		return ErrExaminationFailed
	}
	return nil
}
