package library

import "context"

// Watcher reports changes below folders. Its hints may be too many, too late or missing.
type Watcher interface {
	// Run reports changes until ctx is done. It calls hear, which must not block, from one goroutine at a time.
	Run(ctx context.Context, hear func(Hint)) error
	// Add watches the folder and everything below it by the given method, and returns how. It may be called before and
	// during Run; for a watched folder it starts over. It walks the folder and ends with ctx.
	Add(ctx context.Context, folder string, wish WatchMethod) WatchState
	// State returns how an added folder is watched at the moment. It does not access the disk.
	State(folder string) WatchState
	// Remove stops watching the folder.
	Remove(folder string)
}

// Hint lists paths to scan again.
type Hint struct {
	Paths []string // files or folders, absolute
	All   bool     // events were lost: scan everything
}

// WatchMethod is the setting how a root is watched.
type WatchMethod string

// The watch methods.
const (
	MethodAuto    WatchMethod = "auto"
	MethodInotify WatchMethod = "inotify"
	MethodPoll    WatchMethod = "poll"
	MethodHook    WatchMethod = "hook" // only paths reported to the server are scanned
)

// Known reports whether s is one of the methods.
func (s WatchMethod) Known() bool {
	return s == MethodAuto || s == MethodInotify || s == MethodPoll || s == MethodHook
}

// WatchMode is how changes of a root are noticed at the moment.
type WatchMode string

// The watch modes.
const (
	WatchEvents WatchMode = "inotify" // by file system events
	WatchPoll   WatchMode = "poll"    // by scheduled scans
	WatchHook   WatchMode = "hook"    // by paths reported to the server
)

// WatchState is how changes below a root are noticed.
type WatchState struct {
	Mode    WatchMode
	Reason  string // why it is not WatchEvents, for people; "" otherwise
	Watches int    // inotify watches of the root
	Limit   int    // inotify watches of the user at most; 0 = unknown
	Pending bool   // the folder is still to be added
}
