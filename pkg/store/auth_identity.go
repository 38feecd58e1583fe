package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"movify/pkg/auth"
	"movify/pkg/id"
)

const (
	insertIdentity statement = `INSERT INTO identities (issuer, subject, account_id, created_ms) VALUES (?, ?, ?, ?)`
	selectIdentity statement = `SELECT account_id FROM identities WHERE issuer = ? AND subject = ?`
)

// AddIdentity ties an identity to an account.
func (a Auth) AddIdentity(ctx context.Context, x auth.Identity) error {
	return a.db.exec(ctx, insertIdentity, x.Issuer, x.Subject, x.Account, milliseconds(x.Created))
}

// Identity gives the account of an identity.
func (a Auth) Identity(ctx context.Context, issuer, subject string) (x id.Account, ok bool, err error) {
	err = a.db.read.GetContext(ctx, &x, string(selectIdentity), issuer, subject)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("read identity: %w", err)
	}
	return x, true, nil
}
