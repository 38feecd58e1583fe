package account

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
)

// AddFromIdentity makes a member's account for somebody whom a sign-in service has proved, whatever Registration says: letting it in
// is the operator's word. Nobody knows its password; a reset sets one. ErrEmailTaken when the address has an account.
func (s *Service) AddFromIdentity(ctx context.Context, p Person) (Account, error) {
	p.Password = rand.Text() + rand.Text()
	if strings.TrimSpace(p.FirstName) == "" {
		p.FirstName, _, _ = strings.Cut(p.Email, "@")
	}
	a, found := s.check(p)
	if err := found.orNil(); err != nil {
		return Account{}, err
	}
	a.Role = Member
	hash, profile, err := s.prepare(ctx, p, a)
	if err != nil {
		return Account{}, err
	}
	if err := s.opts.Store.Add(ctx, a, profile, hash, ""); err != nil {
		return Account{}, fmt.Errorf("keep an account: %w", err)
	}
	return a, nil
}
