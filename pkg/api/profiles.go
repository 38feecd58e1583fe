package api

import (
	"context"
	"net/http"

	"movify/pkg/fault"
	"movify/pkg/id"
)

// Profiles is the profiles of an account. A profile of another account is a NotFound fault.
type Profiles interface {
	// ListProfiles gives the account's profiles, the default one first.
	ListProfiles(ctx context.Context, p Principal) (ProfileList, error)
	// Choosing gives the number of profiles of the account, and whether to show the profile picker. At a start an account
	// that always asks for the profile shows it again.
	Choosing(ctx context.Context, p Principal, start bool) (profiles int, ask bool, err error)
	// Started notes a start of the app: where the account always asks and the profile has a PIN, the sign-in speaks for no
	// profile until one is chosen again.
	Started(ctx context.Context, p Principal) error
	// SetAlwaysAsk changes whether the account asks who is watching at every start.
	SetAlwaysAsk(ctx context.Context, p Principal, ask bool) error
	AddProfile(ctx context.Context, p Principal, c Client, in NewProfile) (Profile, error)
	ChangeProfile(ctx context.Context, p Principal, c Client, x id.Profile, in ProfilePatch) (Profile, error)
	// RemoveProfile removes a profile with its progress and history. Removing the last one that is not for kids is a
	// Conflict fault.
	RemoveProfile(ctx context.Context, p Principal, c Client, x id.Profile, password string) error
	// SetProfilePicture stores an uploaded picture.
	SetProfilePicture(ctx context.Context, p Principal, x id.Profile, data []byte) (Profile, error)
	ProfilePicture(ctx context.Context, p Principal, x id.Profile) (Picture, error)
	// ChooseProfile sets the profile of the sign-in. The Grant has an access token only.
	ChooseProfile(ctx context.Context, p Principal, c Client, x id.Profile, k ProfileKeys) (Grant, error)
	// ExitQuestion gives the question that must be answered to leave a kids profile.
	ExitQuestion(ctx context.Context, p Principal) (string, error)
	// ResetPIN changes or, with "", removes a PIN for the account's password.
	ResetPIN(ctx context.Context, p Principal, c Client, x id.Profile, password, pin string) error
}

// Faults of restricted profiles.
var (
	ErrKidsProfile    = fault.New(fault.Forbidden, "kids_profile", "That is not for kids. Leave the kids profile first.")
	ErrChooseProfile  = fault.New(fault.Forbidden, "profile_choice_due", "Please choose who is watching first.")
	ErrLimitedProfile = fault.New(fault.Forbidden, "profile_limited",
		"This profile has limits. Choose another one for that.")
)

// Profile is a viewer of an account.
type Profile struct {
	ID               string `json:"id"`
	Name             string `json:"name"`
	Color            string `json:"color" doc:"Colour of the avatar, #rrggbb."`
	Avatar           string `json:"avatar,omitempty" doc:"ID of a built-in one."`
	AvatarURL        string `json:"avatarUrl,omitempty" doc:"The uploaded picture, which goes before avatar."`
	Kids             bool   `json:"kids"`
	Maturity         *int   `json:"maturity,omitempty" doc:"Age in years up to which titles are shown; absent = no limit."`
	Unrated          bool   `json:"unrated" doc:"Titles without a rating are shown."`
	HasPIN           bool   `json:"hasPin"`
	Language         string `json:"language,omitempty" doc:"BCP 47"`
	AudioLanguage    string `json:"audioLanguage,omitempty" doc:"BCP 47"`
	SubtitleLanguage string `json:"subtitleLanguage,omitempty" doc:"BCP 47"`
	AutoplayNext     bool   `json:"autoplayNext"`
	IsDefault        bool   `json:"isDefault" doc:"A sign-in begins with it."`
}

// ProfileList is the profiles of an account.
type ProfileList struct {
	Items     []Profile `json:"items"`
	Limit     int       `json:"limit" doc:"How many there may be."`
	AlwaysAsk bool      `json:"alwaysAsk" doc:"Ask who is watching at every start."`
}

