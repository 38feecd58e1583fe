package facade

import (
	"context"
	"iter"
	"strings"

	"movify/library"
	"movify/library/catalogue"
	"movify/library/scan"
	"movify/pkg/account"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/player"
	"movify/transcoder"
)

// Sources adapts the catalogue and the store of files to the transcoder.
type Sources struct {
	titles *catalogue.Service
	scan   *scan.Service
	store  scan.Store
}

// NewSources adapts a catalogue, the settings of library folders and a store of files.
func NewSources(c *catalogue.Service, folders *scan.Service, s scan.Store) Sources {
	return Sources{c, folders, s}
}

var _ transcoder.Sources = Sources{}

// sourcesPage is how many files are read at once: while a large library is scanned they are walked again and again.
const sourcesPage = 1000

// Sources yields the files that are present, newest first.
func (s Sources) Sources(ctx context.Context) iter.Seq2[transcoder.Source, error] {
	return func(yield func(transcoder.Source, error) bool) {
		for after := (library.Content{}); ; {
			contents, err := s.titles.Contents(ctx, after, sourcesPage)
			if err != nil {
				yield(transcoder.Source{}, err)
				return
			}
			settings, err := s.scan.LadderSettings(ctx)
			if err != nil {
				yield(transcoder.Source{}, err)
				return
			}
			for _, c := range contents {
				demand := transcoder.Demand{Setting: settings[c.Root], Wanted: c.Wanted}
				if !yield(transcoder.Source{File: c.File, Fingerprint: c.Fingerprint, Demand: demand}, nil) {
					return
				}
			}
			if len(contents) < sourcesPage {
				return
			}
			after = contents[len(contents)-1]
		}
	}
}

// Source returns a present file with that content.
func (s Sources) Source(ctx context.Context, fingerprint string) (transcoder.Source, error) {
	f, err := s.file(ctx, fingerprint)
	if err != nil {
		return transcoder.Source{}, err
	}
	return sourceOf(f), nil
}

// Demand returns what is wanted of the ladder of the present files with that content.
func (s Sources) Demand(ctx context.Context, fingerprint string) (transcoder.Demand, error) {
	setting, wanted, err := s.scan.LadderOf(ctx, fingerprint)
	return transcoder.Demand{Setting: setting, Wanted: wanted}, err
}

// WantLadder records that a viewer has needed the ladder of the files with that content.
func (s Sources) WantLadder(ctx context.Context, fingerprint string) error {
	return s.scan.WantLadder(ctx, fingerprint)
}

func (s Sources) file(ctx context.Context, fingerprint string) (library.File, error) {
	files, err := s.store.FilesByFingerprint(ctx, fingerprint)
	if err != nil {
		return library.File{}, err
	}
	for _, f := range files {
		if f.State == library.Present {
			return s.titles.File(ctx, f.ID) // with its Probe
		}
	}
	return library.File{}, transcoder.ErrSourceAway
}

// titleOf returns the title an asset was made from; "" when its file is missing.
func (s Sources) titleOf(ctx context.Context, a id.Asset) (title id.Title, name string) {
	fingerprint, _ := media.ParseAssetID(a)
	f, err := s.file(ctx, fingerprint)
	if err != nil {
		return "", ""
	}
	c, err := s.titles.Title(ctx, library.Unrestricted(), f.Title)
	if err != nil {
		return f.Title, f.Name()
	}
	return f.Title, fullName(c)
}

// assetOf returns the asset at the beginning of a job's key.
func assetOf(key string) id.Asset {
	asset, _, _ := strings.Cut(key, "_")
	return id.Asset(asset)
}

func sourceOf(f library.File) transcoder.Source {
	return transcoder.Source{File: f.ID, Path: f.Path, Fingerprint: f.Fingerprint, Probe: f.Probe}
}

// Playables adapts the catalogue and the transcoder to the player.
type Playables struct {
	titles     *catalogue.Service
	transcoder *transcoder.Service
	audiences  audiences
}

