package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
	"github.com/goccy/go-yaml"

	"movify/pkg/fault"
)

// Faults of this package.
var (
	ErrUnreadable = fault.New(fault.NotFound, "config_unreadable", "The configuration file cannot be read.")
	ErrInvalid    = fault.New(fault.Invalid, "config_invalid", "The configuration is not valid.")
)

// envPrefix begins the name of every variable that sets a key.
const envPrefix = "MOVIFY_"

// Sources is what Load reads.
type Sources struct {
	File  string            // path of a YAML file; empty = none
	Env   map[string]string // the process environment by name
	Flags []Flag            // values given on the command line
}

// Flag is a key set on the command line.
type Flag struct {
	Key string // "server.listen"
	Set func(*Config)
}

// Loaded is a validated Config that knows where each of its values came from.
type Loaded struct {
	Config
	File string // the file that was read; empty = none

	origin map[string]Origin
	source []byte // text of the file, for excerpts
	notes  []string
}

// Notes are remarks on valid settings, in sentences: keys that others have replaced.
func (l *Loaded) Notes() []string { return l.notes }

// Load reads all layers and validates the result. Its errors are ErrUnreadable or ErrInvalid, worded with the key, the
// place and, for a file, an excerpt.
func Load(s Sources) (*Loaded, error) {
	l := &Loaded{Config: Default(), File: s.File, origin: make(map[string]Origin)}
	if s.File != "" {
		if err := l.readFile(s.File); err != nil {
			return nil, err
		}
	}
	if err := l.readEnv(s.Env); err != nil {
		return nil, err
	}
	for _, f := range s.Flags {
		f.Set(&l.Config)
		l.origin[f.Key] = Origin{Layer: LayerFlag}
	}
	l.replaceBacklog()
	if err := l.validate(); err != nil {
		return nil, err
	}
	if err := l.readSecrets(); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *Loaded) readFile(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		why := "cannot be read"
		if errors.Is(err, fs.ErrNotExist) {
			why = "does not exist"
		}
		return ErrUnreadable.Saying(fmt.Sprintf("The configuration file %s %s.", path, why)).Because(err)
	}
	l.source = text
	if len(strings.TrimSpace(string(text))) == 0 {
		return nil
	}
	if err := yaml.UnmarshalWithOptions(text, &l.Config, yaml.Strict()); err != nil {
		return ErrInvalid.Saying(path + ":\n" + yaml.FormatError(err, false, true))
	}
	var given map[string]any
	if err := yaml.Unmarshal(text, &given); err != nil {
		return ErrInvalid.Saying(path + ":\n" + yaml.FormatError(err, false, true))
	}
	l.given("", given)
	return nil
}

// given notes that the keys of a part of the file were set there.
func (l *Loaded) given(before string, keys map[string]any) {
	for key, value := range keys {
		l.origin[before+key] = Origin{Layer: LayerFile}
		if part, ok := value.(map[string]any); ok {
			l.given(before+key+".", part)
		}
	}
}

func (l *Loaded) readEnv(environ map[string]string) error {
	known := make(map[string]string) // variable → key
	for _, k := range Keys() {
		known[variable(k)] = k
	}
	known[variable(backlogKey)] = backlogKey
	for _, name := range slices.Sorted(maps.Keys(environ)) {
		if known[name] == "" && inSection(name) {
			return ErrInvalid.Saying(fmt.Sprintf("The environment variable %s sets no known key.", name))
		}
	}
	err := env.ParseWithOptions(&l.Config, env.Options{
		Prefix:      envPrefix,
		Environment: environ,
		OnSet: func(name string, value any, isDefault bool) {
			if value != "" && !isDefault {
				l.origin[known[name]] = Origin{Layer: LayerEnv, Name: name}
			}
		},
	})
	if err != nil {
		return ErrInvalid.Saying("The environment is not valid: " + firstLine(err.Error()))
	}
	return nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
