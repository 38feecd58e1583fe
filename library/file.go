package library

import (
	"path/filepath"
	"strings"

	"movify/library/naming"
	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
)

// State is the availability of a File.
type State string

// The states of a file. Only Present can be played.
const (
	Present     State = "present"
	Incoming    State = "incoming"    // still being written, or waiting to be examined
	Attention   State = "attention"   // cannot be played, see Code and Reason
	Unreachable State = "unreachable" // its folder or disk is unavailable
	Missing     State = "missing"     // deleted, or moved out of the library
)

// File is bytes on disk that a scan found. A file that is moved or renamed keeps its ID.
type File struct {
	ID          id.File
	Root        id.Root
	Title       id.Title // "" until it is identified
	Path        string   // absolute; bytes as the disk has them, not always UTF-8
	Size        int64    // bytes
	ModTimeNS   int64    // Unix nanoseconds
	Fingerprint string   // hex SHA-256 of size, first and last MiB; "" until it has been read
	Probe       media.Probe
	DurationMS  int64
	Height      int // of the picture as displayed, in pixels
	State       State
	Code        string // code of the fault for Attention and Unreachable
	Reason      string // the fault's message
	SinceMS     int64  // when it entered its state
	Art         Art
	Color       string // "#rrggbb", average colour of its still; "" = none
	AddedMS     int64

	Edition    string   // "Director's Cut"
	Part       int      // of a film in several files, from 1; 0 = not split
	Flags      []string // "3d-sbs", "hdr": see naming.Identity
	Pinned     bool     // its title was assigned by hand
	WorkFolder string   // hash of the folder of its movie or series; "" = it has no folder of its own
}

// Art is the state of a file's still.
type Art string

// The states of a still.
const (
	ArtWanted Art = ""      // not made yet
	ArtStill  Art = "still" // StillKey holds it, in both widths
	ArtNone   Art = "none"  // none can be made
)

// The widths in pixels that stills are kept in.
const (
	StillWide  = 1280
	StillSmall = 480
)

// Name is the file's name as displayable text.
func (f File) Name() string { return naming.Display(filepath.Base(f.Path)) }

// StillKey is the blob key of the file's still, a WebP picture of width StillWide or StillSmall, or "" when there is
// none.
func (f File) StillKey(width int) string {
	if f.Art != ArtStill {
		return ""
	}
	return media.StillKey(f.Fingerprint, width)
}

// SetFault sets the state Attention with the fault in err.
func (f *File) SetFault(err error) {
	why := fault.Of(err)
	if why.Kind == fault.Internal {
		why = ErrNotExamined.Because(err)
	}
	f.State, f.Code, f.Reason = Attention, why.Code, why.Message
	f.Probe, f.DurationMS, f.Height = media.Probe{}, 0, 0
}

// SetProbe stores the probe and sets the state Present.
func (f *File) SetProbe(p media.Probe) {
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

// Examined reports whether the file has been probed successfully.
func (f File) Examined() bool { return len(f.Probe.Video) > 0 }

// extensions are the file extensions of video containers. The probe decides what a file really holds.
const extensions = " 3g2 3gp asf avi divx dv f4v flv m2t m2ts m2v m4v mjpeg mk3d mkv mov mp4 " +
	"mpe mpeg mpg mts mxf nsv ogm ogv rm rmvb ts vob webm wmv wtv y4m "

// IsVideo reports whether a file of that name may be a video: it has a known extension and is not ignored.
func IsVideo(name string) bool {
	return HasVideoExtension(name) && !Ignored(name)
}

// HasVideoExtension reports whether a name has the extension of a video container.
func HasVideoExtension(name string) bool {
	return isVideoExtension(strings.ToLower(strings.TrimPrefix(filepath.Ext(name), ".")))
}

// isVideoExtension reports whether an extension in lower case is one of a video container.
func isVideoExtension(ext string) bool {
	return ext != "" && !strings.Contains(ext, " ") && strings.Contains(extensions, " "+ext+" ")
}
