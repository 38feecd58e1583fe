package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

type versionCommand struct{}

// Run prints one line.
func (versionCommand) Run(t terminal) error {
	_, err := fmt.Fprintf(t.out, "movify %s (%s, %s/%s)\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// version is the version that the go command stamped into the binary: a tag, or one derived from the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" { // built from files without their history
		return "development"
	}
	return info.Main.Version
}
