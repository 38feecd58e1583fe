//go:build !linux

package app

// returnProgramPages leaves the pages of the program to the system.
func returnProgramPages() error { return nil }
