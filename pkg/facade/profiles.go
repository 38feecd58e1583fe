package facade

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

// audiences gives the audience of a profile.
type audiences struct {
	profiles interface {
		Profile(ctx context.Context, p id.Profile) (account.Profile, error)
	}
}

// of gives the audience of a profile. A removed profile is an error.
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

// watching sets the rights of a principal from the current state of its profile, not from its token. A removed profile expires
// the token: the next one has another profile.
func (p *accountFacade) watching(ctx context.Context, who api.Principal) (api.Principal, error) {
	x, err := p.accounts.OwnProfile(ctx, who.Account, who.Profile)
	if errors.Is(err, account.ErrNoProfile) {
		return api.Principal{}, auth.ErrExpired.Because(err)
	}
	if err != nil {
		return api.Principal{}, err
	}
	if x.HasPIN && who.Scopes == nil { // an API key was made by the person who knew it
		chosen, err := p.auth.Chosen(ctx, who.SignIn)
		if err != nil {
			return api.Principal{}, err
		}
		who.Undecided = !chosen
	}
	who.Restricted, who.Kids, who.Limited = x.Restricted(), x.Kids, audienceOf(x).Restricted()
	who.Admin = who.Admin && !who.Restricted
	return who, nil
}

// profiles implements api.Profiles with account, auth and player.
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

// Choosing gives the number of profiles and whether to show the profile picker: until a profile was chosen when there are
// several or one has a PIN, and at every start of an account that always asks.
func (p *profiles) Choosing(ctx context.Context, who api.Principal, start bool) (int, bool, error) {
	all, err := p.accounts.Profiles(ctx, who.Account)
	if err != nil {
		return 0, false, err
	}
	if start {
		always, err := p.accounts.AlwaysAsk(ctx, who.Account)
		if err != nil || always {
			return len(all), always, err
		}
	}
	chosen, err := p.auth.Chosen(ctx, who.SignIn)
	return len(all), !chosen && (len(all) > 1 || len(all) == 1 && all[0].HasPIN), err
}

// Started makes the choice of a profile due again when the account is asked at every start and the profile has a PIN.
func (p *profiles) Started(ctx context.Context, who api.Principal) error {
	if who.Scopes != nil || who.Undecided {
		return nil
	}
	x, err := p.accounts.OwnProfile(ctx, who.Account, who.Profile)
	if err != nil || !x.HasPIN {
		return err
	}
	if always, err := p.accounts.AlwaysAsk(ctx, who.Account); err != nil || !always {
		return err
	}
	return p.auth.AskAgain(ctx, who.SignIn)
}

// SetAlwaysAsk changes whether to ask at every start.
func (p *profiles) SetAlwaysAsk(ctx context.Context, who api.Principal, ask bool) error {
	return p.accounts.SetAlwaysAsk(ctx, who.Account, ask)
}

// AddProfile makes a profile.
func (p *profiles) AddProfile(
	ctx context.Context, who api.Principal, c api.Client, in api.NewProfile,
) (api.Profile, error) {
	x, err := p.accounts.AddProfile(ctx, who.Viewer(), changeOf(in.Patch()), proof(in.Password, c))
	return profileOf(x), err
}

// ChangeProfile changes a profile.
func (p *profiles) ChangeProfile(
	ctx context.Context, who api.Principal, c api.Client, x id.Profile, in api.ProfilePatch,
) (api.Profile, error) {
	after, err := p.accounts.ChangeProfile(ctx, who.Viewer(), x, changeOf(in), proof(in.Password, c))
	if err != nil {
		return api.Profile{}, err
	}
	if in.PIN.Value != nil && x == who.Profile && who.Scopes == nil {
		// The PIN of the profile that is watching is known to the person who watches.
		if _, err := p.auth.ChooseProfile(ctx, who.SignIn, x); err != nil {
			return api.Profile{}, err
		}
	}
	return profileOf(after), p.player.EndHidden(ctx)
}

// RemoveProfile removes a profile.
func (p *profiles) RemoveProfile(
	ctx context.Context, who api.Principal, c api.Client, x id.Profile, password string,
) error {
	if err := p.accounts.RemoveProfile(ctx, who.Viewer(), who.SignIn, x, proof(password, c)); err != nil {
		return err
	}
	p.auth.ProfileGone(x)
	return p.player.ForgetProfile(ctx, x)
}

// freePictures is how many pictures an account may upload in an hour before it has to wait: one small file can take a second of
// a processor, and one is decoded at a time.
const freePictures = 20

// SetProfilePicture stores an uploaded picture.
func (p *profiles) SetProfilePicture(
	ctx context.Context, who api.Principal, x id.Profile, data []byte,
) (api.Profile, error) {
	if err := p.auth.LimitUse(ctx, "picture", string(who.Account), "", freePictures); err != nil {
		return api.Profile{}, err
	}
	after, err := p.accounts.SetPicture(ctx, who.Viewer(), x, data)
	return profileOf(after), err
}

// ProfilePicture gives the uploaded picture.
func (p *profiles) ProfilePicture(ctx context.Context, who api.Principal, x id.Profile) (api.Picture, error) {
	key, data, err := p.accounts.Picture(ctx, who.Account, x)
	return api.Picture{Type: "image/jpeg", ETag: `"` + pictureVersion(key) + `"`, Data: data}, err
}

// ChooseProfile sets the profile of the sign-in. A wrong PIN is written to the security log.
func (p *profiles) ChooseProfile(
	ctx context.Context, who api.Principal, c api.Client, x id.Profile, k api.ProfileKeys,
) (api.Grant, error) {
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

// nameOf is a profile's name, or its ID when it was removed.
func (p *profiles) nameOf(ctx context.Context, x id.Profile) string {
	found, err := p.accounts.Profile(ctx, x)
	if err != nil {
		return string(x)
	}
	return found.Name
}

// ExitQuestion gives the question for leaving a kids profile.
func (p *profiles) ExitQuestion(ctx context.Context, who api.Principal) (string, error) {
	return p.accounts.ExitQuestion(ctx, who.SignIn)
}

// ResetPIN changes a PIN that was forgotten.
func (p *profiles) ResetPIN(
	ctx context.Context, who api.Principal, c api.Client, x id.Profile, password, pin string,
) error {
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

// pictureVersion is a hash of a blob key for URLs, so that a new picture has a new URL and no key is revealed.
func pictureVersion(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:8])
}

// changeOf converts a change of a profile.
func changeOf(in api.ProfilePatch) account.ProfileChange {
	out := account.ProfileChange{
		Name: change(in.Name), Avatar: change(in.Avatar), Kids: change(in.Kids), Unrated: change(in.Unrated),
		Language: change(in.Language), AudioLanguage: change(in.AudioLanguage), SubtitleLanguage: change(in.SubtitleLanguage),
		AutoplayNext: change(in.AutoplayNext), Default: change(in.IsDefault), PIN: change(in.PIN.Value),
		MaxAge: change(in.Maturity.Value),
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
func change[T any](value *T) account.FieldChange[T] {
	if value == nil {
		return account.FieldChange[T]{}
	}
	return account.To(*value)
}
