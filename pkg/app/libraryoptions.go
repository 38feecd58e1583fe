package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"movify/library"
	"movify/library/artwork"
	"movify/library/catalogue"
	"movify/library/metadata"
	"movify/library/nfo"
	"movify/library/scan"
	"movify/library/tmdb"
	"movify/pkg/config"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue"
	"movify/transcoder"
	"movify/transcoder/ffmpeg"
)

// withRootSettings adds the folder settings of the configuration to the options of a scan.
func withRootSettings(all config.Config, o scan.Options) scan.Options {
	c := all.Library
	o.Rescan, o.StableFor, o.PollMin, o.PollMax, o.BinDays = c.Rescan, c.Settle, c.PollMin, c.PollMax, c.BinDays
	o.LinksInto = c.LinksInto
	o.WatchOptions = make(map[string]scan.WatchOptions)
	o.Ladder, o.LadderSettings = media.LadderSetting(all.Transcode.Ladder), make(map[string]media.LadderSetting)
	for _, r := range c.Roots {
		o.Roots = append(o.Roots, r.Path)
		if r.Watch != "" || r.Poll > 0 {
			o.WatchOptions[r.Path] = scan.WatchOptions{Method: library.WatchMethod(r.Watch), Poll: r.Poll}
		}
		if r.Transcode != "" {
			o.LadderSettings[r.Path] = media.LadderSetting(r.Transcode)
		}
	}
	for _, w := range c.QuietWindows() {
		o.QuietHours = append(o.QuietHours, scan.Window{From: time.Duration(w.From) * time.Minute,
			To: time.Duration(w.To) * time.Minute})
	}
	if len(c.Ignore) > 0 {
		o.Ignore = scan.ParseIgnore(strings.Join(c.Ignore, "\n"))
	}
	return o
}

// provider gives the configured metadata provider, or nil.
func provider(c config.TMDB) library.Provider {
	if !c.Enabled {
		return nil
	}
	return tmdb.New(tmdb.Options{Key: string(c.Key), Language: c.Language})
}

// writer gives the writer of NFO files in library folders, or nil.
func writer(c config.Library) library.NFOWriter {
	if !c.WriteNFO {
		return nil
	}
	return nfo.Writer{}
}

// libraryServices are the services of the library, connected with one another.
type libraryServices struct {
	scan      *scan.Service
	metadata  *metadata.Service
	artwork   *artwork.Service
	catalogue *catalogue.Service
}

// libraryOptions are the options of libraryServices without what connects them.
type libraryOptions struct {
	scan      scan.Options
	metadata  metadata.Options
	artwork   artwork.Options
	catalogue catalogue.Options
}

// newLibrary makes the services of the library: a scan hands walked folders to artwork and metadata and has files imported
// by metadata, and both report changes of titles to the catalogue.
func newLibrary(o libraryOptions) *libraryServices {
	l := new(libraryServices)
	o.artwork.Scanning = func() bool { return l.scan.Status().Running }
	o.artwork.OnChange = func(t id.Title, f id.File) { l.metadata.NotifyPictures(t, f) }
	l.artwork = artwork.New(o.artwork)
	l.catalogue = catalogue.New(o.catalogue)

	o.metadata.Artwork, o.metadata.Changes = l.artwork, l.catalogue
	o.metadata.Rescan = func(dir string) { l.scan.Rescan(dir) }
	o.metadata.Sidecars = func(
		ctx context.Context, root library.Root, dir string,
	) (map[string][]library.Sidecar, error) {
		return l.scan.Sidecars(ctx, root, dir)
	}
	l.metadata = metadata.New(o.metadata)

	changed := o.scan.OnChange
	o.scan.OnChange = func() {
		l.artwork.Wake()
		if changed != nil {
			changed()
		}
	}
	o.scan.Walked = func(folders []library.WalkedFolder) {
		l.artwork.QueueFolders(folders)
		l.metadata.QueueFolders(folders)
	}
	o.scan.Importer, o.scan.Changes = l.metadata, l.catalogue
	l.scan = scan.New(o.scan)
	return l
}

// components are the services in the order in which they start; a scan needs the others.
func (l *libraryServices) components() []component {
	return []component{
		{"artwork", l.artwork.Run},
		{"catalogue", l.catalogue.Run},
		{"metadata", l.metadata.Run},
		{"scan", l.scan.Run},
	}
}

// stillMaker adapts the encoder to the artwork.
type stillMaker struct{ encoder *ffmpeg.Encoder }

var _ artwork.Stills = stillMaker{}

// Stills extracts a frame of a film.
func (s stillMaker) Stills(ctx context.Context, path string, p media.Probe) (artwork.Still, error) {
	still, err := s.encoder.Stills(ctx, path, p)
	return artwork.Still(still), err
}

// encodesForViewers reports whether a viewer waits for one of the runs.
func encodesForViewers(runs []transcoder.RunState) bool {
	return slices.ContainsFunc(runs, func(r transcoder.RunState) bool { return r.Class == queue.JIT })
}
