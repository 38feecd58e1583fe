package facade

import (
	"context"

	"movify/library"
	"movify/pkg/api"
	"movify/pkg/id"
	"movify/player"
	"movify/player/way"
)

// playing implements api.Playing with the player.
type playing struct {
	catalogue *catalogueFacade
	player    *player.Service
	streams   *streams
}

var _ api.Playing = (*playing)(nil)

// Start begins a playback.
func (p *playing) Start(
	ctx context.Context, who api.Principal, c api.Client, in api.StartPlayback,
) (api.PlaySession, error) {
	caller := callerOf(who, c, in.Device, in.Quality)
	pb, err := p.player.Start(ctx, caller, id.Title(in.TitleID), id.File(in.FileID), in.StartMs)
	if err != nil {
		return api.PlaySession{}, p.streams.refused(ctx, err)
	}
	return p.describe(ctx, who, pb)
}

// callerOf is a viewer on a device, for the player.
func callerOf(who api.Principal, c api.Client, d *api.DeviceCapabilities, quality string) player.Caller {
	out := player.Caller{
		Viewer: who.Viewer(), SignIn: who.SignIn, Agent: c.Agent, Local: c.Local, Quality: way.Quality(quality),
	}
	if d != nil {
		out.CarriedBPS = d.CarriedBps
		out.Device = &way.Device{
			Codecs: d.Codecs, Ranges: d.Ranges, Width: d.Width, Height: d.Height, Engine: way.Engine(d.Engine), Failed: d.Failed,
			Turns: d.Turns,
		}
	}
	return out
}

// Ways says how the files of a title would be played.
func (p *playing) Ways(
	ctx context.Context, who api.Principal, c api.Client, t id.Title, in api.AskWays,
) ([]api.FileWay, error) {
	files, err := p.player.Ways(ctx, callerOf(who, c, in.Device, in.Quality), t)
	if err != nil {
		return nil, err
	}
	out := make([]api.FileWay, 0, len(files))
	for _, f := range files {
		out = append(out, api.FileWay{
			FileID: string(f.File), First: f.First, Way: wayOf(f.Way), EncodesSound: f.EncodesSound,
		})
	}
	return out, nil
}

// wayOf converts a way.
func wayOf(w way.Way) api.Way {
	return api.Way{Kind: string(w.Kind), Code: string(w.Code), Message: w.Message, Params: w.Params}
}

// Session describes a playback.
func (p *playing) Session(ctx context.Context, who api.Principal, s id.Session) (api.PlaySession, error) {
	pb, err := p.player.Session(ctx, who.Viewer(), s)
	if err != nil {
		return api.PlaySession{}, err
	}
	return p.describe(ctx, who, pb)
}

// Report stores a position.
func (p *playing) Report(ctx context.Context, who api.Principal, s id.Session, r api.Report) error {
	if r.Because != "" {
		if err := p.player.TellWay(ctx, who.Viewer(), s, way.Code(r.Because)); err != nil {
			return err
		}
	}
	return p.player.Report(ctx, who.Viewer(), s, r.PositionMs, player.State(r.State))
}

// Stop ends a playback.
func (p *playing) Stop(ctx context.Context, who api.Principal, s id.Session, positionMs *int64) error {
	return p.player.Stop(ctx, who.Viewer(), s, positionMs)
}

// Forget removes a title from Continue watching.
func (p *playing) Forget(ctx context.Context, who api.Principal, t id.Title) error {
	return p.player.Forget(ctx, who.Viewer(), t)
}

func (p *playing) describe(ctx context.Context, who api.Principal, pb player.Playback) (api.PlaySession, error) {
	audience, err := p.catalogue.audiences.of(ctx, who.Profile)
	if err != nil {
		return api.PlaySession{}, err
	}
	card, err := p.catalogue.titles.Title(ctx, audience, pb.Session.Title)
	if err != nil {
		return api.PlaySession{}, err
	}
	shown := []library.Card{card}
	next, found, err := p.catalogue.titles.NextEpisode(ctx, audience, pb.Session.Title)
	if err != nil {
		return api.PlaySession{}, err
	}
	if found {
		shown = append(shown, next)
	}
	cards, err := p.catalogue.cards(ctx, who, shown)
	if err != nil {
		return api.PlaySession{}, err
	}
	out := api.PlaySession{
		ID: string(pb.Session.ID), Title: cards[0], Manifest: pb.Manifest, TokenExpiresMs: pb.TokenExpires.UnixMilli(),
		StartMs: pb.StartMS,
		FileID:  string(pb.Session.File), Part: pb.Part, Parts: pb.Parts, NextFileID: string(pb.NextPart),
		BeforeMs: pb.BeforeMS, WholeMs: pb.WholeMS,
		DurationMs: pb.DurationMS, Renditions: renditions(pb.Asset, p.catalogue.transcoder),
		Way: wayOf(pb.Way),
	}
	if o := pb.Original; o != nil {
		out.Original = &api.OriginalStream{
			Manifest: o.Manifest, Name: o.Name, Width: o.Width, Height: o.Height, Codecs: o.Codecs,
			AverageBps: o.Average, PeakBps: o.Peak,
		}
	}
	if found {
		out.Next = &cards[1]
	}
	return out, nil
}
