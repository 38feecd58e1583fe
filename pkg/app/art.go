package app

import (
	"fmt"
	"time"

	"movify/pkg/api"
	"movify/pkg/auth"
)

// art makes and opens the tokens that pictures stand under.
type art struct {
	tokens *auth.MediaTokens
	auth   *auth.Service
}

var _ api.Art = (*art)(nil)

// token gives the token of a principal's pictures.
func (a *art) token(p api.Principal) (string, error) {
	token, err := a.tokens.SealArt(auth.Principal{Account: p.Account, Profile: p.Profile, SignIn: p.SignIn}, time.Now())
	if err != nil {
		return "", fmt.Errorf("seal a token for pictures: %w", err)
	}
	return token, nil
}

// OpenArt gives who a token was made for.
func (a *art) OpenArt(token string) (api.Principal, bool) {
	p, err := a.tokens.OpenArt(token, time.Now())
	if err != nil || !a.auth.Current(p) {
		return api.Principal{}, false
	}
	return principal(p), true
}

// current reports whether who asked a while ago may still be answered.
func (a *art) current(p api.Principal) bool {
	return a.auth.Current(auth.Principal{Account: p.Account, Profile: p.Profile, SignIn: p.SignIn})
}
