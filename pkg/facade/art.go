package facade

import (
	"fmt"
	"time"

	"movify/pkg/api"
	"movify/pkg/auth"
)

// art seals and opens art tokens, which stand in the URLs of pictures.
type art struct {
	tokens *auth.MediaTokens
	auth   *auth.Service
}

var _ api.Art = (*art)(nil)

// token gives the art token of a principal.
func (a *art) token(p api.Principal) (string, error) {
	token, err := a.tokens.SealArt(auth.Principal{Account: p.Account, Profile: p.Profile, SignIn: p.SignIn}, time.Now())
	if err != nil {
		return "", fmt.Errorf("seal a token for pictures: %w", err)
	}
	return token, nil
}

// OpenArt gives the principal of a token, unless its sign-in has ended.
func (a *art) OpenArt(token string) (api.Principal, bool) {
	p, err := a.tokens.OpenArt(token, time.Now())
	if err != nil || !a.auth.Current(p) {
		return api.Principal{}, false
	}
	return principal(p), true
}

// current reports whether the principal of a long request is still valid.
func (a *art) current(p api.Principal) bool {
	return a.auth.Current(auth.Principal{Account: p.Account, Profile: p.Profile, SignIn: p.SignIn})
}
