package account

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
)

// AddFromIdentity makes a member's account for an identity that an OpenID provider has verified, whatever Registration says:
// the operator permits it by configuration. Its address counts as proven. The account has no usable password until a reset sets one. An address that has an
// account gives ErrEmailTaken.
func (s *Service) AddFromIdentity(ctx context.Context, p NewAccount) (Account, error) {
	p.Password = rand.Text() + rand.Text()
	if strings.TrimSpace(p.FirstName) == "" {
		p.FirstName, _, _ = strings.Cut(p.Email, "@")
	}
	a, found := s.check(p)
	if err := found.orNil(); err != nil {
		return Account{}, err
	}
	a.Role, a.EmailProven = Member, a.Created
	hash, profile, err := s.prepare(ctx, p, a)
	if err != nil {
		return Account{}, err
	}
	if err := s.opts.Store.Add(ctx, a, profile, hash, ""); err != nil {
		return Account{}, fmt.Errorf("keep an account: %w", err)
	}
	return a, nil
}
