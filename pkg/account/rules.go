package account

import (
	_ "embed"
	"fmt"
	"hash/fnv"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"movify/library/naming"
	"movify/pkg/fault"
)

// ErrPassword is the fault of a password that does not satisfy the policy; its message gives the reason.
var ErrPassword = fault.New(fault.Invalid, "password_weak", "Please choose a longer password.")

const (
	minPassword = 10  // characters
	maxPassword = 512 // bytes: hashing more takes time for nothing
	maxEmail    = 254 // bytes (RFC 5321 section 4.5.3.1.3)
	maxName     = 80  // characters
)

// ValidationError lists the invalid fields of a form. It unwraps to, and reads as, the fault of the first one.
type ValidationError struct {
	*fault.Fault
	fields map[string]string
}

// Fields gives the message for each invalid field, by its name.
func (r *ValidationError) Fields() map[string]string { return r.fields }

// Unwrap gives the fault of the first field.
func (r *ValidationError) Unwrap() error { return r.Fault }

// add notes the fault of a field; nil is none.
func (r *ValidationError) add(field string, err error) {
	if err == nil {
		return
	}
	f := fault.Of(err)
	if r.fields == nil {
		r.Fault, r.fields = f, make(map[string]string)
	}
	r.fields[field] = f.Message
}

func (r *ValidationError) orNil() error {
	if r.Fault == nil {
		return nil
	}
	return r
}

// invalidField is the ValidationError of a single field.
func invalidField(field string, err error) error {
	var r ValidationError
	r.add(field, err)
	return r.orNil()
}

// commonPasswords are the most frequent passwords, one on a line, in lower case.
//
//go:embed passwords.txt
var commonPasswords string

// NormaliseEmail gives an address in the form it is stored and looked up in: trimmed and in lower case. It does not
// validate.
func NormaliseEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// checkEmail gives the normal form of a plain address, or ErrEmail. It asks for a local part and a domain, no more: only
// a letter that arrives proves an address.
func checkEmail(email string) (string, error) {
	normal := NormaliseEmail(email)
	parsed, err := mail.ParseAddress(normal)
	if err != nil || parsed.Address != normal || parsed.Name != "" || len(normal) > maxEmail || !utf8.ValidString(normal) {
		return "", ErrEmail
	}
	if strings.ContainsFunc(normal, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return "", ErrEmail
	}
	return normal, nil
}

// checkName gives a name without space around it, or ErrName.
func checkName(name string) (string, error) {
	name = strings.TrimSpace(name)
	n := utf8.RuneCountInString(name)
	if n == 0 || n > maxName || !utf8.ValidString(name) || strings.ContainsFunc(name, naming.Unprintable) {
		return "", ErrName
	}
	return name, nil
}

// passwordPolicy applies the policy: long enough, not a common password, not the person's own address or name. Classes of
// characters are not required: they make passwords worse, not better.
func (s *Service) passwordPolicy(password, email, name string) error {
	switch {
	case utf8.RuneCountInString(password) < s.opts.MinPassword:
		return ErrPassword.Saying(fmt.Sprintf("Please choose a password of at least %d characters.", s.opts.MinPassword))
	case len(password) > maxPassword:
		return ErrPassword.Saying("That password is too long.")
	}
	plain := strings.ToLower(strings.TrimSpace(password))
	local, _, _ := strings.Cut(email, "@")
	for _, own := range []string{email, name} {
		if own != "" && plain == strings.ToLower(own) {
			return ErrPassword.Saying("Please do not use your own name or address as the password.")
		}
	}
	if common(plain) || common(strings.TrimRight(plain, "0123456789!?.*#$")) || trivial(plain) ||
		(local != "" && strings.Trim(plain, "0123456789!?.*#$") == local) {
		return ErrPassword.Saying("That password is one of the first anybody would try. Please choose another.")
	}
	return nil
}

// common reports whether a password is in the list.
func common(plain string) bool {
	return plain != "" && strings.Contains("\n"+commonPasswords+"\n", "\n"+plain+"\n")
}

// trivial reports whether a password is made of fewer than four different characters, or is a run like "0123456789".
func trivial(plain string) bool {
	different := make(map[rune]bool)
	run, last := true, rune(-1)
	for _, r := range plain {
		different[r] = true
		if last >= 0 && r != last+1 && r != last-1 {
			run = false
		}
		last = r
	}
	return len(different) < 4 || run
}

// colorOfName picks the colour of a new profile's avatar by its name: the same name always looks the same.
func colorOfName(name string) string {
	colors := [...]string{"#7c5cff", "#2f9e8f", "#d9603b", "#3f7fd6", "#c2456f", "#8a9a2b", "#b0803a", "#5f6fb8"}
	h := fnv.New32a()
	h.Write([]byte(name))
	return colors[h.Sum32()%uint32(len(colors))]
}