// ProfilePatch changes a profile; absent fields stay.
type ProfilePatch struct {
	Name             *string          `json:"name,omitempty" maxLength:"80"`
	Avatar           *string          `json:"avatar,omitempty" maxLength:"20" doc:"ID of a built-in one; takes an uploaded picture away."`
	Kids             *bool            `json:"kids,omitempty"`
	Maturity         Optional[int]    `json:"maturity" required:"false" minimum:"0" maximum:"21" doc:"Age in years; null = no limit."`
	Unrated          *bool            `json:"unrated,omitempty" doc:"false for a new kids profile unless given."`
	PIN              Optional[string] `json:"pin" required:"false" pattern:"^[0-9]{4}$" doc:"Four digits; null = none."`
	Language         *string          `json:"language,omitempty" maxLength:"35" doc:"BCP 47; empty = that of the device."`
	AudioLanguage    *string          `json:"audioLanguage,omitempty" maxLength:"35" doc:"BCP 47; empty = that of the film."`
	SubtitleLanguage *string          `json:"subtitleLanguage,omitempty" maxLength:"35" doc:"BCP 47; empty = none."`
	AutoplayNext     *bool            `json:"autoplayNext,omitempty"`
	IsDefault        *bool            `json:"isDefault,omitempty" doc:"true makes it the one a sign-in begins with."`
	Password         string           `json:"password,omitempty" maxLength:"512" doc:"Of the account: to lift a limit, or to change or remove a PIN."`
}

// NewProfile is the body for a new profile.
type NewProfile struct {
	Name             string           `json:"name" minLength:"1" maxLength:"80"`
	Avatar           *string          `json:"avatar,omitempty" maxLength:"20" doc:"ID of a built-in one."`
	Kids             *bool            `json:"kids,omitempty"`
	Maturity         Optional[int]    `json:"maturity" required:"false" minimum:"0" maximum:"21" doc:"Age in years; absent = no limit, or 7 for kids."`
	Unrated          *bool            `json:"unrated,omitempty" doc:"Absent = true, or false for kids."`
	PIN              Optional[string] `json:"pin" required:"false" pattern:"^[0-9]{4}$" doc:"Four digits."`
	Language         *string          `json:"language,omitempty" maxLength:"35" doc:"BCP 47"`
	AudioLanguage    *string          `json:"audioLanguage,omitempty" maxLength:"35" doc:"BCP 47"`
	SubtitleLanguage *string          `json:"subtitleLanguage,omitempty" maxLength:"35" doc:"BCP 47"`
	AutoplayNext     *bool            `json:"autoplayNext,omitempty"`
	Password         string           `json:"password,omitempty" maxLength:"512" doc:"Of the account: when the profile that is watching has limits which the new one has not."`
}

// Patch is the new profile as changes to an empty one.
func (n NewProfile) Patch() ProfilePatch {
	return ProfilePatch{
		Name: &n.Name, Avatar: n.Avatar, Kids: n.Kids, Maturity: n.Maturity, Unrated: n.Unrated, PIN: n.PIN,
		Language: n.Language, AudioLanguage: n.AudioLanguage, SubtitleLanguage: n.SubtitleLanguage,
		AutoplayNext: n.AutoplayNext, Password: n.Password,
	}
}

// ProfileKeys are the proofs needed to change to a profile.
type ProfileKeys struct {
	PIN  string `json:"pin,omitempty" pattern:"^([0-9]{4})?$" doc:"Of a profile that has one."`
	Exit string `json:"exit,omitempty" maxLength:"10" doc:"Answer to the question for grown-ups, to leave a kids profile."`
}

