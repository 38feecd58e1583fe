package config

import (
	"encoding"
	"fmt"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Print writes the configuration as an equivalent YAML file, each value with a comment that names its origin.
func (l *Loaded) Print() string {
	var b strings.Builder
	var last []string
	for key, value := range fields(l.Config) {
		parts := strings.Split(key, ".")
		name, sections := parts[len(parts)-1], parts[:len(parts)-1]
		for depth, section := range sections {
			if depth >= len(last) || last[depth] != section {
				fmt.Fprintf(&b, "%*s%s:\n", 2*depth, "", section)
				last = nil // the next keys are in another section
			}
		}
		last = sections
		origin := l.Origin(key).String()
		if s, ok := value.(Secret); ok && s != "" {
			value, origin = "", origin+", set but never shown"
		}
		fmt.Fprintf(&b, "%*s%-*s # %s\n", 2*len(sections), "", 42-2*len(sections), name+": "+scalar(value), origin)
	}
	return b.String()
}

// scalar writes one value as it stands behind a key.
func scalar(v any) string {
	if d, ok := v.(time.Duration); ok {
		return shortDuration(d)
	}
	if t, ok := v.(encoding.TextMarshaler); ok {
		if text, err := t.MarshalText(); err == nil {
			v = string(text)
		}
	}
	text, err := yaml.MarshalWithOptions(v, yaml.Flow(true))
	if err != nil {
		return fmt.Sprintf("%q", fmt.Sprint(v))
	}
	return strings.TrimSpace(string(text))
}

// shortDuration drops the zero tail of "15m0s".
func shortDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
