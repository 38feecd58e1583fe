package api

import (
	"context"
	"net/http"

	"movify/pkg/id"
)

// Library is the library folders and scans, for administrators.
type Library interface {
	LibraryAdmin
	LadderAdmin
	Status(ctx context.Context) (LibraryStatus, error)
	// AddRoot adds a folder. One that is not absolute, missing, not readable or already watched is a fault.
	AddRoot(ctx context.Context, path string) (Root, error)
	// RemoveRoot removes a folder from the library. It never touches the files.
	RemoveRoot(ctx context.Context, r id.Root) error
	// Scan starts a scan of all folders, or of the given paths; it joins one that is running.
	Scan(ctx context.Context, paths []string) (ScanState, error)
	Attention(ctx context.Context) ([]AttentionItem, error)
	// Retry probes a file that needs attention again.
	Retry(ctx context.Context, f id.File) error
	// Browse lists the folders of the server below path; "" = the start of the folder picker.
	Browse(ctx context.Context, path string) (FolderListing, error)
}

// LibraryStatus is the folders, the scan and the counts of the library.
type LibraryStatus struct {
	Roots  []Root        `json:"roots"`
	Scan   ScanState     `json:"scan"`
	Counts LibraryCounts `json:"counts"`
}

// Root is a watched folder.
type Root struct {
	ID         string `json:"id"`
	Path       string `json:"path"`
	State      string `json:"state" enum:"present,unreachable"`
	Files      int    `json:"files"`
	Watch      string `json:"watch" enum:"inotify,poll,hook" doc:"How changes are noticed."`
	LastScanMs int64  `json:"lastScanMs,omitempty"`
	RootWatch
	RootTranscode
}

// LibraryCounts are totals.
type LibraryCounts struct {
	Titles    int `json:"titles"`
	Files     int `json:"files"`
	Attention int `json:"attention"`
}

// ScanState is the scan that is running, or the last one.
type ScanState struct {
	Running    bool   `json:"running"`
	Seen       int    `json:"seen"`
	Added      int    `json:"added"`
	Probed     int    `json:"probed"`
	StartedMs  int64  `json:"startedMs,omitempty"`
	FinishedMs int64  `json:"finishedMs,omitempty"`
	Path       string `json:"path,omitempty" doc:"Where the walk is."`
}

// AttentionItem is a file that cannot be played, or a path that scans leave out, with the reason.
type AttentionItem struct {
	FileID  string `json:"fileId" doc:"Empty for a path that scans leave out, such as a link that leads out of the library."`
	Name    string `json:"name"`
	Path    string `json:"path"`
	Reason  string `json:"reason" doc:"In plain words."`
	Code    string `json:"code"`
	SinceMs int64  `json:"sinceMs"`
}

// FolderListing is one folder of the server, for the folder picker.
type FolderListing struct {
	Path    string   `json:"path"`
	Parent  *string  `json:"parent" doc:"null at the top."`
	Folders []Folder `json:"folders"`
	Videos  int      `json:"videos" doc:"Video files in it or one level below; at most 999."`
}

// Folder is one entry of a listing.
type Folder struct {
	Name string `json:"name"`
	Path string `json:"path"`
}

func (a *API) registerLibrary() {
	a.registerLibraryAdmin()
	answer(a, operation{
		access: AccessPublic, route: "GET /setup/folders", name: "browseFolders",
		summary: "Folders of the server; for anybody at home while no account exists, then for administrators",
	}, func(ctx context.Context, c Caller, in *struct {
		Path string `query:"path" maxLength:"4096"`
	}) (FolderListing, error) {
		if err := a.mayBrowse(ctx, c); err != nil {
			return FolderListing{}, err
		}
		return a.o.Library.Browse(ctx, in.Path)
	})
	answer(a, operation{
		access: AccessAdmin, route: "GET /library", name: "getLibrary", summary: "Folders, scan and counts",
	}, withoutInput(a.o.Library.Status))

	type addInputBody struct {
		Path string `json:"path" minLength:"1" maxLength:"4096"`
	}
	answer(a, operation{
		access: AccessAdmin, route: "POST /library/roots", name: "addRoot", summary: "Watch a folder",
		status: http.StatusCreated,
	}, func(ctx context.Context, _ Caller, in *body[addInputBody]) (Root, error) {
		return a.o.Library.AddRoot(ctx, in.Body.Path)
	})
	command(a, operation{
		access: AccessAdmin, route: "DELETE /library/roots/{id}", name: "removeRoot",
		summary: "Stop watching a folder; its files stay as they are",
	}, func(ctx context.Context, _ Caller, in *byID) error {
		return a.o.Library.RemoveRoot(ctx, id.Root(in.ID))
	})
	a.registerScan()
	a.registerLadders()
}

func (a *API) registerScan() {
	type scanInputBody struct {
		Paths []string `json:"paths,omitempty" maxItems:"200" doc:"Only these files and folders, by their whole paths; absent = everything."`
	}
	answer(a, operation{
		access: AccessAdmin, route: "POST /library/scan", name: "scanLibrary",
		summary: "Look through all folders now, or only through what has changed", status: http.StatusAccepted,
		maxBody: 1 << 20,
	}, func(ctx context.Context, _ Caller, in *body[*scanInputBody]) (ScanState, error) {
		var paths []string
		if in.Body != nil {
			paths = in.Body.Paths
		}
		return a.o.Library.Scan(ctx, paths)
	})
	items(a, operation{
		access: AccessAdmin, route: "GET /library/attention", name: "listAttention",
		summary: "Files that cannot be played, and why",
	}, withoutInput(a.o.Library.Attention))
	command(a, operation{
		access: AccessAdmin, route: "POST /library/attention/{fileId}/retry", name: "retryFile",
		summary: "Look at a file again", status: http.StatusAccepted,
	}, func(ctx context.Context, _ Caller, in *byFileID) error {
		return a.o.Library.Retry(ctx, id.File(in.FileID))
	})
}

// mayBrowse permits the folder picker to administrators and, until the server is set up, to local requests.
func (a *API) mayBrowse(ctx context.Context, c Caller) error {
	if c.Admin {
		return nil
	}
	needed, err := a.o.Accounts.SetupNeeded(ctx)
	switch {
	case err != nil:
		return err
	case !needed && c.expired != nil:
		return c.expired
	case !needed:
		return ErrAdminOnly
	}
	return a.mayClaim(c)
}
