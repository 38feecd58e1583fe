package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"movify/library"
	"movify/pkg/account"
	"movify/pkg/api"
	"movify/pkg/auth"
	"movify/pkg/id"
	"movify/player"
)

// audiences tells what a profile may see of the library.
type audiences struct {
	profiles interface {
		Profile(ctx context.Context, p id.Profile) (account.Profile, error)
	}
}

// of gives the audience that a profile is. One that is gone sees nothing: it is an error.
func (a audiences) of(ctx context.Context, p id.Profile) (library.Audience, error) {
	x, err := a.profiles.Profile(ctx, p)
	if err != nil {
		return library.Audience{}, err
	}
	return audienceOf(x), nil
}

func audienceOf(p account.Profile) library.Audience {
	out := library.Audience{MaxAge: p.MaxAge, Unrated: p.Unrated}
	if p.MaxAge == account.NoLimit {
		out.MaxAge = library.NoLimit
	}
	return out.Within(p.Account, p.LimitRoots, p.LimitChannels, p.Edition)
}

// watching completes a principal by what its profile may do now, whatever its token was made for. A profile that is gone
// ends the token: the next one speaks for another profile.
func (p *accountFacade) watching(ctx context.Context, who api.Principal) (api.Principal, error) {
	x, err := p.accounts.OwnProfile(ctx, who.Account, who.Profile)
	if errors.Is(err, account.ErrNoProfile) {
		return api.Principal{}, auth.ErrExpired.Because(err)
	}
	if err != nil {
		return api.Principal{}, err
	}
	who.Restricted, who.Kids = x.Restricted(), x.Kids
	who.Admin = who.Admin && !who.Restricted
	return who, nil
}

// profiles is the profiles of accounts as the edge sees them.
type profiles struct {
	accounts *account.Service
	auth     *auth.Service
	player   *player.Service
}

var _ api.Profiles = (*profiles)(nil)

// ListProfiles gives the account's profiles.
func (p *profiles) ListProfiles(ctx context.Context, who api.Principal) (api.ProfileList, error) {
	all, err := p.accounts.Profiles(ctx, who.Account)
	if err != nil {
		return api.ProfileList{}, err
	}
	out := api.ProfileList{Items: make([]api.Profile, 0, len(all))}
	for _, x := range all {
		out.Items = append(out.Items, profileOf(x))
	}
	if out.Limit, err = p.accounts.ProfileLimit(ctx, who.Account); err != nil {
		return api.ProfileList{}, err
	}
	out.AlwaysAsk, err = p.accounts.AlwaysAsk(ctx, who.Account)
	return out, err
}

// Choosing tells how many profiles there are and whether to ask who is watching: always, or until somebody was chosen when
// there is more than one to choose or a PIN to enter.
func (p *profiles) Choosing(ctx context.Context, who api.Principal) (int, bool, error) {
	all, err := p.accounts.Profiles(ctx, who.Account)
	if err != nil {
		return 0, false, err
	}
	always, err := p.accounts.AlwaysAsk(ctx, who.Account)
	if err != nil || always {
		return len(all), always, err
	}
	chosen, err := p.auth.Chosen(ctx, who.SignIn)
	return len(all), !chosen && (len(all) > 1 || len(all) == 1 && all[0].HasPIN), err
}

// SetAlwaysAsk changes whether to ask at every start.
func (p *profiles) SetAlwaysAsk(ctx context.Context, who api.Principal, ask bool) error {
	return p.accounts.SetAlwaysAsk(ctx, who.Account, ask)
}

// AddProfile makes a profile.
func (p *profiles) AddProfile(ctx context.Context, who api.Principal, c api.Client, in api.NewProfile) (api.Profile, error) {
	x, err := p.accounts.AddProfile(ctx, who.Viewer(), changeOf(in.Patch()), proof(in.Password, c))
	return profileOf(x), err
}

// ChangeProfile changes a profile.
func (p *profiles) ChangeProfile(ctx context.Context, who api.Principal, c api.Client, x id.Profile, in api.ProfilePatch) (api.Profile, error) {
	after, err := p.accounts.ChangeProfile(ctx, who.Viewer(), x, changeOf(in), proof(in.Password, c))
	if err != nil {
		return api.Profile{}, err
	}
	return profileOf(after), p.player.EndHidden(ctx)
}

// RemoveProfile removes a profile.
func (p *profiles) RemoveProfile(ctx context.Context, who api.Principal, c api.Client, x id.Profile, password string) error {
	if err := p.accounts.RemoveProfile(ctx, who.Viewer(), who.SignIn, x, proof(password, c)); err != nil {
		return err
	}
	p.auth.ProfileGone(x)
	return p.player.ForgetProfile(ctx, x)
}

