package api

import (
	"context"
	"net/http"

	"movify/pkg/id"
)

// LibraryAdmin is the settings of library folders, and files that were lost.
type LibraryAdmin interface {
	// ChangeRoot sets how a folder is watched and when its ladders are made. Changing a setting of the configuration file is a
	// fault.
	ChangeRoot(ctx context.Context, r id.Root, t RootTuning) (Root, error)
	// AcceptLosses confirms that the held losses of a folder were deleted.
	AcceptLosses(ctx context.Context, r id.Root) (Root, error)
	// Preview is a dry run of a scan.
	Preview(ctx context.Context) (Preview, error)
	// Bin lists up to limit missing files that are not yet purged, the latest first.
	Bin(ctx context.Context, limit int) (Bin, error)
	// ForgetFile purges a file of the bin.
	ForgetFile(ctx context.Context, f id.File) error
}

// RootWatch is the watch settings and the state of a folder.
type RootWatch struct {
	FileSystem   string    `json:"fileSystem,omitempty" doc:"What it lies on: ext4, NFS, …"`
	WatchSetting string    `json:"watchSetting" enum:"auto,inotify,poll,hook" doc:"How it is wished to be watched."`
	WatchFixed   bool      `json:"watchFixed" doc:"The configuration file says how, and nothing else can."`
	WatchReason  string    `json:"watchReason,omitempty" doc:"Why it is not inotify, in plain words."`
	PollSeconds  int       `json:"pollSeconds" doc:"Between two looks when it is polled, as it was set; 0 = it adapts."`
	EverySeconds int       `json:"everySeconds" doc:"Between two looks at everything, as it is now; 0 = none is planned."`
	NextLookMs   int64     `json:"nextLookMs,omitempty"`
	PollCostMs   int64     `json:"pollCostMs" doc:"Processor time of the last look at everything, in milliseconds."`
	WatchesUsed  int       `json:"watchesUsed" doc:"Folders of it that the system watches."`
	WatchesLimit int       `json:"watchesLimit" doc:"Folders that the system watches at most; 0 = unknown."`
	LastChangeMs int64     `json:"lastChangeMs,omitempty"`
	StateCode    string    `json:"stateCode,omitempty" doc:"Why it is unreachable."`
	StateReason  string    `json:"stateReason,omitempty" doc:"The same in plain words, and what becomes of its files."`
	SinceMs      int64     `json:"sinceMs,omitempty" doc:"When it came into its state."`
	Acceptable   bool      `json:"acceptable" doc:"There is a loss that can be accepted."`
	Held         *RootHeld `json:"held,omitempty"`
}

// RootHeld says that so many files of a folder went at once that an administrator must confirm.
type RootHeld struct {
	Missing int   `json:"missing"`
	Of      int   `json:"of" doc:"Files that the folder had."`
	SinceMs int64 `json:"sinceMs"`
}

// RootTuning changes the settings of a folder; an absent field stays, null resets it to the default.
type RootTuning struct {
	Watch       Optional[string] `json:"watch,omitempty" enum:"auto,inotify,poll,hook"`
	PollSeconds Optional[int]    `json:"pollSeconds,omitempty" doc:"5 to 86400."`
	Transcode   Optional[string] `json:"transcode,omitempty" enum:"always,when_watched,never" doc:"When whole ladders are made in the background."`
}

// Preview is the changes that a scan would make.
type Preview struct {
	Added       PreviewPaths  `json:"added" doc:"New to the library."`
	Changed     PreviewPaths  `json:"changed" doc:"Known, and other than before."`
	Returned    PreviewPaths  `json:"returned" doc:"Known, and back as they were."`
	Missing     PreviewPaths  `json:"missing" doc:"Known and gone: they would be in the bin."`
	Held        PreviewPaths  `json:"held" doc:"The same, but so many that they would wait for somebody's word."`
	Unreachable PreviewPaths  `json:"unreachable" doc:"Known, in a folder that cannot be read."`
	Moved       []PreviewMove `json:"moved" doc:"Up to 200 files that are at another place."`
	MovedTotal  int           `json:"movedTotal"`
	Unchanged   int           `json:"unchanged"`
	Away        []PreviewAway `json:"away" doc:"Folders of the library that would be found away."`
	// Ignored is not a change: it answers why a file is not in the library.
	Ignored      []PreviewIgnored `json:"ignored" doc:"Up to 200 folders and videos that are no part of the library."`
	IgnoredTotal int              `json:"ignoredTotal"`
}

// PreviewPaths is a number of files and the first of them.
type PreviewPaths struct {
	Total int      `json:"total"`
	Paths []string `json:"paths" doc:"Up to 200."`
}

// PreviewMove is a file that was moved.
type PreviewMove struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// PreviewAway is an unreachable folder with the reason.
type PreviewAway struct {
	Path   string `json:"path"`
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// PreviewIgnored is a folder or video that a scan ignores, with the reason.
type PreviewIgnored struct {
	Path   string `json:"path"`
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// Bin is the missing files that are not yet purged.
type Bin struct {
	Items []BinItem `json:"items"`
	Total int       `json:"total"`
}

// BinItem is one file of the bin.
type BinItem struct {
	FileID         string `json:"fileId"`
	TitleID        string `json:"titleId,omitempty"`
	Name           string `json:"name" doc:"Of its title, or of the file without one."`
	Path           string `json:"path"`
	Reason         string `json:"reason,omitempty" doc:"Why it is here when it was not deleted."`
	MissingSinceMs int64  `json:"missingSinceMs"`
	GoneAtMs       int64  `json:"goneAtMs,omitempty" doc:"When it is forgotten; absent = never."`
}

func (a *API) registerLibraryAdmin() {
	answer(a, operation{
		access: AccessAdmin, route: "PATCH /library/roots/{id}", name: "tuneRoot",
		summary: "Set how a folder is watched and when its films are prepared",
	}, func(ctx context.Context, _ Caller, in *bodyByID[RootTuning]) (Root, error) {
		return a.o.Library.ChangeRoot(ctx, id.Root(in.ID), in.Body)
	})
	answer(a, operation{
		access: AccessAdmin, route: "POST /library/roots/{id}/accept", name: "acceptLosses",
		summary: "Say that what a folder lost is really gone, or that another disk takes its place",
		status:  http.StatusAccepted,
	}, func(ctx context.Context, _ Caller, in *byID) (Root, error) {
		return a.o.Library.AcceptLosses(ctx, id.Root(in.ID))
	})
	answer(a, operation{
		access: AccessAdmin, route: "GET /library/preview", name: "previewScan", summary: "What a scan would change",
	}, withoutInput(a.o.Library.Preview))
	answer(a, operation{
		access: AccessAdmin, route: "GET /library/bin", name: "listBin", summary: "Files that are gone and still remembered",
	}, func(ctx context.Context, _ Caller, in *struct {
		Limit int `query:"limit" minimum:"1" maximum:"1000" default:"200"`
	}) (Bin, error) {
		return a.o.Library.Bin(ctx, in.Limit)
	})
	command(a, operation{
		access: AccessAdmin, route: "DELETE /library/bin/{fileId}", name: "forgetFile", summary: "Forget a file that is gone",
	}, func(ctx context.Context, _ Caller, in *byFileID) error {
		return a.o.Library.ForgetFile(ctx, id.File(in.FileID))
	})
}
