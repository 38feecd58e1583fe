package main

import (
	"fmt"
	"path/filepath"

	"movify/pkg/config"
)

// settings are the flags of every command that reads the configuration.
type settings struct {
	Config string `help:"Configuration file (YAML)." type:"path" env:"MOVIFY_CONFIG" placeholder:"FILE"`
}

// folders are the flags of commands that work on a library.
type folders struct {
	settings
	Data    string   `help:"Folder for everything Movify makes." placeholder:"DIR"`
	Library []string `help:"Library folder; may be given again." placeholder:"DIR" sep:"none"`
}

func (s settings) load(t terminal, flags ...config.Flag) (*config.Loaded, error) {
	return config.Load(config.Sources{File: s.Config, Env: t.env, Flags: flags})
}

func (f folders) load(t terminal, flags ...config.Flag) (*config.Loaded, error) {
	if f.Data != "" {
		flags = append(flags, config.Flag{Key: "data.dir", Set: func(c *config.Config) { c.Data.Dir = f.Data }})
	}
	if len(f.Library) > 0 {
		roots := make([]string, 0, len(f.Library))
		for _, dir := range f.Library {
			abs, err := filepath.Abs(dir)
			if err != nil {
				return nil, fmt.Errorf("find %s: %w", dir, err)
			}
			roots = append(roots, abs)
		}
		flags = append(flags, config.Flag{Key: "library.roots",
			Set: func(c *config.Config) { c.Library.Roots = config.Roots(roots...) }})
	}
	return f.settings.load(t, flags...)
}