// SetProfilePicture takes an uploaded picture.
func (p *profiles) SetProfilePicture(ctx context.Context, who api.Principal, x id.Profile, data []byte) (api.Profile, error) {
	after, err := p.accounts.SetPicture(ctx, who.Viewer(), x, data)
	return profileOf(after), err
}

// ProfilePicture gives the uploaded picture.
func (p *profiles) ProfilePicture(ctx context.Context, who api.Principal, x id.Profile) (api.Picture, error) {
	key, data, err := p.accounts.Picture(ctx, who.Account, x)
	return api.Picture{Type: "image/jpeg", ETag: `"` + pictureVersion(key) + `"`, Data: data}, err
}

// ChooseProfile makes a profile the one the sign-in speaks for. A wrong PIN stands in the security log.
func (p *profiles) ChooseProfile(ctx context.Context, who api.Principal, c api.Client, x id.Profile, k api.ProfileKeys) (api.Grant, error) {
	chosen, err := p.accounts.Enter(ctx, who.Viewer(), who.SignIn, x, account.Unlock{PIN: k.PIN, Exit: k.Exit})
	if errors.Is(err, account.ErrPINWrong) {
		p.auth.Note(ctx, auth.Event{Kind: auth.PINFailed, Account: who.Account, Address: c.Address, Detail: p.nameOf(ctx, x)})
	}
	if err != nil {
		return api.Grant{}, err
	}
	g, err := p.auth.ChooseProfile(ctx, who.SignIn, chosen.ID)
	return grant(g), err
}

// nameOf is a profile's name for people; its ID when it has none any more.
func (p *profiles) nameOf(ctx context.Context, x id.Profile) string {
	found, err := p.accounts.Profile(ctx, x)
	if err != nil {
		return string(x)
	}
	return found.Name
}

// ExitQuestion asks what a grown-up answers.
func (p *profiles) ExitQuestion(ctx context.Context, who api.Principal) (string, error) {
	return p.accounts.ExitQuestion(ctx, who.SignIn)
}

// ResetPIN changes a PIN that was forgotten.
func (p *profiles) ResetPIN(ctx context.Context, who api.Principal, c api.Client, x id.Profile, password, pin string) error {
	return p.accounts.ResetPIN(ctx, who.Account, x, pin, proof(password, c))
}

func proof(password string, c api.Client) account.Proof {
	return account.Proof{Password: password, Address: c.Address}
}

// profileOf converts a profile for the edge.
func profileOf(x account.Profile) api.Profile {
	out := api.Profile{
		ID: string(x.ID), Name: x.Name, Color: x.Color, Avatar: x.Avatar, Kids: x.Kids, Unrated: x.Unrated, HasPIN: x.HasPIN,
		Language: x.Language, AudioLanguage: x.AudioLanguage, SubtitleLanguage: x.SubtitleLanguage,
		AutoplayNext: x.AutoplayNext, IsDefault: x.Default,
	}
	if x.MaxAge != account.NoLimit {
		out.Maturity = &x.MaxAge
	}
	if x.Picture != "" { // another picture has another address
		out.AvatarURL = api.Prefix + "/profiles/" + string(x.ID) + "/avatar?v=" + pictureVersion(x.Picture)
	}
	return out
}

// pictureVersion tells pictures apart in addresses, without telling where they are kept.
func pictureVersion(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:8])
}

// changeOf converts what is to become of a profile.
func changeOf(in api.ProfilePatch) account.ProfileChange {
	out := account.ProfileChange{
		Name: change(in.Name), Avatar: change(in.Avatar), Kids: change(in.Kids), Unrated: change(in.Unrated),
		Language: change(in.Language), AudioLanguage: change(in.AudioLanguage), SubtitleLanguage: change(in.SubtitleLanguage),
		AutoplayNext: change(in.AutoplayNext), Default: change(in.IsDefault), PIN: change(in.PIN.Value), MaxAge: change(in.Maturity.Value),
	}
	if in.Maturity.Set && in.Maturity.Value == nil {
		out.MaxAge = account.To(account.NoLimit)
	}
	if in.PIN.Set && in.PIN.Value == nil {
		out.PIN = account.To("")
	}
	return out
}

// change is no change without a value.
func change[T any](value *T) account.Change[T] {
	if value == nil {
		return account.Change[T]{}
	}
	return account.To(*value)
}
