package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"movify/pkg/config"
	"movify/pkg/perm"
	"movify/transcoder/ffmpeg"
	"movify/web"
)

// Verdict is the result of one examination.
type Verdict string

// The verdicts.
const (
	Fine   Verdict = "ok"
	Warn   Verdict = "warn" // works, but not as well as it could
	Broken Verdict = "broken"
)

// Finding is the result of one examination.
type Finding struct {
	Name    string  `json:"name"`
	Verdict Verdict `json:"verdict"`
	Words   string  `json:"words"`
}

// Doctor examines everything on this machine that a server needs, and changes nothing.
func Doctor(ctx context.Context, c config.Config, t *Tools) []Finding {
	out := []Finding{
		t.examineEncoder(ctx), t.examineProber(ctx), examineConfinement(ctx, c.Transcode),
		t.examineHardware(ctx), examineUser(os.Geteuid()), examineData(c.Data.Dir), examinePermissions(c.Data.Dir),
		examineStorage(ctx, c),
	}
	for _, root := range c.Library.Roots {
		out = append(out, examineRoot(root.Path))
	}
	if w, ok := examineWatches(); ok {
		out = append(out, w)
	}
	out = append(out, examineOriginals(ctx, c.Data.Dir))
	if m, ok := checkMail(ctx, c.Mail); ok {
		out = append(out, m)
	}
	return append(out, examineWeb())
}

func (t *Tools) examineEncoder(ctx context.Context) Finding {
	return examineProgram("ffmpeg", func() (string, error) { return t.encoder.Version(ctx) })
}

func (t *Tools) examineProber(ctx context.Context) Finding {
	return examineProgram("ffprobe", func() (string, error) { return t.prober.Version(ctx) })
}

// examineConfinement warns when ffmpeg and ffprobe may reach more than their input.
func examineConfinement(ctx context.Context, c config.Transcode) Finding {
	const name = "confinement"
	for _, program := range []string{c.FFmpeg, c.FFprobe} {
		if !ffmpeg.Confined(ctx, program) {
			return Finding{name, Warn, program + " can reach all files that this user can. It is confined to its input " +
				"on Linux 5.13 or later with landlock, when its libraries lie where the system has them."}
		}
	}
	return Finding{name, Fine, "ffmpeg and ffprobe reach the film they read and nothing else."}
}

func examineProgram(name string, version func() (string, error)) Finding {
	text, err := version()
	if err != nil {
		return Finding{name, Broken, ffmpeg.ErrNoProgram.Message}
	}
	return Finding{name, Fine, text}
}

// lowSpace is the free space below which a disk is reported as nearly full, in bytes.
const lowSpace = 5 << 30

func examineData(dir string) Finding {
	at := dir
	for { // a missing folder is made below its nearest existing parent
		if _, err := os.Stat(at); err == nil || at == filepath.Dir(at) {
			break
		}
		at = filepath.Dir(at)
	}
	if err := unix.Access(at, unix.W_OK|unix.X_OK); err != nil {
		return Finding{"data folder", Broken, fmt.Sprintf("%s: this user may not write to %s.", dir, at)}
	}
	free, err := freeBytes(at)
	switch {
	case err != nil:
		return Finding{"data folder", Broken, fmt.Sprintf("%s: %v.", dir, err)}
	case free < lowSpace:
		return Finding{"data folder", Warn, fmt.Sprintf(
			"%s: only %.1f GB free; ladders take about as much room as the films.", dir, float64(free)/1e9)}
	}
	return Finding{"data folder", Fine, fmt.Sprintf("%s: %.1f GB free.", dir, float64(free)/1e9)}
}

// examinePermissions warns of a data folder that other users of the machine may read. Earlier versions, container images
// and administrators made such folders, and the server leaves the permissions of an existing one alone.
func examinePermissions(dir string) Finding {
	const name = "permissions"
	folder, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return Finding{name, Fine, dir + ": will be made so that other users cannot read it."}
	}
	if err != nil {
		return Finding{name, Warn, fmt.Sprintf("%s: %v.", dir, err)}
	}
	if folder.Mode()&perm.Others != 0 {
		return Finding{name, Warn, fmt.Sprintf("%s: every user of this machine may read it. Run: chmod o-rwx %s", dir, dir)}
	}
	database := filepath.Join(dir, databaseName)
	file, err := os.Stat(database)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Finding{name, Warn, fmt.Sprintf("%s: %v.", database, err)}
	}
	if err == nil && file.Mode()&perm.Others != 0 && folder.Mode()&perm.OthersEnter != 0 {
		return Finding{name, Warn, fmt.Sprintf(
			"%s: every user of this machine may read it. Run: chmod o-rwx %s*", database, database)}
	}
	return Finding{name, Fine, dir + ": other users cannot read it."}
}

// examineUser warns of a server with all rights: one that reads files from anywhere needs none but to read them.
func examineUser(uid int) Finding {
	const name, root = "user", 0
	if uid == root {
		return Finding{name, Warn, "This is root, who may change everything. Run the server as a user of its own."}
	}
	return Finding{name, Fine, fmt.Sprintf("number %d, not root.", uid)}
}

func freeBytes(dir string) (int64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, fmt.Errorf("ask for the free space: %w", err)
	}
	return int64(s.Bavail) * int64(s.Bsize), nil // 32 bits on a small board
}

func examineRoot(root string) Finding {
	_, err := os.ReadDir(root)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Finding{"library folder", Warn, root + ": is not there; its disk may be unplugged."}
	case err != nil:
		return Finding{"library folder", Broken, root + ": this user may not read it."}
	}
	return Finding{"library folder", Fine, root + ": readable."}
}

// fewWatches is the kernel's old default: one watch per folder, so a large library needs more.
const fewWatches = 8192

func examineWatches() (Finding, bool) {
	text, err := os.ReadFile("/proc/sys/fs/inotify/max_user_watches")
	if err != nil {
		return Finding{}, false
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return Finding{}, false
	}
	if n <= fewWatches {
		return Finding{"watches", Warn, fmt.Sprintf(
			"%d folders can be watched. For a larger library: sysctl fs.inotify.max_user_watches=524288", n)}, true
	}
	return Finding{"watches", Fine, fmt.Sprintf("%d folders can be watched.", n)}, true
}

func examineWeb() Finding {
	if _, err := fs.Stat(web.App(), "index.html"); err != nil {
		return Finding{"web app", Broken, "This binary was built without it. Run: make build"}
	}
	return Finding{"web app", Fine, "in this binary."}
}

// Health asks a running server whether it is ready. It is the healthcheck of the container image.
func Health(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(address, "/")+"/readyz", nil)
	if err != nil {
		return ErrNotHealthy.Saying(fmt.Sprintf("%q is not an address.", address))
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return ErrNotHealthy.Saying("No server answers at " + address + ".").Because(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 200)) // only for the message
		return ErrNotHealthy.Saying(fmt.Sprintf("The server at %s says %d %s.",
			address, res.StatusCode, strings.TrimSpace(string(text))))
	}
	return nil
}
