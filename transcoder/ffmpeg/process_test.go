package ffmpeg

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"movify/pkg/testkit"
)

// asParent makes the test binary a server that starts an encoder and is then killed.
const asParent = "MOVIFY_TEST_PARENT"

func TestMain(m *testing.M) {
	if os.Getenv(asParent) != "" {
		p, err := start(context.Background(), endless("ffmpeg"))
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(p.cmd.Process.Pid)
		_, _ = io.Copy(io.Discard, p.Output(0))
		return
	}
	os.Exit(m.Run())
}

// endless is an encoder that goes on for hours when it is read, and stands still when it is not.
func endless(program string) child {
	return child{program: program, pipes: 1, args: append(quiet("error"), "-f", "lavfi", "-i", "testsrc2=s=128x72:r=25:d=36000",
		"-c:v", "rawvideo", "-f", "rawvideo", "pipe:3")}
}

// gone waits until a process that is not our child exists no more, or is dead and waits for its parent.
func gone(t *testing.T, pid int) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); runtime.Gosched() {
		stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
		if err != nil {
			return
		}
		if _, state, ok := strings.Cut(string(stat), ") "); ok && strings.HasPrefix(state, "Z") {
			return
		}
		_, _ = unix.Poll(nil, 10)
	}
	t.Fatalf("process %d is still there", pid)
}

func TestProcessEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	p, err := start(ctx, endless(testkit.Need(t, "ffmpeg")))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(p.Output(0), make([]byte, 1<<16)); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := io.Copy(io.Discard, p.Output(0)); err != nil {
		t.Errorf("the pipe ends with %v", err)
	}
	usage, err := p.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Errorf("error is %v, want killed", err)
	}
	if usage.CPU <= 0 {
		t.Error("it used no CPU")
	}
	gone(t, p.cmd.Process.Pid)
}

func TestProcessDiesWithAKilledServer(t *testing.T) {
	t.Parallel()
	testkit.Need(t, "ffmpeg")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	server := exec.Command(self)
	server.Env = append(os.Environ(), asParent+"=1")
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatalf("the server says %q", line)
	}
	if err := server.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := server.Wait(); err == nil {
		t.Error("the server ended well")
	}
	gone(t, pid)
}

// The thread that starts a child must live as long as the child: with others coming and going the encoder stays.
func TestProcessOutlivesTheGoroutineThatStartedIt(t *testing.T) {
	t.Parallel()
	started := make(chan *process)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		p, err := start(t.Context(), endless(testkit.Need(t, "ffmpeg")))
		if err != nil {
			t.Error(err)
		}
		started <- p
	}()
	p := <-started
	if p == nil {
		t.FailNow()
	}
	if _, err := io.ReadFull(p.Output(0), make([]byte, 4<<20)); err != nil {
		t.Errorf("it ended early: %v", err)
	}
	p.Kill()
	p.Kill()
	if _, err := p.Wait(); err == nil {
		t.Error("killed, and yet ended well")
	}
	p.Kill() // after its end: a process that reuses its ID must not be hit
}

func TestProcessSaysWhyItFailed(t *testing.T) {
	t.Parallel()
	_, err := run(
		t.Context(),
		child{
			program: testkit.Need(t, "ffmpeg"),
			args:    append(quiet("error"), "-i", "file:/does/not/exist", "-f", "null", "-"),
		},
		1<<10,
	)
	if err == nil || !strings.Contains(err.Error(), "No such file") {
		t.Errorf("error is %v", err)
	}
	if _, err := run(t.Context(), child{program: "/does/not/exist"}, 1<<10); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error is %v, want %v", err, os.ErrNotExist)
	}
}

func TestRunBoundsWhatAProgramPrints(t *testing.T) {
	t.Parallel()
	c := child{program: "head", args: []string{"-c", "3000000", "/dev/zero"}}
	if out, err := run(t.Context(), c, 3_000_000); err != nil || len(out) != 3_000_000 {
		t.Errorf("%d bytes, error %v", len(out), err)
	}
	if out, err := run(t.Context(), c, 1_000_000); err == nil || len(out) > 1_000_000 {
		t.Errorf("%d bytes kept of a limit of a million, error %v", len(out), err)
	}
}

func TestRunBoundsMemory(t *testing.T) {
	t.Parallel()
	c := child{program: "awk", args: []string{`BEGIN { s = "a"; while (length(s) < 60000000) s = s s }`}}
	if _, err := run(t.Context(), c, 1<<10); err != nil {
		t.Fatalf("without a limit: %v", err)
	}
	c.limits.memory = 32 << 20
	if _, err := run(t.Context(), c, 1<<10); err == nil {
		t.Error("it took 60 MB of 32")
	}
}

func TestProcessesLeaveNothingBehind(t *testing.T) {
	zeros := child{program: "sh", args: []string{"-c", "exec cat /dev/zero >&3"}, pipes: 1} // starts sooner than ffmpeg
	once := func() {
		p, err := start(t.Context(), zeros)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(p.Output(0), make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		p.Kill()
		if _, err := p.Wait(); err == nil {
			t.Error("killed, and yet ended well")
		}
	}
	once()
	files, goroutines := openFiles(t), runtime.NumGoroutine()
	for range 50 {
		once()
	}
	// A goroutine may need a moment to notice that its process has gone.
	for deadline := time.Now().Add(2 * time.Minute); runtime.NumGoroutine() > goroutines && time.Now().Before(deadline); {
		_, _ = unix.Poll(nil, 10)
	}
	if n := runtime.NumGoroutine(); n > goroutines {
		t.Errorf("%d goroutines, %d before", n, goroutines)
	}
	if n := openFiles(t); n > files {
		t.Errorf("%d open files, %d before", n, files)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func TestTailKeepsTheEnd(t *testing.T) {
	t.Parallel()
	words := &tail{limit: 10}
	for n := range 100 {
		fmt.Fprintf(words, "line %d\n", n)
	}
	if got := words.String(); got != "8\nline 99\n" || words.lines() != 100 {
		t.Errorf("%d lines, the end is %q", words.lines(), got)
	}
}
