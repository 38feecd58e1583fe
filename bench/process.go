package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cost is the time of a child. CPU is user and system time of the child and of all its children that it waited for
// (wait4's rusage).
type cost struct {
	wall, cpu time.Duration
}

// command runs a program to its end.
func command(ctx context.Context, name string, args ...string) (cost, []byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	var out, words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &words
	began := time.Now()
	err := cmd.Run()
	c := cost{wall: time.Since(began)}
	if err != nil {
		return c, nil, fmt.Errorf("%s: %w: %s", name, err, lastOf(words.String(), 2000))
	}
	c.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return c, out.Bytes(), nil
}

// daemon is a child that runs until it is told to stop.
type daemon struct {
	cmd    *exec.Cmd
	words  *words
	exited chan struct{}
}

// launch starts a program with further environment variables; the caller stops it.
func launch(env []string, w *words, name string, args ...string) (*daemon, error) {
	d := &daemon{cmd: exec.Command(name, args...), words: w, exited: make(chan struct{})}
	d.cmd.Env = append(os.Environ(), env...)
	d.cmd.Stdout, d.cmd.Stderr = w, w
	if err := d.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() {
		_ = d.cmd.Wait()
		close(d.exited)
	}()
	return d, nil
}

func (d *daemon) pid() int { return d.cmd.Process.Pid }

// stop asks the program to end and insists after half a minute.
func (d *daemon) stop() error {
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop %s: %w", d.cmd.Path, err)
	}
	select {
	case <-d.exited:
		return nil
	case <-time.After(30 * time.Second):
		_ = d.cmd.Process.Kill()
		<-d.exited
		return fmt.Errorf("%s did not stop when asked", d.cmd.Path)
	}
}

// allTimeOf is the user and system time of a process and of its children that have ended.
func allTimeOf(pid int) (time.Duration, error) {
	own, err := cpuOf(pid)
	if err != nil {
		return 0, err
	}
	ended, err := cpuOfEnded(pid)
	return own + ended, err
}

// ownTimeOf is the user and system time of this process.
func ownTimeOf() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// childrenOf counts the children of a process that run.
func childrenOf(pid int) (int, error) {
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		return 0, err
	}
	count := 0
	for _, list := range lists {
		text, err := os.ReadFile(list)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue // the thread has ended
		}
		if err != nil {
			return 0, err
		}
		count += len(strings.Fields(string(text)))
	}
	return count, nil
}

// ticksPerSecond is the unit of times in /proc: USER_HZ is 100 on every Linux that Go runs on.
const ticksPerSecond = 100

// cpuOf is the user and system time a running process has taken so far, all its threads together, its children not.
func cpuOf(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	return parseStat(string(text), ownTime)
}

// cpuOfEnded is the user and system time of the children of a running process that have ended.
func cpuOfEnded(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	return parseStat(string(text), childrenTime)
}

// The fields of /proc/pid/stat with a user time, behind the name; the system time follows. Of the process it is the 14th
// field of all, of its children that it has waited for the 16th (proc(5)).
const (
	ownTime      = 11
	childrenTime = 13
)

// parseStat reads the two times from a field on. The second field of all is a name in brackets that may hold anything.
func parseStat(text string, at int) (time.Duration, error) {
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(fields) < at+2 {
		return 0, fmt.Errorf("strange process state %q", text)
	}
	user, userErr := strconv.ParseInt(fields[at], 10, 64)
	system, systemErr := strconv.ParseInt(fields[at+1], 10, 64)
	if err := errors.Join(userErr, systemErr); err != nil {
		return 0, fmt.Errorf("strange process state: %w", err)
	}
	return time.Duration(user+system) * time.Second / ticksPerSecond, nil
}

// residentOf is a process's resident memory in bytes.
func residentOf(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, "VmRSS:"); found {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kib << 10, err
		}
	}
	return 0, errors.New("no VmRSS")
}

// filesOf counts a process's open descriptors.
func filesOf(pid int) (int, error) {
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	return len(entries), err
}

// until polls until holds is true or fails, or patience is over.
func until(ctx context.Context, patience time.Duration, what string, holds func() (bool, error)) error {
	return untilEvery(ctx, 50*time.Millisecond, patience, what, holds)
}

// untilEvery is until with another gap between two polls, for a condition that takes long and must not be slowed down.
func untilEvery(ctx context.Context, gap, patience time.Duration, what string, holds func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(gap)
	defer tick.Stop()
	for {
		ok, err := holds()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait until %s: %w", what, ctx.Err())
		case <-tick.C:
		}
	}
}

func lastOf(text string, n int) string {
	text = strings.TrimSpace(text)
	return text[max(0, len(text)-n):]
}
