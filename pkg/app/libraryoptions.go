package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"movify/library"
	"movify/library/artwork"
	"movify/library/catalogue"
	"movify/library/nfo"
	"movify/library/tmdb"
	"movify/pkg/config"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue"
	"movify/transcoder"
	"movify/transcoder/ffmpeg"
)

// withRootSettings adds the folder settings of the configuration to the options of a library.
func withRootSettings(c config.Library, o library.Options) library.Options {
	o.Rescan, o.StableFor, o.PollMin, o.PollMax, o.BinDays = c.Rescan, c.Settle, c.PollMin, c.PollMax, c.BinDays
	o.WatchOptions = make(map[string]library.WatchOptions)
	for _, r := range c.Roots {
		o.Roots = append(o.Roots, r.Path)
		if r.Watch != "" || r.Poll > 0 {
			o.WatchOptions[r.Path] = library.WatchOptions{Method: library.WatchMethod(r.Watch), Poll: r.Poll}
		}
	}
	for _, w := range c.QuietWindows() {
		o.QuietHours = append(o.QuietHours, library.Window{From: time.Duration(w.From) * time.Minute,
			To: time.Duration(w.To) * time.Minute})
	}
	if len(c.Ignore) > 0 {
		o.Ignore = library.ParseIgnore(strings.Join(c.Ignore, "\n"))
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

// newLibrary connects a library with its artwork and its catalogue.
func newLibrary(
	o library.Options, of artwork.Options, catalogued catalogue.Options,
) (*library.Service, *artwork.Service, *catalogue.Service) {
	var l *library.Service
	of.Scanning = func() bool { return l.ScanState().Running }
	of.OnChange = func(t id.Title, f id.File) { l.NotifyPictures(t, f) }
	pictures := artwork.New(of)
	titles := catalogue.New(catalogued)
	o.Artwork, o.Changes = pictures, titles
	l = library.New(o)
	return l, pictures, titles
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
