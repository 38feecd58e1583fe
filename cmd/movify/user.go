package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"movify/pkg/account"
	"movify/pkg/app"
	"movify/pkg/config"
)

type userCommand struct {
	List    userListCommand    `cmd:"" help:"List the accounts."`
	Invite  userInviteCommand  `cmd:"" help:"Make an invitation and print its link."`
	Reset   userResetCommand   `cmd:"" help:"Give an account a new password and end its sign-ins."`
	Role    userRoleCommand    `cmd:"" help:"Change the role of an account, or hand the server over to it."`
	Disable userDisableCommand `cmd:"" help:"Keep an account from signing in and end its sign-ins."`
	Enable  userEnableCommand  `cmd:"" help:"Let a disabled account sign in again."`
}

// operate calls f with an operator of the data folder, which a running server may hold.
func (f folders) operate(ctx context.Context, t terminal, do func(*app.Operator, config.Config) error) (err error) {
	l, err := f.load(t)
	if err != nil {
		return err
	}
	o, err := app.NewOperator(ctx, l.Config, t.logger(l.Log.Level, l.Log.Format))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	return do(o, l.Config)
}

// address is the base URL of the server from the configuration.
func address(c config.Config) string {
	return strings.TrimSuffix(cmp.Or(c.Server.PublicURL, browserURL(c.Server.Listen)), "/")
}

type userListCommand struct {
	folders
	JSON bool `help:"Print JSON." name:"json"`
}

// listedUser is an account as JSON.
type listedUser struct {
	Email     string `json:"email"`
	Name      string `json:"name"`
	Role      string `json:"role"`
	Disabled  bool   `json:"disabled"`
	Profiles  int    `json:"profiles"`
	SignIns   int    `json:"signIns"`
	CreatedMs int64  `json:"createdMs"`
	SeenMs    int64  `json:"seenMs,omitempty"`
}

// Run prints one line for each account.
func (c *userListCommand) Run(ctx context.Context, t terminal) error {
	return c.operate(ctx, t, func(o *app.Operator, _ config.Config) error {
		rows, err := o.Users(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return t.json(listed(rows))
		}
		table := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "E-MAIL\tNAME\tROLE\tPROFILES\tSIGN-INS\tLAST SEEN\t")
		for _, r := range rows {
			seen, state := "never", string(r.Account.Role)
			if !r.Seen.IsZero() {
				seen = r.Seen.Local().Format(time.DateTime)
			}
			if !r.Account.Disabled.IsZero() {
				state += ", disabled"
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%s\t\n", r.Account.Email, r.Account.Name(), state, r.Profiles, r.SignIns,
				seen)
		}
		return table.Flush()
	})
}

func listed(rows []account.UserSummary) []listedUser {
	out := make([]listedUser, 0, len(rows))
	for _, r := range rows {
		u := listedUser{
			Email: r.Account.Email, Name: r.Account.Name(), Role: string(r.Account.Role), Disabled: !r.Account.Disabled.IsZero(),
			Profiles: r.Profiles, SignIns: r.SignIns, CreatedMs: r.Account.Created.UnixMilli(),
		}
		if !r.Seen.IsZero() {
			u.SeenMs = r.Seen.UnixMilli()
		}
		out = append(out, u)
	}
	return out
}

type userInviteCommand struct {
	folders
	Email string `arg:"" optional:"" help:"Whom it is for; without, whoever holds the link."`
	Role  string `help:"member or admin." enum:"member,admin" default:"member"`
	Days  int    `help:"How long it is open." default:"7"`
}

// Run prints the link, and nothing else, on standard output.
func (c *userInviteCommand) Run(ctx context.Context, t terminal) error {
	return c.operate(ctx, t, func(o *app.Operator, x config.Config) error {
		link, err := o.Invite(ctx, account.InviteRequest{Email: c.Email, Role: account.Role(c.Role), Days: c.Days},
			address(x))
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(t.out, link)
		return err
	})
}

type userResetCommand struct {
	folders
	Email string `arg:"" help:"E-mail address of the account."`
	Link  bool   `help:"Print a link to choose a password with, instead of a password."`
}

// Run prints the new password or the link, and nothing else, on standard output.
func (c *userResetCommand) Run(ctx context.Context, t terminal) error {
	return c.operate(ctx, t, func(o *app.Operator, x config.Config) error {
		var secret string
		var err error
		if c.Link {
			secret, err = o.ResetLink(ctx, c.Email, address(x))
		} else {
			secret, err = o.ResetPassword(ctx, c.Email)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(t.out, secret)
		return err
	})
}

type userRoleCommand struct {
	folders
	Email string `arg:"" help:"E-mail address of the account."`
	Role  string `arg:"" help:"member, admin, or owner to hand the server over." enum:"member,admin,owner"`
}

// Run prints the new role of the account.
func (c *userRoleCommand) Run(ctx context.Context, t terminal) error {
	role := account.Role(c.Role)
	return setRights(ctx, t, c.folders, c.Email, account.Rights{Role: &role}, "%s is "+c.Role+" now.\n")
}

type userDisableCommand struct {
	folders
	Email string `arg:"" help:"E-mail address of the account."`
}

// Run disables the account.
func (c *userDisableCommand) Run(ctx context.Context, t terminal) error {
	disabled := true
	return setRights(ctx, t, c.folders, c.Email, account.Rights{Disabled: &disabled},
		"%s is disabled and signed out everywhere.\n")
}

type userEnableCommand struct {
	folders
	Email string `arg:"" help:"E-mail address of the account."`
}

// Run enables the account.
func (c *userEnableCommand) Run(ctx context.Context, t terminal) error {
	disabled := false
	return setRights(ctx, t, c.folders, c.Email, account.Rights{Disabled: &disabled}, "%s may sign in again.\n")
}

// setRights changes the rights of an account and prints a confirmation.
func setRights(ctx context.Context, t terminal, f folders, email string, r account.Rights, words string) error {
	return f.operate(ctx, t, func(o *app.Operator, _ config.Config) error {
		a, err := o.SetRights(ctx, email, r)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(t.out, words, a.Email)
		return err
	})
}
