package main

import (
	"fmt"
)

type configCommand struct {
	Check configCheckCommand `cmd:"" help:"Say whether the configuration is valid."`
	Print configPrintCommand `cmd:"" help:"Print every value that is in force and where it came from."`
}

type configCheckCommand struct{ folders }

// Run ends with exit code 2 and the place of the mistake when there is one. Keys that others have replaced are named.
func (c *configCheckCommand) Run(t terminal) error {
	l, err := c.load(t)
	if err != nil {
		return err
	}
	for _, note := range l.Notes() {
		fmt.Fprintln(t.out, note)
	}
	_, err = fmt.Fprintln(t.out, "The configuration is valid.")
	return err
}

type configPrintCommand struct{ folders }

// Run prints YAML that can be used as a configuration file.
func (c *configPrintCommand) Run(t terminal) error {
	l, err := c.load(t)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(t.out, l.Print())
	return err
}
