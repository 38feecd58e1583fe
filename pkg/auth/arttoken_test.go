package auth

import (
	"bytes"
	"encoding/base64"
	"testing"
	"time"
)

var somebody = Principal{
	Account: "01890a5d-ac96-774b-bcce-b302099a8057", Profile: "01890a5d-ac96-774b-bcce-b302099a8058", SignIn: "01890a5d-ac96-774b-bcce-b302099a8059",
}

func sealedArt(t testing.TB, m *MediaTokens, now time.Time) string {
	t.Helper()
	token, err := m.SealArt(somebody, now)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestArtToken(t *testing.T) {
	t.Parallel()
	m, _ := newTokens(t)
	hour := noon.Truncate(time.Hour)
	token := sealedArt(t, m, hour)
	if again := sealedArt(t, m, hour.Add(59*time.Minute)); again != token {
		t.Error("within an hour the token changed: no picture is found in a cache")
	}
	if next := sealedArt(t, m, hour.Add(time.Hour)); next == token {
		t.Error("the token never changes")
	}
	for _, at := range []time.Time{hour, hour.Add(2*time.Hour - time.Second)} {
		if p, err := m.OpenArt(token, at); err != nil || p.Account != somebody.Account || p.Profile != somebody.Profile || p.SignIn != somebody.SignIn {
			t.Errorf("opened %+v, %v", p, err)
		}
	}
	if _, err := m.OpenArt(token, hour.Add(2*time.Hour)); err == nil {
		t.Error("opened at its end")
	}
	if _, err := m.SealArt(Principal{Account: "x"}, noon); err == nil {
		t.Error("sealed for nobody")
	}
}

func TestArtTokenForgery(t *testing.T) {
	t.Parallel()
	m, _ := newTokens(t)
	raw, err := base64.RawURLEncoding.DecodeString(sealedArt(t, m, noon))
	if err != nil {
		t.Fatal(err)
	}
	for bit := range len(raw) * 8 {
		forged := bytes.Clone(raw)
		forged[bit/8] ^= 1 << (bit % 8)
		if _, err := m.OpenArt(base64.RawURLEncoding.EncodeToString(forged), noon); err == nil {
			t.Errorf("opened with bit %d of byte %d turned", bit%8, bit/8)
		}
	}
	if _, err := m.OpenArt(sealed(t, m), noon); err == nil {
		t.Error("the token of a playback opens pictures")
	}
	if _, _, _, err := m.Open(sealedArt(t, m, noon)); err == nil {
		t.Error("the token of pictures opens a playback")
	}
}

func FuzzArtToken(f *testing.F) {
	m, _ := newTokens(f)
	genuine := sealedArt(f, m, noon)
	f.Add(genuine)
	f.Add(genuine[:96] + "_")
	f.Add(sealed(f, m))
	f.Add("")
	f.Fuzz(func(t *testing.T, token string) {
		if p, err := m.OpenArt(token, noon); err == nil && (token != genuine || p.SignIn != somebody.SignIn) {
			t.Errorf("opened the forged token %q as %+v", token, p)
		}
	})
}