func (a *API) registerProfiles() {
	answer(a, operation{
		access: AccessAccount, kids: true, choosing: true, route: "GET /profiles", name: "listProfiles",
		summary: "Who watches with this account",
	}, ofCaller(a.o.Profiles.ListProfiles))

	type settingsInputBody struct {
		AlwaysAsk bool `json:"alwaysAsk"`
	}
	command(a, operation{
		access: AccessAccount, route: "PATCH /profiles-settings", name: "changeProfilesSettings",
		summary: "Whether to ask who is watching at every start",
	}, func(ctx context.Context, c Caller, in *body[settingsInputBody]) error {
		return a.o.Profiles.SetAlwaysAsk(ctx, c.Principal, in.Body.AlwaysAsk)
	})
	answer(a, operation{
		access: AccessAccount, limited: true, route: "POST /profiles", name: "addProfile", summary: "Make a profile",
		status: http.StatusCreated,
	}, func(ctx context.Context, c Caller, in *body[NewProfile]) (Profile, error) {
		return a.o.Profiles.AddProfile(ctx, c.Principal, c.Client, in.Body)
	})
	answer(a, operation{
		access: AccessAccount, limited: true, route: "PATCH /profiles/{id}", name: "changeProfile",
		summary: "Change a profile",
	}, func(ctx context.Context, c Caller, in *bodyByID[ProfilePatch]) (Profile, error) {
		return a.o.Profiles.ChangeProfile(ctx, c.Principal, c.Client, id.Profile(in.ID), in.Body)
	})

	type removeInputBody struct {
		Password string `json:"password" maxLength:"512" doc:"Of the account."`
	}
	command(a, operation{
		access: AccessAccount, limited: true, route: "DELETE /profiles/{id}", name: "removeProfile",
		summary: "Remove a profile and all it watched",
	}, func(ctx context.Context, c Caller, in *bodyByID[removeInputBody]) error {
		return a.o.Profiles.RemoveProfile(ctx, c.Principal, c.Client, id.Profile(in.ID), in.Body.Password)
	})

	a.registerProfilePictures()
	a.registerProfileSwitch()
}

// maxPicture is the largest picture that may be uploaded, in bytes.
const maxPicture = 2 << 20

func (a *API) registerProfilePictures() {
	answer(a, operation{
		access: AccessAccount, limited: true, route: "PUT /profiles/{id}/avatar", name: "setProfileAvatar",
		summary: "Give a profile a PNG, JPEG or WebP picture", maxBody: maxPicture,
	}, func(ctx context.Context, c Caller, in *uploadByID) (Profile, error) {
		return a.o.Profiles.SetProfilePicture(ctx, c.Principal, id.Profile(in.ID), in.RawBody)
	})
	imageByID(a, operation{
		access: AccessAccount, kids: true, choosing: true, route: "GET /profiles/{id}/avatar", name: "getProfileAvatar",
		summary: "The uploaded picture of a profile",
	}, a.o.Profiles.ProfilePicture)
}

func (a *API) registerProfileSwitch() {
	register(a, operation{
		access: AccessAccount, kids: true, choosing: true, route: "POST /profiles/{id}/choose", name: "chooseProfile",
		summary: "Say who is watching",
	}, func(ctx context.Context, c Caller, in *bodyByID[ProfileKeys]) (*signedInOutput, error) {
		g, err := a.o.Profiles.ChooseProfile(ctx, c.Principal, c.Client, id.Profile(in.ID), in.Body)
		if err != nil {
			return nil, err
		}
		c.Principal = g.Principal
		b, err := a.bootstrap(ctx, c, false)
		return &signedInOutput{SetCookie: []http.Cookie{g.accessCookie(c.HTTPS)}, Body: b}, err
	})

	type questionOutputBody struct {
		Question string `json:"question" doc:"A small multiplication: 17 × 8"`
	}
	answer(a, operation{
		access: AccessAccount, kids: true, choosing: true, route: "GET /profiles/exit-challenge", name: "exitChallenge",
		summary: "What a grown-up answers to leave a kids profile",
	}, func(ctx context.Context, c Caller, _ *struct{}) (questionOutputBody, error) {
		question, err := a.o.Profiles.ExitQuestion(ctx, c.Principal)
		return questionOutputBody{question}, err
	})

	type resetInputBody struct {
		Password string `json:"password" maxLength:"512" doc:"Of the account."`
		PIN      string `json:"pin,omitempty" pattern:"^([0-9]{4})?$" doc:"The new one; absent = none."`
	}
	command(a, operation{
		access: AccessAccount, kids: true, choosing: true, route: "POST /profiles/{id}/pin/reset", name: "resetPin",
		summary: "Change or remove a forgotten PIN",
	}, func(ctx context.Context, c Caller, in *bodyByID[resetInputBody]) error {
		return a.o.Profiles.ResetPIN(ctx, c.Principal, c.Client, id.Profile(in.ID), in.Body.Password, in.Body.PIN)
	})
}
