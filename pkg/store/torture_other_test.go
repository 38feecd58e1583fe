//go:build !linux

package store

import "errors"

func mountDisk(string) error        { return errors.ErrUnsupported }
func bindDisk(string, string) error { return errors.ErrUnsupported }
func unmountDisk(string) error      { return errors.ErrUnsupported }
