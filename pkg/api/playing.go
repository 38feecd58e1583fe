package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"movify/pkg/id"
)

// Playing is playback sessions and progress. A session of another viewer is a NotFound fault.
type Playing interface {
	// Start begins a playback on a device. When all streams of the account are in use it gives a TooManyStreams.
	Start(ctx context.Context, p Principal, c Client, in StartPlayback) (PlaySession, error)
	// Ways says how the files of a title would be played; nothing is started.
	Ways(ctx context.Context, p Principal, c Client, t id.Title, in AskWays) ([]FileWay, error)
	// Session gives a playback with the current state of its ladder.
	Session(ctx context.Context, p Principal, s id.Session) (PlaySession, error)
	// Report stores the position.
	Report(ctx context.Context, p Principal, s id.Session, r Report) error
	// Stop ends a playback and is idempotent. positionMs nil = the last reported.
	Stop(ctx context.Context, p Principal, s id.Session, positionMs *int64) error
	// Forget removes a title from Continue watching.
	Forget(ctx context.Context, p Principal, t id.Title) error
}

// PlaySession is one playback.
type PlaySession struct {
	ID             string           `json:"id"`
	Title          TitleCard        `json:"title"`
	Manifest       string           `json:"manifest" doc:"Path of the multivariant playlist; it carries its own token."`
	TokenExpiresMs int64            `json:"tokenExpiresMs" doc:"When the token stops working by itself, Unix milliseconds: ask for the session again before, and go on with the new manifest."`
	StartMs        int64            `json:"startMs" doc:"Where to begin."`
	DurationMs     int64            `json:"durationMs" doc:"Of the file."`
	FileID         string           `json:"fileId"`
	Part           int              `json:"part,omitempty" doc:"Of a film in several files: which part this is, from 1."`
	Parts          int              `json:"parts,omitempty" doc:"How many there are."`
	NextFileID     string           `json:"nextFileId,omitempty" doc:"The part to play right after this one, by startSession with startMs 0."`
	BeforeMs       int64            `json:"beforeMs" doc:"How long the parts before this one are. A position of the title, as in cards and late reports, counts from the beginning of the first."`
	WholeMs        int64            `json:"wholeMs" doc:"How long all parts are."`
	Renditions     []RenditionState `json:"renditions"`
	Next           *TitleCard       `json:"next,omitempty" doc:"What to offer at the end."`
	Way            Way              `json:"way" doc:"Which stream to begin with, and why."`
	Original       *OriginalStream  `json:"original,omitempty" doc:"The Original stream, when the file has one that this device can decode: also when the way is the ladder for another reason."`
}

// Report is the position and state of a playback.
type Report struct {
	PositionMs int64  `json:"positionMs" minimum:"0"`
	State      string `json:"state" enum:"playing,paused,buffering"`
	Because    string `json:"because,omitempty" maxLength:"40" pattern:"^[a-z]+(_[a-z]+)*$" doc:"Code of the reason for the stream that plays, as in way: a player that goes to the other stream by itself tells why."`
}

func (a *API) registerPlaying() {
	answer(a, operation{
		access: AccessAccount, kids: true, plays: true, route: "POST /sessions", name: "startSession", summary: "Press play",
		status: http.StatusCreated,
	}, func(ctx context.Context, c Caller, in *body[StartPlayback]) (PlaySession, error) {
		return a.o.Playing.Start(ctx, c.Principal, c.Client, in.Body)
	})
	items(a, operation{
		access: AccessAccount, kids: true, plays: true, route: "POST /titles/{id}/ways", name: "askWays",
		summary: "How the files of a title would be played on a device, and why; nothing is started",
	}, func(ctx context.Context, c Caller, in *bodyByID[AskWays]) ([]FileWay, error) {
		return a.o.Playing.Ways(ctx, c.Principal, c.Client, id.Title(in.ID), in.Body)
	})
	answer(a, operation{
		access: AccessAccount, kids: true, plays: true, route: "GET /sessions/{id}", name: "getSession",
		summary: "A playback and its ladder now, with a new token",
	}, ofCallerByID(a.o.Playing.Session))
	command(a, operation{
		access: AccessAccount, kids: true, plays: true, route: "POST /sessions/{id}/progress", name: "reportProgress",
		summary: "Say where the playback is", before: huma.Middlewares{beaconBody},
	}, func(ctx context.Context, c Caller, in *bodyByID[Report]) error {
		return a.o.Playing.Report(ctx, c.Principal, id.Session(in.ID), in.Body)
	})

	type stopInputBody struct {
		PositionMs *int64 `json:"positionMs,omitempty" minimum:"0"`
	}
	command(a, operation{
		access: AccessAccount, kids: true, plays: true, route: "POST /sessions/{id}/stop", name: "stopSession",
		summary: "End a playback", before: huma.Middlewares{beaconBody},
	}, func(ctx context.Context, c Caller, in *bodyByID[*stopInputBody]) error {
		var at *int64
		if in.Body != nil {
			at = in.Body.PositionMs
		}
		return a.o.Playing.Stop(ctx, c.Principal, id.Session(in.ID), at)
	})
	command(a, operation{
		access: AccessAccount, kids: true, plays: true, route: "DELETE /progress/{titleId}", name: "forgetProgress",
		summary: "Take a title out of Continue watching",
	}, func(ctx context.Context, c Caller, in *byTitleID) error {
		return a.o.Playing.Forget(ctx, c.Principal, id.Title(in.TitleID))
	})
}

// beaconBody reads a text/plain body as JSON: navigator.sendBeacon sends strings with that type.
func beaconBody(ctx huma.Context, next func(huma.Context)) {
	h := humagin.Unwrap(ctx).Request.Header
	if strings.HasPrefix(h.Get("Content-Type"), "text/plain") {
		h.Set("Content-Type", "application/json")
	}
	next(ctx)
}
