package app

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// mapping is an entry of /proc/self/smaps.
type mapping struct {
	from, to   uintptr
	mode       string // "r-xp"
	path       string // "" = no file
	rssKiB     int
	changedKiB int // of pages that are not as in the file
}

// returnProgramPages takes the pages of the program file from the process. They stay in the system's cache and come back when
// they are used: most were needed by the start alone. Mappings with a page that was changed (relocations) are left, or the
// change would be lost; so are other files, whose mappings may give way to others meanwhile.
func returnProgramPages() error {
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return err
	}
	all, err := mappings()
	for _, m := range all {
		if m.path != program || strings.Contains(m.mode, "w") || m.changedKiB > 0 {
			continue
		}
		if _, _, errno := syscall.Syscall(syscall.SYS_MADVISE, m.from, m.to-m.from, syscall.MADV_DONTNEED); errno != 0 {
			err = errors.Join(err, fmt.Errorf("give back pages: %w", errno))
		}
	}
	return err
}

// mappings lists the parts of the process's memory.
func mappings() (all []mapping, err error) {
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var m mapping
		var offset, device, inode string
		n, _ := fmt.Sscanf(lines.Text(), "%x-%x %s %s %s %s", &m.from, &m.to, &m.mode, &offset, &device, &inode)
		if n == 6 { // else it is a figure of the mapping before
			if at := strings.Index(lines.Text(), "/"); at >= 0 {
				m.path = lines.Text()[at:]
			}
			all = append(all, m)
			continue
		}
		name, rest, _ := strings.Cut(lines.Text(), ":")
		if len(all) == 0 || name != "Rss" && name != "Anonymous" && name != "Swap" {
			continue
		}
		kib := 0
		if _, err := fmt.Sscan(rest, &kib); err != nil {
			return nil, fmt.Errorf("read %q in smaps: %w", lines.Text(), err)
		}
		if last := &all[len(all)-1]; name == "Rss" {
			last.rssKiB = kib
		} else {
			last.changedKiB += kib
		}
	}
	return all, lines.Err()
}
