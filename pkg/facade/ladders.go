package facade

import (
	"context"
	"time"

	"movify/library"
	"movify/pkg/api"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/transcoder"
)

// rootTranscode converts the ladder setting of a folder.
func rootTranscode(r library.Root) api.RootTranscode {
	out := api.RootTranscode{
		Transcode: string(r.LadderInForce), TranscodeSetting: string(r.Ladder), TranscodeFixed: r.LadderConfigured,
	}
	if out.TranscodeSetting == "" {
		out.TranscodeSetting = "default"
	}
	return out
}

// Ladders predicts what each setting costs, for each folder and for all.
func (f *libraryFacade) Ladders(ctx context.Context) (api.Ladders, error) {
	footage, err := f.scan.Footage(ctx)
	if err != nil {
		return api.Ladders{}, err
	}
	roots, err := f.scan.Roots(ctx)
	if err != nil {
		return api.Ladders{}, err
	}
	films := make(map[id.Root][]transcoder.Footage, len(roots))
	var all []transcoder.Footage
	for _, x := range footage {
		film := transcoder.Footage{
			Height: x.Height, Files: x.Files, Duration: time.Duration(x.DurationMS) * time.Millisecond,
		}
		films[x.Root], all = append(films[x.Root], film), append(all, film)
	}
	out := api.Ladders{
		Default: string(f.scan.DefaultLadder()), All: f.predicted(all), Items: make([]api.RootLadders, 0, len(roots)),
	}
	for _, r := range roots {
		out.Items = append(out.Items, api.RootLadders{RootID: string(r.ID), LadderPrediction: f.predicted(films[r.ID])})
	}
	return out, nil
}

// predicted converts the predictions for some films.
func (f *libraryFacade) predicted(films []transcoder.Footage) api.LadderPrediction {
	predictions := f.predict(films)
	cost := func(setting media.LadderSetting) api.LadderCost {
		p := predictions[setting]
		return api.LadderCost{WorkMs: p.Work.Milliseconds(), Bytes: p.Bytes}
	}
	out := api.LadderPrediction{Always: cost(media.LadderAlways), WhenWatched: cost(media.LadderWhenWatched)}
	for _, x := range films {
		out.Files += x.Files
		out.DurationMs += x.Duration.Milliseconds()
	}
	return out
}

// MakeLaddersOfRoot asks for the ladders of all files of a folder.
func (f *libraryFacade) MakeLaddersOfRoot(ctx context.Context, r id.Root) (api.LaddersAsked, error) {
	files, err := f.scan.RequestLadders(ctx, r)
	return api.LaddersAsked{Files: files}, err
}

// MakeLadder asks for the ladders of the files of a title and of its parts, also of those that failed before.
func (f *libraryFacade) MakeLadder(ctx context.Context, t id.Title) (api.LaddersAsked, error) {
	if _, err := f.titles.Title(ctx, library.Unrestricted(), t); err != nil {
		return api.LaddersAsked{}, err
	}
	fingerprints, err := f.scan.RequestLadder(ctx, t)
	for _, x := range fingerprints {
		f.forgive(x)
	}
	return api.LaddersAsked{Files: len(fingerprints)}, err
}
