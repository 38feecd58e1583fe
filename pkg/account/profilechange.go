package account

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"movify/library/naming"
	"movify/pkg/id"
)

// FieldChange is a new value for a field, or none unless Set. The zero Value clears the field.
type FieldChange[T any] struct {
	Set   bool
	Value T
}

// To is a change to a value.
func To[T any](value T) FieldChange[T] { return FieldChange[T]{Set: true, Value: value} }

func (c FieldChange[T]) apply(field *T) {
	if c.Set {
		*field = c.Value
	}
}

// ProfileChange is a set of changes to a profile. A new profile requires the name alone.
type ProfileChange struct {
	Name             FieldChange[string]
	Avatar           FieldChange[string] // takes an uploaded picture away
	Kids             FieldChange[bool]
	MaxAge           FieldChange[int] // NoLimit = no limit; a kids profile always has one
	Unrated          FieldChange[bool]
	PIN              FieldChange[string] // four digits; "" = none
	Language         FieldChange[string]
	AudioLanguage    FieldChange[string]
	SubtitleLanguage FieldChange[string]
	AutoplayNext     FieldChange[bool]
	Default          FieldChange[bool] // false is ignored: an account always has a default
}

// to applies the changes to a profile and checks every rule.
func (c ProfileChange) to(p *Profile) (err error) {
	if c.Name.Set {
		if p.Name, err = checkProfileName(c.Name.Value); err != nil {
			return err
		}
	}
	if c.Avatar.Set {
		if c.Avatar.Value != "" && !slices.Contains(Avatars(), c.Avatar.Value) {
			return ErrAvatar
		}
		p.Avatar, p.Picture = c.Avatar.Value, ""
	}
	for _, l := range []struct {
		change FieldChange[string]
		field  *string
	}{{c.Language, &p.Language}, {c.AudioLanguage, &p.AudioLanguage}, {c.SubtitleLanguage, &p.SubtitleLanguage}} {
		if l.change.Set {
			if *l.field, err = checkLanguage(l.change.Value); err != nil {
				return err
			}
		}
	}
	becomesKids := c.Kids.Set && c.Kids.Value && !p.Kids
	c.Kids.apply(&p.Kids)
	c.MaxAge.apply(&p.MaxAge)
	c.Unrated.apply(&p.Unrated)
	c.AutoplayNext.apply(&p.AutoplayNext)
	p.Default = p.Default || c.Default.Value
	if becomesKids { // the safe default
		if !c.MaxAge.Set && p.MaxAge == NoLimit {
			p.MaxAge = kidsMaturity
		}
		p.Unrated = c.Unrated.Set && c.Unrated.Value
	}
	if p.MaxAge < NoLimit || p.MaxAge > maxMaturity || p.Kids && p.MaxAge == NoLimit {
		return ErrMaturity
	}
	return nil
}

// AddProfile makes a profile in v's account. It requires the password when a restricted profile makes one that may see more
// than itself.
func (s *Service) AddProfile(ctx context.Context, v id.Viewer, c ProfileChange, proof Proof) (Profile, error) {
	maker, err := s.OwnProfile(ctx, v.Account, v.Profile)
	if err != nil {
		return Profile{}, err
	}
	p := newProfile(v.Account, "", s.opts.Clock())
	c.Name.Set = true
	if err := c.to(&p); err != nil {
		return Profile{}, err
	}
	p.Color, p.Default = colorOfName(p.Name), false
	if p.lessRestricted(maker) {
		if err := s.prove(ctx, v.Account, proof); err != nil {
			return Profile{}, err
		}
	}
	hash, err := s.hashPIN(ctx, v.Account, c.PIN.Value)
	if err != nil {
		return Profile{}, err
	}
	limit, err := s.ProfileLimit(ctx, v.Account)
	if err != nil {
		return Profile{}, err
	}
	p.HasPIN = hash != ""
	if err := s.opts.Store.AddProfile(ctx, p, hash, limit); err != nil {
		return Profile{}, wrapUnlessFault("keep a profile", err)
	}
	return p, nil
}

// ChangeProfile changes a profile of v's account. It requires the password to let a profile see more than before, to change
// or remove a PIN, and for a restricted profile to change another one or to become the one that sign-ins begin with.
func (s *Service) ChangeProfile(
	ctx context.Context, v id.Viewer, x id.Profile, c ProfileChange, proof Proof,
) (Profile, error) {
	old, err := s.OwnProfile(ctx, v.Account, x)
	if err != nil {
		return Profile{}, err
	}
	by, err := s.OwnProfile(ctx, v.Account, v.Profile)
	if err != nil {
		return Profile{}, err
	}
	after := old
	if err := c.to(&after); err != nil {
		return Profile{}, err
	}
	proven := false
	if after.lessRestricted(old) || c.PIN.Set && old.HasPIN ||
		by.Restricted() && (by.ID != x || after.Default && !old.Default) {
		if err := s.prove(ctx, v.Account, proof); err != nil {
			return Profile{}, err
		}
		proven = true
	}
	var pin *string
	if c.PIN.Set {
		hash, err := s.hashPIN(ctx, v.Account, c.PIN.Value)
		if err != nil {
			return Profile{}, err
		}
		pin = &hash
	}
	after, err = s.opts.Store.ChangeProfile(ctx, x, pin, func(p *Profile, all []Profile) error {
		now := *p
		if err := c.to(p); err != nil {
			return err
		}
		if !proven && (p.lessRestricted(now) || pin != nil && now.HasPIN) { // another request tightened the limits meanwhile
			return ErrPasswordNeeded
		}
		if p.Kids {
			return requireAdultProfile(all, x)
		}
		return nil
	})
	if err != nil {
		return Profile{}, wrapUnlessFault("change a profile", err)
	}
	if old.Picture != after.Picture {
		return after, s.dropPicture(ctx, old.Picture)
	}
	return after, nil
}

// checkProfileName gives a name with its spaces collapsed, or ErrProfileName.
func checkProfileName(name string) (string, error) {
	if !utf8.ValidString(name) || strings.ContainsFunc(name, naming.Unprintable) {
		return "", ErrProfileName
	}
	name = strings.Join(strings.Fields(name), " ")
	if n := utf8.RuneCountInString(name); n == 0 || n > maxProfileName || FoldName(name) == "" {
		return "", ErrProfileName
	}
	return name, nil
}

// profileName makes a valid name of a profile from the name of a person.
func profileName(name string) string {
	runes := []rune(strings.Join(strings.Fields(name), " "))
	return strings.TrimSpace(string(runes[:min(len(runes), maxProfileName)]))
}

// FoldName gives the form in which names of profiles are compared: without case and invisible characters.
func FoldName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, name)
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(name)))
}

// checkLanguage gives the canonical form of a BCP 47 tag, "" for none, or ErrLanguage.
func checkLanguage(tag string) (string, error) {
	if tag == "" {
		return "", nil
	}
	parsed, err := language.Parse(tag)
	if err != nil || len(tag) > 35 {
		return "", ErrLanguage
	}
	return parsed.String(), nil
}
