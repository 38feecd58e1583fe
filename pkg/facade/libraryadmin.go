package facade

import (
	"context"
	"time"

	"movify/library/scan"

	"movify/library"
	"movify/library/naming"
	"movify/pkg/api"
	"movify/pkg/id"
	"movify/pkg/media"
)

// ChangeRoot sets how a folder is watched and when its ladders are made.
func (f *libraryFacade) ChangeRoot(ctx context.Context, r id.Root, t api.RootTuning) (api.Root, error) {
	now, err := f.scan.Root(ctx, r)
	if err != nil {
		return api.Root{}, err
	}
	if t.Transcode.Set {
		var setting media.LadderSetting
		if t.Transcode.Value != nil {
			setting = media.LadderSetting(*t.Transcode.Value)
		}
		if now, err = f.scan.SetLadder(ctx, r, setting); err != nil {
			return api.Root{}, err
		}
	}
	if !t.Watch.Set && !t.PollSeconds.Set {
		return root(now), nil
	}
	wish := scan.WatchOptions{Method: now.WatchMethod, Poll: time.Duration(now.PollS) * time.Second}
	if t.Watch.Set {
		if wish.Method = library.MethodAuto; t.Watch.Value != nil {
			wish.Method = library.WatchMethod(*t.Watch.Value)
		}
	}
	if t.PollSeconds.Set {
		if wish.Poll = 0; t.PollSeconds.Value != nil {
			wish.Poll = time.Duration(*t.PollSeconds.Value) * time.Second
		}
	}
	now, err = f.scan.SetWatch(ctx, r, wish)
	return root(now), err
}

// AcceptLosses confirms that the held losses of a folder were deleted.
func (f *libraryFacade) AcceptLosses(ctx context.Context, r id.Root) (api.Root, error) {
	now, err := f.scan.AcceptLoss(ctx, r)
	return root(now), err
}

// shownPaths is the number of paths of a kind in a preview.
const shownPaths = 200

// Preview is a dry run of a scan.
func (f *libraryFacade) Preview(ctx context.Context) (api.Preview, error) {
	d, err := f.scan.Preview(ctx)
	if err != nil {
		return api.Preview{}, err
	}
	shown := func(paths []string) api.PreviewPaths {
		out := api.PreviewPaths{Total: len(paths), Paths: []string{}}
		for _, p := range paths[:min(shownPaths, len(paths))] {
			out.Paths = append(out.Paths, naming.Display(p))
		}
		return out
	}
	out := api.Preview{
		Added: shown(d.Added), Changed: shown(d.Changed), Returned: shown(d.Returned), Missing: shown(d.Missing),
		Held:        shown(d.Held),
		Unreachable: shown(d.Unreachable), MovedTotal: len(d.Moved), Unchanged: d.Unchanged,
		Moved: []api.PreviewMove{}, Away: []api.PreviewAway{}, Ignored: []api.PreviewIgnored{}, IgnoredTotal: len(d.Ignored),
	}
	for _, m := range d.Moved[:min(shownPaths, len(d.Moved))] {
		out.Moved = append(out.Moved, api.PreviewMove{From: naming.Display(m.From), To: naming.Display(m.To)})
	}
	for _, a := range d.Away {
		out.Away = append(out.Away, api.PreviewAway{Path: naming.Display(a.Path), Code: a.Code, Reason: a.Reason})
	}
	for _, i := range d.Ignored[:min(shownPaths, len(d.Ignored))] {
		out.Ignored = append(out.Ignored, api.PreviewIgnored{Path: naming.Display(i.Path), Code: i.Code, Reason: i.Reason})
	}
	return out, nil
}

// Bin lists missing files with the names of their titles.
func (f *libraryFacade) Bin(ctx context.Context, limit int) (api.Bin, error) {
	files, total, err := f.scan.Bin(ctx, limit)
	if err != nil {
		return api.Bin{}, err
	}
	titles := make([]id.Title, 0, len(files))
	for _, x := range files {
		titles = append(titles, x.Title)
	}
	cards, err := f.titles.Cards(ctx, library.Unrestricted(), titles)
	if err != nil {
		return api.Bin{}, err
	}
	names := make(map[id.Title]string, len(cards))
	for _, c := range cards {
		names[c.ID] = fullName(c)
	}
	out := api.Bin{Items: []api.BinItem{}, Total: total}
	for _, x := range files {
		item := api.BinItem{
			FileID: string(x.ID), TitleID: string(x.Title), Name: names[x.Title], Path: naming.Display(x.Path), Reason: x.Reason,
			MissingSinceMs: x.SinceMS, GoneAtMs: x.PurgeMS,
		}
		if item.Name == "" {
			item.Name = x.Name()
		}
		out.Items = append(out.Items, item)
	}
	return out, nil
}

// ForgetFile purges a file of the bin.
func (f *libraryFacade) ForgetFile(ctx context.Context, file id.File) error {
	return f.scan.Forget(ctx, file)
}

// rootWatch converts the watch settings and the state of a folder.
func rootWatch(r library.Root) api.RootWatch {
	out := api.RootWatch{
		FileSystem: r.Disk.Kind, WatchSetting: string(r.WatchMethod), WatchFixed: r.WatchConfigured,
		WatchReason: r.Watch.Reason, PollSeconds: r.PollS,
		EverySeconds: int(r.ScanInterval / time.Second), NextLookMs: r.NextMS, PollCostMs: r.CostMS,
		WatchesUsed:  r.Watch.Watches,
		WatchesLimit: r.Watch.Limit, LastChangeMs: r.ChangedMS, StateCode: r.Code, StateReason: r.Reason, SinceMs: r.SinceMS,
		Acceptable: r.Acceptable(),
	}
	if out.WatchSetting == "" {
		out.WatchSetting = string(library.MethodAuto)
	}
	if r.Held.Missing > 0 {
		out.Held = &api.RootHeld{Missing: r.Held.Missing, Of: r.Held.Of, SinceMs: r.Held.SinceMS}
		out.StateCode, out.StateReason = library.ErrHeld.Code, library.ErrHeld.Message
	}
	return out
}
