package ffmpeg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"movify/transcoder"
)

// process is a running child with pipes from descriptor 3 on.
type process struct {
	cmd     *exec.Cmd
	outputs []*os.File
	stderr  *tail
	exited  chan struct{}
	err     error // of Wait, valid after exited
}

// limits are the resource limits of a child.
type limits struct {
	nice   int    // 0 to 19
	memory uint64 // bytes of address space, 0 = none
}

// child is a program to start, with its arguments and limits.
type child struct {
	program string
	args    []string
	dir     string    // the working folder; "" = that of this process
	reads   []string  // files to read beside those that args name
	devices []string  // files of devices, to read and to write; none for a program that needs no device
	pipes   int       // extra outputs, from descriptor 3 on
	stdin   io.Reader // nil: empty
	stdout  io.Writer // nil: nowhere
	limits  limits
}

// start runs a program in its own process group. It dies with ctx, and with this process
// however that ends. Where it can be, it is confined to its input.
func start(ctx context.Context, c child) (*process, error) {
	return startChild(ctx, c, Confined(ctx, c.program))
}

func startChild(ctx context.Context, c child, confined bool) (*process, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p := &process{cmd: exec.Command(c.program, c.args...), stderr: &tail{limit: 4 << 10}, exited: make(chan struct{})}
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr, p.cmd.Dir = c.stdin, c.stdout, p.stderr, c.dir
	// Pdeathsig: not even kill -9 of the server leaves an encoder behind.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	p.cmd.WaitDelay = 5 * time.Second
	defer func() {
		for _, w := range p.cmd.ExtraFiles {
			w.Close() // the child holds its own copy; ours would keep the pipe from ever ending
		}
	}()
	for range c.pipes {
		r, w, err := os.Pipe()
		if err != nil {
			p.closeOutputs()
			return nil, fmt.Errorf("make a pipe: %w", err)
		}
		p.outputs, p.cmd.ExtraFiles = append(p.outputs, r), append(p.cmd.ExtraFiles, w)
	}
	if err := p.launch(c, confined); err != nil {
		p.closeOutputs()
		if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
			err = ErrNoProgram.Because(err)
		}
		return nil, fmt.Errorf("start %s: %w", c.program, err)
	}
	go func() {
		select {
		case <-ctx.Done():
			p.Kill()
		case <-p.exited:
		}
	}()
	return p, nil
}

// launch starts the child and waits for it on one locked thread: the kernel delivers the parent-death signal when the
// thread that started the child ends, not the process. A thread that confined itself stays locked: it ends with the child.
func (p *process) launch(c child, confined bool) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		var err error
		if confined {
			err = confine(p.cmd.Path, p.cmd.Args, c.reads, c.devices)
		} else {
			defer runtime.UnlockOSThread()
		}
		if err == nil {
			err = p.cmd.Start()
		}
		if err == nil {
			c.limits.apply(p.cmd.Process.Pid)
		}
		started <- err
		if err == nil {
			p.err = p.cmd.Wait()
			close(p.exited)
		}
	}()
	return <-started
}

// apply sets the limits on a child that has just begun. Where the kernel refuses, the child runs without them.
func (l limits) apply(pid int) {
	if l.nice > 0 {
		_ = unix.Setpriority(unix.PRIO_PROCESS, pid, l.nice)
	}
	if l.memory > 0 {
		_ = unix.Prlimit(pid, unix.RLIMIT_AS, &unix.Rlimit{Cur: l.memory, Max: l.memory}, nil)
	}
}

// Output is the child's nth extra pipe.
func (p *process) Output(n int) io.Reader { return p.outputs[n] }

// Kill ends the child and every process it started.
func (p *process) Kill() {
	select {
	case <-p.exited:
	default:
		_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // it may have ended this instant
	}
}

// Wait returns when the child has ended.
func (p *process) Wait() (transcoder.Usage, error) {
	<-p.exited
	p.closeOutputs()
	usage := transcoder.Usage{Warnings: p.stderr.lines()}
	if s := p.cmd.ProcessState; s != nil {
		usage.CPU = s.UserTime() + s.SystemTime()
	}
	if p.err == nil {
		return usage, nil
	}
	err := &exitError{program: p.cmd.Path, err: p.err, words: p.stderr.String()}
	if p.cmd.ProcessState.Exited() && strings.Contains(err.words, invalidData) {
		return usage, transcoder.ErrDamaged.Because(err)
	}
	return usage, err
}

// invalidData is ffmpeg's message of AVERROR_INVALIDDATA: a demuxer or decoder cannot read the file.
const invalidData = "Invalid data found when processing input"

func (p *process) closeOutputs() {
	for _, f := range p.outputs {
		f.Close()
	}
}

// run starts a program, gathers its standard output, at most limit bytes, and waits.
func run(ctx context.Context, c child, limit int) ([]byte, error) {
	out := &bounded{limit: limit}
	c.stdout = out
	p, err := start(ctx, c)
	if err != nil {
		return nil, err
	}
	_, err = p.Wait()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return out.buf.Bytes(), err
}

// exitError is the exit status of a failed child, with the end of its standard error.
type exitError struct {
	program string
	err     error
	words   string
}

func (e *exitError) Error() string {
	return fmt.Sprintf("%s: %v: %s", e.program, e.err, strings.TrimSpace(e.words))
}

func (e *exitError) Unwrap() error { return e.err }

// errTooMuch is returned for a program that prints more than it was allowed to.
var errTooMuch = errors.New("printed too much")

// bounded keeps output up to a limit and fails beyond it.
type bounded struct {
	buf   bytes.Buffer // not embedded: its ReadFrom would let io.Copy pass by Write
	limit int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.buf.Len()+len(p) > b.limit {
		return 0, errTooMuch
	}
	return b.buf.Write(p)
}

// tail holds the end of the text written to it and counts its lines.
type tail struct {
	mu    sync.Mutex
	limit int
	buf   []byte
	count int
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count += bytes.Count(p, []byte("\n"))
	t.buf = append(t.buf, p...)
	if over := len(t.buf) - t.limit; over > 0 {
		t.buf = append(t.buf[:0], t.buf[over:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.buf)
}

func (t *tail) lines() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.count
}
