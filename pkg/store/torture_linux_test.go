package store

import "syscall"

// mountDisk makes a disk of its own of an empty folder.
func mountDisk(dir string) error { return syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m") }

// bindDisk mounts a disk at another place too.
func bindDisk(disk, at string) error { return syscall.Mount(disk, at, "", syscall.MS_BIND, "") }

func unmountDisk(at string) error { return syscall.Unmount(at, 0) }
