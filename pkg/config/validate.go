package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/go-playground/validator/v10"
	"github.com/goccy/go-yaml"
)

// validate checks every value and reports the first that breaks its rule, with the place it was set in.
func (l *Loaded) validate() error {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(yamlName)
	for tag, holds := range map[string]func(string) bool{
		"folder":  filepath.IsAbs,
		"device":  filepath.IsAbs,
		"listen":  isListen,
		"mailbox": isMailbox,
		"window":  func(text string) bool { _, err := parseWindow(text); return err == nil },
	} {
		rule := func(f validator.FieldLevel) bool { return holds(f.Field().String()) }
		if err := v.RegisterValidation(tag, rule); err != nil {
			return fmt.Errorf("register a validation: %w", err)
		}
	}
	err := v.Struct(l.Config)
	if err == nil && l.Mail.Host != "" && l.Server.PublicURL == "" {
		return ErrInvalid.Saying("mail.host is set, so server.public_url must be too: links in letters begin with it.")
	}
	if t := l.Library.TMDB; err == nil && t.Enabled && t.Key == "" && t.KeyFile == "" {
		return ErrInvalid.Saying(
			"library.tmdb.enabled is true, so library.tmdb.key or library.tmdb.key_file must be set: TMDB gives keys for free.",
		)
	}
	var broken validator.ValidationErrors
	if !errors.As(err, &broken) {
		return err
	}
	first := broken[0]
	key, element := keyOf(first.Namespace())
	words := fmt.Sprintf("%s %s, not %q", key+element, rule(first), fmt.Sprint(first.Value()))
	switch o := l.Origin(key); o.Layer {
	case LayerFile:
		words = l.File + ": " + words + "\n" + l.excerpt(key)
	case LayerEnv:
		words += " (set by " + o.Name + ")"
	case LayerFlag:
		words += " (set on the command line)"
	}
	return ErrInvalid.Saying(words)
}

// keyOf splits the validator's "Config.library.roots[1]" into "library.roots" and "[1]".
func keyOf(namespace string) (key, element string) {
	_, key, _ = strings.Cut(namespace, ".")
	if i := strings.IndexByte(key, '['); i >= 0 {
		return key[:i], key[i:]
	}
	return key, ""
}

// excerpt shows the lines of the file around a key's value.
func (l *Loaded) excerpt(key string) string {
	path, err := yaml.PathString("$." + key)
	if err != nil {
		return ""
	}
	text, err := path.AnnotateSource(l.source, false)
	if err != nil {
		return ""
	}
	return strings.TrimRight(string(text), "\n")
}

// rule says in words what the broken rule asks for.
func rule(e validator.FieldError) string {
	switch e.Tag() {
	case "listen":
		return "must be an address to listen on, such as :8484 or 127.0.0.1:8484"
	case "bcp47_language_tag":
		return "must be a language such as en-US or de-DE"
	case "http_url":
		return "must be an http or https URL"
	case "ip|cidr":
		return "must be an IP address or a network such as 192.168.1.0/24"
	case "oneof":
		return "must be one of " + strings.Join(strings.Fields(e.Param()), ", ")
	case "min":
		return "must be at least " + e.Param()
	case "max":
		return "must be at most " + e.Param()
	case "hostname_rfc1123":
		return "must be a name such as films.example.org"
	case "hostname|ip":
		return "must be the name or address of a machine"
	case "mailbox":
		return "must be an e-mail address, such as Movify <movify@example.org>"
	case "required_with":
		return "must not be empty when " + strings.ToLower(e.Param()) + " is set"
	case "folder":
		return "must be the whole path of a folder, from the root of the disk"
	case "device":
		return "must be the whole path of a device, such as /dev/dri/renderD128"
	case "window":
		return "must be a part of the day such as 01:00-07:00"
	case "ltefield":
		return "must not be more than poll_max"
	case "unique":
		return "must not name one thing twice"
	case "required":
		return "must not be empty"
	}
	return "must satisfy " + e.Tag()
}

// isMailbox reports whether s is one address, with or without a name (RFC 5322 section 3.4).
func isMailbox(s string) bool {
	_, err := mail.ParseAddress(s)
	return err == nil
}

// isListen reports whether s is host:port with a port in 0..65535; the host may be empty.
func isListen(s string) bool {
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return false
	}
	n, err := strconv.Atoi(port)
	return err == nil && n >= 0 && n <= 65535
}
