package main

import (
	"context"
	"fmt"

	"movify/pkg/app"
)

type userCommand struct {
	Reset userResetCommand `cmd:"" help:"Give an account a new password and end its sign-ins. The server must be stopped."`
}

type userResetCommand struct {
	folders
	Email string `arg:"" help:"E-mail address of the account."`
}

// Run prints the new password, and nothing else, on standard output.
func (c *userResetCommand) Run(ctx context.Context, t terminal) error {
	l, err := c.load(t)
	if err != nil {
		return err
	}
	password, err := app.ResetPassword(ctx, l.Config, c.Email, t.logger(l.Log.Level, l.Log.Format))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(t.out, password)
	return err
}
