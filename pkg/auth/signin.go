package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"movify/pkg/id"
)

// SignIn checks a password and begins a sign-in. email need not be normalised. remember keeps the sign-in after the browser is
// closed. Wrong credentials give ErrSignIn, too many of them a TooMany, too many people at once ErrBusy.
func (s *Service) SignIn(ctx context.Context, email, password string, d Device, remember bool) (Grant, error) {
	now := s.opts.Clock()
	email = s.opts.Normalise(email)
	// Before anything is read or counted: a flood from one network must not make others wait at the database either.
	place, err := s.opts.Hasher.enter(prefix(d.Address, siteBits))
	if err != nil {
		return Grant{}, fmt.Errorf("check a password: %w", err)
	}
	defer place.leave()
	try, err := s.admitPassword(ctx, emailSubject(email), d.Address, now)
	if err != nil {
		return Grant{}, err
	}
	c, known, err := s.opts.Store.Credential(ctx, email)
	if err != nil {
		return Grant{}, fmt.Errorf("read a credential: %w", err)
	}
	if !known {
		c.Hash = dummyHash()
	}
	good, err := s.verify(ctx, place, try, password, c.Hash)
	if err != nil {
		return Grant{}, err
	}
	if !known || !good {
		if err := s.recordFailure(ctx, d.Address, now); err != nil {
			return Grant{}, fmt.Errorf("count a failed sign-in: %w", err)
		}
		s.Note(ctx, Event{Kind: SignInFailed, Account: c.Account, Address: d.Address, Detail: email})
		return Grant{}, ErrSignIn
	}
	if err := s.succeeded(ctx, try); err != nil {
		return Grant{}, fmt.Errorf("forget failed sign-ins: %w", err)
	}
	for _, subject := range []string{emailSubject(email), accountSubject(c.Account)} {
		if err := s.learn(ctx, subject, d.Address, now); err != nil {
			return Grant{}, fmt.Errorf("remember the network of a sign-in: %w", err)
		}
	}
	s.Note(ctx, Event{Kind: SignedIn, Account: c.Account, Address: d.Address})
	return s.begin(ctx, c, d, Browser, remember, now)
}

// verify reports whether the password of an attempt is right. One that was not looked at, because the request ended, does not
// count as wrong.
func (s *Service) verify(ctx context.Context, place *hashPlace, try attempt, password, hash string) (bool, error) {
	good, err := place.verify(ctx, password, hash)
	if err == nil {
		return good, nil
	}
	err = fmt.Errorf("check a password: %w", err)
	if undo := s.takeBack(context.WithoutCancel(ctx), try.tallies); undo != nil {
		return false, errors.Join(err, fmt.Errorf("forget an attempt: %w", undo))
	}
	return false, err
}

// emailSubject is what failed sign-ins with an address are counted by: it need not belong to an account.
func emailSubject(email string) string { return "email " + email }

// accountSubject is what wrong passwords of a signed-in account are counted by. It is not the emailSubject, so that a guest
// at a signed-in device cannot make the owner wait who signs in elsewhere.
func accountSubject(a id.Account) string { return "account " + string(a) }

// Begin begins a sign-in for an account that was authenticated in another way: it was just made, or by OpenID Connect.
func (s *Service) Begin(ctx context.Context, a id.Account, d Device, remember bool) (Grant, error) {
	c, known, err := s.opts.Store.CredentialOf(ctx, a)
	if err != nil {
		return Grant{}, fmt.Errorf("read a credential: %w", err)
	}
	if !known {
		return Grant{}, ErrSignIn
	}
	return s.begin(ctx, c, d, Browser, remember, s.opts.Clock())
}

func (s *Service) begin(
	ctx context.Context, c Credential, d Device, client ClientKind, remember bool, now time.Time,
) (Grant, error) {
	x := SignIn{
		ID: id.New[id.SignIn](), Account: c.Account, Profile: c.Profile, Role: c.Role, Device: shorten(d),
		Client: client, Remember: remember, Created: now, Seen: now,
	}
	x.Expires = now.Add(x.life())
	secret, kept, err := newRefresh(now)
	if err != nil {
		return Grant{}, err
	}
	if err := s.opts.Store.AddSignIn(ctx, x, kept); err != nil {
		return Grant{}, fmt.Errorf("keep a sign-in: %w", err)
	}
	return s.grant(x, secret, now)
}

func (s *Service) grant(x SignIn, refresh string, now time.Time) (Grant, error) {
	p := Principal{Account: x.Account, Profile: x.Profile, SignIn: x.ID, Role: x.Role}
	access, expires, err := s.access(p, now)
	if err != nil {
		return Grant{}, err
	}
	return Grant{
		Principal: p, Access: access, AccessExpires: expires,
		Refresh: refresh, RefreshExpires: x.Expires, Remember: x.Remember,
	}, nil
}

// SignOut ends a sign-in and its playbacks. After it returns its tokens are refused. It is idempotent.
func (s *Service) SignOut(ctx context.Context, x id.SignIn) error {
	if err := s.opts.Store.EndSignIn(ctx, x, s.opts.Clock()); err != nil {
		return fmt.Errorf("keep the end of a sign-in: %w", err)
	}
	return s.revoke(ctx, x)
}

// SignOutAll ends every sign-in of an account and its API keys, as after a forgotten password.
func (s *Service) SignOutAll(ctx context.Context, a id.Account) error {
	all, err := s.SignIns(ctx, a)
	if err != nil {
		return err
	}
	for _, x := range all {
		if err := s.SignOut(ctx, x.ID); err != nil {
			return err
		}
	}
	return s.endKeys(ctx, a)
}

// revoke refuses the access tokens of an ended sign-in and ends its playbacks.
func (s *Service) revoke(ctx context.Context, x id.SignIn) error {
	s.mu.Lock()
	s.ended[x] = s.opts.Clock()
	s.mu.Unlock()
	if s.opts.Playbacks == nil {
		return nil
	}
	if err := s.opts.Playbacks.EndSignIn(ctx, x); err != nil {
		return fmt.Errorf("end the playbacks of a sign-in: %w", err)
	}
	return nil
}

// SignIns lists the open sign-ins of an account, last seen first.
func (s *Service) SignIns(ctx context.Context, a id.Account) ([]SignIn, error) {
	out, err := s.opts.Store.SignIns(ctx, a, s.opts.Clock())
	if err != nil {
		return nil, fmt.Errorf("list sign-ins: %w", err)
	}
	return out, nil
}

// life is how long a sign-in lasts from its last use.
func (x SignIn) life() time.Duration {
	if x.Remember {
		return RememberedLife
	}
	return ForgottenLife
}

// shorten truncates the texts of a device to a number of bytes: they come from the request.
func shorten(d Device) Device {
	return Device{Address: d.Address[:min(64, len(d.Address))], Agent: d.Agent[:min(512, len(d.Agent))]}
}
