package library

import (
	"path/filepath"
	"strings"
	"time"

	"movify/pkg/id"
	"movify/pkg/media"
)

// Root is one library folder.
type Root struct {
	ID          id.Root
	Path        string // absolute and clean
	State       State  // Present or Unreachable
	Code        string // code of the fault that made it Unreachable
	Reason      string // the fault's message, which also says that no file is forgotten
	SinceMS     int64  // when it entered its state
	AddedMS     int64
	ScannedMS   int64 // end of its last full scan; 0 = never
	ChangedMS   int64 // when a scan last found a change; 0 = never
	CostMS      int64 // processor time of its last full walk, in milliseconds
	AcceptedMS  int64 // when a loss was last accepted; 0 = never
	Disk        Disk  // at the last scan
	Held        Held
	WatchMethod WatchMethod         // "" = MethodAuto
	PollS       int                 // fixed poll interval in seconds; 0 = adaptive
	Ladder      media.LadderSetting // "" = scan.Options.Ladder
	NamingRules int                 // naming.Rules with which the names of its files were read; 0 = older than this field

	// Filled in by scan.Service.Roots; not stored.
	Files            int // files that are not missing
	Watch            WatchState
	WatchConfigured  bool                // its watch options come from the configuration file
	LadderInForce    media.LadderSetting // Ladder, or the default
	LadderConfigured bool                // its ladder setting comes from the configuration file
	ScanInterval     time.Duration       // current interval; 0 = no scan is scheduled
	NextMS           int64               // next scheduled scan; 0 = none
}

// Held counts files of a suspected accidental mass deletion. They stay Unreachable until they return or the loss is
// accepted.
type Held struct {
	Missing int // files held back; 0 = none
	Of      int // files that the root had
	SinceMS int64
}

// Acceptable reports whether the root has a loss that can be accepted.
func (r Root) Acceptable() bool {
	return r.Held.Missing > 0 || r.State == Unreachable && (r.Code == ErrRootEmpty.Code || r.Code == ErrOtherDisk.Code)
}

// Contains reports whether path is the root's folder or lies below it.
func (r Root) Contains(path string) bool { return Within(r.Path, path) }

// Within reports whether path is dir or lies below it. Both are clean.
func Within(dir, path string) bool {
	if dir == path || dir == string(filepath.Separator) {
		return true
	}
	rest, found := strings.CutPrefix(path, dir)
	return found && strings.HasPrefix(rest, string(filepath.Separator))
}

// Rel returns the slash-separated path below the root, for naming.Identify.
func (r Root) Rel(path string) string {
	return Relative(r.Path, path)
}

// Relative returns the slash-separated path of path below dir.
func Relative(dir, path string) string {
	return filepath.ToSlash(strings.TrimPrefix(strings.TrimPrefix(path, dir), string(filepath.Separator)))
}
