package ffmpeg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// readable are the folders and files that a program of the system needs besides its input: its libraries and what they look
// up. What is not there is left out.
var readable = []string{
	"/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/opt", "/nix/store", "/gnu/store", "/snap",
	"/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/fonts", "/etc/ssl", "/etc/localtime",
	"/proc", "/sys/devices/system", "/dev/zero", "/dev/urandom", "/dev/random",
}

// readableByDrivers are what the drivers of hardware encoders look up beside, in a program that is given devices: which device is which, and their
// own settings.
var readableByDrivers = []string{"/sys", "/dev/dri", "/etc/libva.conf", "/etc/drirc", "/etc/nvidia", "/run/udev/data"}

// Rights on files and folders (landlock(7)). An encoder writes into pipes that it is given, and nowhere else.
const (
	readRights = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR
	allRights  = readRights | unix.LANDLOCK_ACCESS_FS_WRITE_FILE |
		unix.LANDLOCK_ACCESS_FS_REMOVE_DIR | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE |
		unix.LANDLOCK_ACCESS_FS_MAKE_CHAR | unix.LANDLOCK_ACCESS_FS_MAKE_DIR | unix.LANDLOCK_ACCESS_FS_MAKE_REG |
		unix.LANDLOCK_ACCESS_FS_MAKE_SOCK | unix.LANDLOCK_ACCESS_FS_MAKE_FIFO | unix.LANDLOCK_ACCESS_FS_MAKE_BLOCK |
		unix.LANDLOCK_ACCESS_FS_MAKE_SYM
)

// confine takes from the calling thread, and so from the program that it starts next, what reading one film does not need:
// every file but those of the system and the input (named by an argument, or in reads), all writing but to the devices that its encoder
// needs, TCP, and new privileges. A fault in a decoder, which strangers' files may use, then reaches neither the
// database nor the keys. The thread must not do anything else afterwards.
func confine(program string, args, reads, devices []string) error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("give up new privileges: %w", err)
	}
	abi := landlockABI()
	if abi < 1 {
		return nil
	}
	rules := unix.LandlockRulesetAttr{Handled_access_fs: allRights}
	if abi >= 3 {
		rules.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	if abi >= 4 {
		rules.Handled_access_net = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	}
	set, _, errno := unix.Syscall(
		unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&rules)), unsafe.Sizeof(rules), 0,
	)
	if errno != 0 {
		return fmt.Errorf("make rules for a program: %w", errno)
	}
	defer unix.Close(int(set))
	paths := slices.Concat([]string{program}, readable, reads) // not its folder, which may be anything, the root included
	for _, a := range args {
		if strings.HasPrefix(a, "subfile,") { // a range of a file
			_, a, _ = strings.Cut(a, ",,:")
		}
		if path, ok := strings.CutPrefix(a, "file:"); ok {
			paths = append(paths, path)
		}
	}
	for _, path := range paths {
		if err := allow(int(set), path, readRights); err != nil {
			return err
		}
	}
	if err := allowDevices(int(set), devices); err != nil {
		return err
	}
	// Where output goes that nobody reads, opened by os/exec.
	if err := allow(int(set), os.DevNull, readRights|unix.LANDLOCK_ACCESS_FS_WRITE_FILE); err != nil {
		return err
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, set, 0, 0); errno != 0 {
		return fmt.Errorf("confine a program: %w", errno)
	}
	return nil
}

// allowDevices adds what a hardware encoder needs, if there are devices.
func allowDevices(set int, devices []string) error {
	for _, path := range devices {
		if err := allow(set, path, readRights|unix.LANDLOCK_ACCESS_FS_WRITE_FILE); err != nil {
			return err
		}
	}
	if len(devices) == 0 {
		return nil
	}
	for _, path := range readableByDrivers {
		if err := allow(set, path, readRights); err != nil {
			return err
		}
	}
	return allow(set, "/dev", unix.LANDLOCK_ACCESS_FS_READ_DIR) // ffmpeg lists it for devices of V4L2
}

// allow adds rights on a file, or on a folder with everything below it, to a set of rules. A path that is not there is left
// out: the program says so itself.
func allow(set int, path string, rights uint64) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return fmt.Errorf("look at %s: %w", path, err)
	}
	rule := unix.LandlockPathBeneathAttr{Allowed_access: rights, Parent_fd: int32(fd)}
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		rule.Allowed_access &^= unix.LANDLOCK_ACCESS_FS_READ_DIR // of folders only: the kernel refuses it otherwise
	}
	if _, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(set), unix.LANDLOCK_RULE_PATH_BENEATH,
		uintptr(unsafe.Pointer(&rule)), 0, 0, 0); errno != 0 {
		return fmt.Errorf("allow a program %s: %w", path, errno)
	}
	return nil
}

// landlockABI is the version of landlock that the kernel has; 0 = none, or it is switched off.
func landlockABI() int {
	abi, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(abi)
}

// confinement remembers which programs run when they are confined.
var confinement struct {
	sync.Mutex
	works map[string]bool
}

// Confined reports whether a program is started confined: the kernel has landlock, and the program runs within it. One that
// needs files from elsewhere, such as libraries in an uncommon place, runs unconfined.
func Confined(ctx context.Context, program string) bool {
	if landlockABI() < 1 {
		return false
	}
	confinement.Lock()
	defer confinement.Unlock()
	if works, known := confinement.works[program]; known {
		return works
	}
	p, err := startChild(ctx, child{program: program, args: []string{"-version"}}, true)
	if err == nil {
		_, err = p.Wait()
	}
	var refused *exitError
	if err != nil && !errors.As(err, &refused) || ctx.Err() != nil {
		return false // it did not run at all: not known yet
	}
	if confinement.works == nil {
		confinement.works = make(map[string]bool)
	}
	confinement.works[program] = err == nil
	return err == nil
}
