package library

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"movify/library/naming"
	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
)

// State says what became of a File.
type State string

// The states of a file. Only Present can be played.
const (
	Present     State = "present"
	Incoming    State = "incoming"    // still being written, or waiting to be looked at
	Attention   State = "attention"   // it cannot be played; Code and Reason say why
	Unreachable State = "unreachable" // its folder or disk is away
	Missing     State = "missing"     // it was there and is not; it is remembered
)

// File is bytes on disk that a scan found. A file that is moved or renamed keeps its ID.
type File struct {
	ID          id.File
	Root        id.Root
	Title       id.Title // "" until it has been identified
	Path        string   // absolute; bytes as the disk has them, not always UTF-8
	Size        int64    // bytes
	ModTimeNS   int64    // Unix nanoseconds
	Fingerprint string   // hex SHA-256 of size, first and last MiB; "" until it has been read
	Probe       media.Probe
	DurationMS  int64
	Height      int // of the picture as shown, in pixels
	State       State
	Code        string // why it needs attention: the fault's code
	Reason      string // the same in plain words
	SinceMS     int64  // when it came into its state
	Art         Art
	Color       string // "#rrggbb", the leading colour of its still; "" = none
	AddedMS     int64

	Edition    string   // which cut of the film it is: "Director's Cut"
	Part       int      // of a film in several files, from 1; 0 = it is whole
	Flags      []string // "3d-sbs", "hdr": see Identity
	Pinned     bool     // a person said which title it is; its name no longer counts
	WorkFolder string   // stands for the folder of its work, that of the film or of the series; "" = it has none
}

// Art says whether a file has a still.
type Art string

// What became of a file's still.
const (
	ArtWanted Art = ""      // not tried yet
	ArtStill  Art = "still" // StillKey holds it, in both widths
	ArtNone   Art = "none"  // it could not be made
)

// The widths in pixels that stills are kept in.
const (
	StillWide  = 1280
	StillSmall = 480
)

// Name is the file's name as text.
func (f File) Name() string { return naming.Display(filepath.Base(f.Path)) }

// StillKey is the blob key of the file's still, a WebP picture of width StillWide or StillSmall. It is empty when there
// is none.
func (f File) StillKey(width int) string {
	if f.Art != ArtStill {
		return ""
	}
	return media.StillKey(f.Fingerprint, width)
}

// fingerprintPart is how much of either end of a file its fingerprint reads, in bytes.
const fingerprintPart = 1 << 20

// fingerprint reads the file's size and both ends. It tells a moved file from a new one for two reads, however long the
// film; a rewritten middle is told by the modification time.
func fingerprint(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", unreadable(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", unreadable(err)
	}
	h := sha256.New()
	fmt.Fprintf(h, "%d\n", info.Size())
	if _, err := io.Copy(h, io.NewSectionReader(f, 0, fingerprintPart)); err != nil {
		return "", unreadable(err)
	}
	if _, err := io.Copy(h, io.NewSectionReader(f, max(0, info.Size()-fingerprintPart), fingerprintPart)); err != nil {
		return "", unreadable(err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// unreadable says why a file cannot be read. A file that is no longer there is not the reader's business: fs.ErrNotExist
// stays visible.
func unreadable(err error) error {
	switch {
	case errors.Is(err, os.ErrNotExist):
		return err
	case errors.Is(err, os.ErrPermission):
		return ErrUnreadable.Saying("Movify is not allowed to read this file. Check its owner and permissions.").Because(err)
	default:
		return ErrUnreadable.Because(err)
	}
}

// readable reports whether the file can be opened now.
func readable(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	return f.Close() == nil
}

// fail puts the file among those that need attention, with the words of the fault in err.
func (f *File) fail(err error) {
	why := fault.Of(err)
	if why.Kind == fault.Internal {
		why = ErrNotExamined.Because(err)
	}
	f.State, f.Code, f.Reason = Attention, why.Code, why.Message
	f.Probe, f.DurationMS, f.Height = media.Probe{}, 0, 0
}

// accept takes what is in the file and makes it playable.
func (f *File) accept(p media.Probe) {
	f.State, f.Code, f.Reason = Present, "", ""
	f.Probe, f.DurationMS = p, p.DurationUS/1000
	f.Height = 0
	if v, ok := p.Picture(); ok {
		f.Height = v.Height
		if v.Rotation%180 != 0 {
			f.Height = v.Width
		}
	}
}

// examined reports whether the file has been probed and found good.
func (f File) examined() bool { return len(f.Probe.Video) > 0 }

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// extensions are those of files that may hold a film. What is really inside is for the probe to say.
const extensions = " 3g2 3gp asf avi divx dv f4v flv m2t m2ts m2v m4v mjpeg mk3d mkv mov mp4 mpe mpeg mpg mts mxf nsv ogm ogv rm rmvb ts vob webm wmv wtv y4m "

// partial are the endings of files that a program is still writing under a name of its own.
const partial = " part !qb crdownload tmp partial download aria2 "

// IsVideo reports whether a file of that name may hold a film: it has a known extension, is not hidden and is not the
// unfinished file of a download.
func IsVideo(name string) bool {
	ext := strings.ToLower(strings.TrimPrefix(filepath.Ext(name), "."))
	return !Ignored(name) && ext != "" && strings.Contains(extensions, " "+ext+" ")
}

// Ignored reports whether a file or folder of that name is passed by: hidden ones, unfinished downloads, and what disks
// and network stores keep for themselves.
func Ignored(name string) bool {
	switch name {
	case "@eaDir", "#recycle", "$RECYCLE.BIN", "lost+found", "System Volume Information":
		return true
	}
	ext := strings.ToLower(strings.TrimPrefix(filepath.Ext(name), "."))
	return strings.HasPrefix(name, ".") || ext != "" && !strings.Contains(ext, " ") && strings.Contains(partial, " "+ext+" ")
}