// NewPlayables adapts a catalogue and a transcoder. The audience of a viewer follows from its profile in the store.
func NewPlayables(c *catalogue.Service, t *transcoder.Service, profiles account.Store) Playables {
	return Playables{c, t, audiences{profiles}}
}

var _ player.Catalogue = Playables{}

// Playable returns a file of a title that the viewer may see, and its packaging.
func (p Playables) Playable(ctx context.Context, v id.Viewer, t id.Title, f id.File) (player.Playable, error) {
	who, err := p.audiences.of(ctx, v.Profile)
	if err != nil {
		return player.Playable{}, err
	}
	return p.to(ctx, who, t, f)
}

// to returns a file of a title that an audience may see ("" = the best), the parts before and after it, and its
// packaging.
func (p Playables) to(ctx context.Context, who library.Audience, t id.Title, wanted id.File) (player.Playable, error) {
	c, err := p.titles.Title(ctx, who, t)
	if err != nil {
		return player.Playable{}, err
	}
	f, err := p.file(ctx, who, t, wanted)
	if err != nil {
		return player.Playable{}, err
	}
	a, planned, err := p.transcoder.Planned(ctx, sourceOf(f))
	if err != nil {
		return player.Playable{}, err
	}
	out := player.Playable{
		Title: t, Name: fullName(c), File: f.ID, Asset: a, Away: f.State == library.Unreachable,
		Source: media.SourceFile{Path: f.Path, Size: f.Size, ModTimeNS: f.ModTimeNS},
	}
	if !planned {
		out.Plan = func(ctx context.Context) (media.Asset, error) { return p.transcoder.Asset(ctx, sourceOf(f)) }
	}
	if f.Part == 0 {
		return out, nil
	}
	files, err := p.titles.Versions(ctx, who, t)
	if err != nil {
		return player.Playable{}, err
	}
	for _, x := range f.PartsWith(files) {
		out.Parts = append(out.Parts, player.Part{File: x.ID, DurationMS: x.DurationMS})
	}
	return out, nil
}

// Versions lists the files of a title that the viewer may see, with their packaging as far as it is known: a file that is not planned yet
// has the facts of its quick probe.
func (p Playables) Versions(ctx context.Context, v id.Viewer, t id.Title) ([]player.Playable, error) {
	who, err := p.audiences.of(ctx, v.Profile)
	if err != nil {
		return nil, err
	}
	c, err := p.titles.Title(ctx, who, t)
	if err != nil {
		return nil, err
	}
	files, err := p.titles.Versions(ctx, who, t)
	if err != nil {
		return nil, err
	}
	out := make([]player.Playable, 0, len(files))
	for _, f := range files {
		a, _, err := p.transcoder.Planned(ctx, sourceOf(f))
		if err != nil {
			return nil, err
		}
		out = append(out, player.Playable{
			Title: t, Name: fullName(c), File: f.ID, Asset: a, Away: f.State == library.Unreachable,
			Source: media.SourceFile{Path: f.Path, Size: f.Size, ModTimeNS: f.ModTimeNS},
		})
	}
	return out, nil
}

// OriginalsOf adapts the Original streams of files to the player.
func OriginalsOf(
	o *transcoder.Originals,
) func(context.Context, media.Asset, media.SourceFile) (player.CopiedStream, error) {
	return func(ctx context.Context, a media.Asset, f media.SourceFile) (player.CopiedStream, error) {
		s, err := o.Open(ctx, a, f)
		if err != nil {
			return nil, err
		}
		return s, nil
	}
}

// file returns the requested file of a title, or its best.
func (p Playables) file(ctx context.Context, who library.Audience, t id.Title, wanted id.File) (library.File, error) {
	if wanted == "" {
		return p.titles.FileOf(ctx, who, t)
	}
	files, err := p.titles.Versions(ctx, who, t)
	if err != nil {
		return library.File{}, err
	}
	for _, f := range files {
		if f.ID == wanted {
			return f, nil
		}
	}
	if f, err := p.titles.File(ctx, wanted); err == nil && f.Title == t && f.State != library.Present &&
		f.State != library.Unreachable {
		return library.File{}, library.ErrNoFile
	}
	return library.File{}, library.ErrFileNotFound
}
