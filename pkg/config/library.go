package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Root is a library folder: its path, or its path, how it is watched and when its films are encoded.
type Root struct {
	Path  string        `yaml:"path" validate:"required"`
	Watch string        `yaml:"watch,omitempty" validate:"omitempty,oneof=auto inotify poll hook"`
	Poll  time.Duration `yaml:"poll,omitempty" validate:"omitempty,min=5s,max=24h"`
	// Transcode is one of the values of transcode.ladder; "" = that one.
	Transcode string `yaml:"transcode,omitempty" validate:"omitempty,oneof=always when_watched never"`
}

// Roots returns paths as library folders without settings.
func Roots(paths ...string) []Root {
	out := make([]Root, 0, len(paths))
	for _, p := range paths {
		out = append(out, Root{Path: p})
	}
	return out
}

// UnmarshalText reads a path.
func (r *Root) UnmarshalText(text []byte) error {
	*r = Root{Path: string(text)}
	return nil
}

// UnmarshalYAML reads a path, or a path with settings.
func (r *Root) UnmarshalYAML(text []byte) error {
	var path string
	if yaml.Unmarshal(text, &path) == nil {
		*r = Root{Path: path}
		return nil
	}
	type plain Root
	return yaml.UnmarshalWithOptions(text, (*plain)(r), yaml.Strict())
}

// MarshalYAML writes what UnmarshalYAML reads.
func (r Root) MarshalYAML() (any, error) {
	if r == (Root{Path: r.Path}) {
		return r.Path, nil
	}
	type plain Root
	return plain(r), nil
}

// Window is a part of every day, in minutes after midnight. It may go past midnight.
type Window struct{ From, To int }

// QuietWindows gives the windows of Quiet. It must be called on a validated Library.
func (l Library) QuietWindows() []Window {
	var out []Window
	for _, text := range l.Quiet {
		if w, err := parseWindow(text); err == nil {
			out = append(out, w)
		}
	}
	return out
}

// parseWindow reads "01:00-07:00".
func parseWindow(text string) (Window, error) {
	from, to, found := strings.Cut(text, "-")
	w := Window{}
	var err error
	if w.From, err = parseClock(from); err == nil && found {
		w.To, err = parseClock(to)
	}
	if err != nil || !found || w.From == w.To {
		return Window{}, fmt.Errorf("%q is not a time of day such as 01:00-07:00", text)
	}
	return w, nil
}

// parseClock reads "07:30" as minutes after midnight; "24:00" is the end of the day.
func parseClock(text string) (int, error) {
	hours, minutes, found := strings.Cut(strings.TrimSpace(text), ":")
	h, err := strconv.Atoi(hours)
	if err != nil || !found || len(minutes) != 2 {
		return 0, fmt.Errorf("%q is not a time", text)
	}
	m, err := strconv.Atoi(minutes)
	if err != nil || h < 0 || m < 0 || m > 59 || h*60+m > 24*60 {
		return 0, fmt.Errorf("%q is not a time", text)
	}
	return h*60 + m, nil
}
