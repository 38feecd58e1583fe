package account

import "time"

// EveryLetter writes one of each kind.
func EveryLetter(brand, tag string) []Letter {
	f := facts{
		to: "anna@example.org", name: "Anna {link}", who: "Boss Berg", link: "https://movies.example.org/reset/abc", email: "new@example.org",
		signIn: "https://movies.example.org/login",
		until:  time.Date(2027, 2, 3, 4, 5, 6, 0, time.UTC),
	}
	var out []Letter
	for _, about := range []subject{aboutReset, aboutPassword, aboutAddress, aboutMoved, aboutInvite, aboutFinish, aboutTaken} {
		out = append(out, letter(brand, about, tag, f))
	}
	return out
}
