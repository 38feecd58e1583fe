package facade

import (
	"context"
	"path/filepath"

	"movify/library/scan"

	"movify/library"
	"movify/library/catalogue"
	"movify/library/naming"
	"movify/pkg/api"
	"movify/pkg/id"
	"movify/transcoder"
)

// libraryFacade implements api.Library: folders, scans and the bin, for administrators.
type libraryFacade struct {
	scan    *scan.Service
	titles  *catalogue.Service
	forgive func(fingerprint string) // permits another try of a failed ladder
	predict func([]transcoder.Footage) transcoder.Predictions
}

var _ api.Library = (*libraryFacade)(nil)

// Status gives folders, scan and counts.
func (f *libraryFacade) Status(ctx context.Context) (api.LibraryStatus, error) {
	roots, err := f.scan.Roots(ctx)
	if err != nil {
		return api.LibraryStatus{}, err
	}
	counts, err := f.titles.Counts(ctx, library.Unrestricted())
	if err != nil {
		return api.LibraryStatus{}, err
	}
	leftOut, err := f.scan.LeftOut(ctx)
	if err != nil {
		return api.LibraryStatus{}, err
	}
	out := api.LibraryStatus{Scan: scanState(f.scan.Status()), Counts: api.LibraryCounts(counts)}
	out.Counts.Attention += len(leftOut)
	for _, r := range roots {
		out.Roots = append(out.Roots, root(r))
	}
	return out, nil
}

// AddRoot adds a folder.
func (f *libraryFacade) AddRoot(ctx context.Context, path string) (api.Root, error) {
	r, err := f.scan.AddRoot(ctx, path)
	return root(r), err
}

// RemoveRoot stops watching a folder.
func (f *libraryFacade) RemoveRoot(ctx context.Context, r id.Root) error {
	return f.scan.RemoveRoot(ctx, r)
}

// Scan starts a scan of everything or of the given paths, and does not wait for its end.
func (f *libraryFacade) Scan(ctx context.Context, paths []string) (api.ScanState, error) {
	if len(paths) == 0 {
		f.scan.RequestScan()
	} else if err := f.scan.NotifyPaths(ctx, paths); err != nil {
		return api.ScanState{}, err
	}
	return scanState(f.scan.Status()), nil
}

// Attention lists the files that cannot be played, and then what scans leave out.
func (f *libraryFacade) Attention(ctx context.Context) ([]api.AttentionItem, error) {
	files, err := f.scan.NeedAttention(ctx)
	if err != nil {
		return nil, err
	}
	leftOut, err := f.scan.LeftOut(ctx)
	out := make([]api.AttentionItem, 0, len(files))
	for _, x := range files {
		out = append(out, api.AttentionItem{
			FileID: string(x.ID), Name: x.Name(), Path: naming.Display(x.Path), Reason: x.Reason, Code: x.Code,
			SinceMs: x.SinceMS,
		})
	}
	for _, x := range leftOut {
		out = append(out, api.AttentionItem{
			Name: naming.Display(filepath.Base(x.Path)), Path: naming.Display(x.Path), Reason: x.Why.Message,
			Code: x.Why.Code, SinceMs: x.SinceMS,
		})
	}
	return out, err
}

// Retry probes a file again and permits another try of its ladder.
func (f *libraryFacade) Retry(ctx context.Context, file id.File) error {
	x, err := f.titles.File(ctx, file)
	if err != nil {
		return err
	}
	f.forgive(x.Fingerprint)
	return f.scan.Retry(ctx, file)
}

// Browse lists folders of the server.
func (f *libraryFacade) Browse(ctx context.Context, path string) (api.FolderListing, error) {
	l, err := scan.Browse(ctx, path)
	out := api.FolderListing{Path: l.Path, Videos: l.Videos}
	if l.Parent != "" {
		out.Parent = &l.Parent
	}
	for _, x := range l.Folders {
		out.Folders = append(out.Folders, api.Folder(x))
	}
	return out, err
}

func root(r library.Root) api.Root {
	return api.Root{
		ID: string(r.ID), Path: naming.Display(r.Path), State: string(r.State), Files: r.Files,
		Watch: string(r.Watch.Mode), LastScanMs: r.ScannedMS, RootWatch: rootWatch(r), RootTranscode: rootTranscode(r),
	}
}

func scanState(s scan.Status) api.ScanState {
	return api.ScanState{
		Running: s.Running, Seen: s.Seen, Added: s.Added, Probed: s.Probed,
		StartedMs: s.StartedMS, FinishedMs: s.FinishedMS, Path: s.Path,
	}
}
