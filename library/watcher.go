package library

import "context"

// Watcher hears changes below folders. What it tells is a hint: it may tell too much, too late or nothing.
type Watcher interface {
	// Run hears until ctx is done and calls hear, from one goroutine at a time, with what may have changed. hear returns
	// soon.
	Run(ctx context.Context, hear func(Hint)) error
	// Add begins to hear the folder and everything below it as wished, and says how. It may be called before Run and while
	// it runs; for a folder that was added it begins anew.
	Add(folder string, wish WatchMethod) WatchState
	// State says how a folder that was added is heard at the moment. It does not look at the disk.
	State(folder string) WatchState
	// Remove stops hearing the folder.
	Remove(folder string)
}

// Hint says where to look again.
type Hint struct {
	Paths []string // files or folders, absolute
	All   bool     // hints were lost: look everywhere
}

// WatchMethod is how somebody wants a root to be watched.
type WatchMethod string

// The settings.
const (
	MethodAuto    WatchMethod = "auto" // by what the disk can do
	MethodInotify WatchMethod = "inotify"
	MethodPoll    WatchMethod = "poll"
	MethodHook    WatchMethod = "hook" // only what is told to the server is looked at
)

// known reports whether s is one of the settings.
func (s WatchMethod) known() bool {
	return s == MethodAuto || s == MethodInotify || s == MethodPoll || s == MethodHook
}

// WatchMode is how changes are noticed.
type WatchMode string

// The ways to notice changes.
const (
	WatchEvents WatchMode = "inotify" // the system tells
	WatchPoll   WatchMode = "poll"    // the folder is looked through again and again
	WatchHook   WatchMode = "hook"    // somebody else tells
)

// WatchState says how the changes below a root are noticed.
type WatchState struct {
	Mode    WatchMode
	Reason  string // why it is not WatchEvents, in plain words; "" otherwise
	Watches int    // folders of the root that the system watches
	Limit   int    // folders that the system watches at most, for everybody together; 0 = unknown
}
