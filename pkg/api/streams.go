package api

import (
	"context"
	"net/http"

	"movify/pkg/id"
)

// Streams is the running playbacks of an account.
type Streams interface {
	// Streams lists the running playbacks, the longest first.
	Streams(ctx context.Context, p Principal) (StreamList, error)
	// StopStream ends a playback of the account; one of another account is a NotFound fault.
	StopStream(ctx context.Context, p Principal, s id.Session) error
}

// Stream is a playback that counts towards the account's limit.
type Stream struct {
	ID      string `json:"id"`
	Title   string `json:"title,omitempty" doc:"Absent when this viewer may not see the title."`
	Profile string `json:"profile" doc:"Name of the profile that watches."`
	Device  string `json:"device" doc:"What it plays on, in words."`
	SinceMs int64  `json:"sinceMs" doc:"When it began, Unix milliseconds."`
	Own     bool   `json:"own" doc:"This viewer may stop it."`
	Way     string `json:"way" enum:"original,ladder" doc:"Which stream of the file it plays."`
	Height  int    `json:"height,omitempty" doc:"Of the picture that it asked for last, as a rung is named: 1080. Absent before the first."`
}

// StreamList is the running playbacks and their limit.
type StreamList struct {
	Items []Stream `json:"items"`
	Limit int      `json:"limit"`
}

// Playbacks is the running playbacks of all accounts, for administrators.
type Playbacks interface {
	// Playbacks lists them, the longest first. A title that p may not see has no name.
	Playbacks(ctx context.Context, p Principal) ([]Playback, error)
	// StopPlayback ends one, of whichever account.
	StopPlayback(ctx context.Context, s id.Session) error
}

// Playback is a running playback, for administrators.
type Playback struct {
	ID       string `json:"id"`
	TitleID  string `json:"titleId,omitempty" doc:"Absent when this viewer may not see the title."`
	Title    string `json:"title,omitempty" doc:"Likewise."`
	Account  string `json:"account" doc:"Name of the account."`
	Profile  string `json:"profile" doc:"Name of the profile that watches."`
	Device   string `json:"device" doc:"What it plays on, in words."`
	SinceMs  int64  `json:"sinceMs" doc:"When it began, Unix milliseconds."`
	Way      Way    `json:"way" doc:"The stream of the picture that it asked for last, and why. The code is empty when its player went to another stream and did not say why."`
	Height   int    `json:"height,omitempty" doc:"Of the picture that it asked for last, as a rung is named: 1080. Absent before the first."`
	Encoding bool   `json:"encoding" doc:"Something of its file is encoded now because a viewer waits for it."`
}

// TooManyStreams is the error of a playback beyond the account's limit, with the running playbacks.
type TooManyStreams struct {
	StreamList
	Cause error // a Limited fault
}

// Error gives the words of the cause.
func (e *TooManyStreams) Error() string { return e.Cause.Error() }

// Unwrap gives the cause.
func (e *TooManyStreams) Unwrap() error { return e.Cause }

// SendProblem answers a request of the media plane with the problem of an error. Errors of the server itself are logged by the
// caller.
func SendProblem(w http.ResponseWriter, err error) { sendProblem(w, problemOf(err)) }

func (a *API) registerStreams() {
	answer(a, operation{
		access: AccessAccount, kids: true, route: "GET /streams", name: "listStreams", summary: "Who plays in this account",
	}, ofCaller(a.o.Streams.Streams))
	command(a, operation{
		access: AccessAccount, limited: true, plays: true, route: "POST /streams/{id}/stop", name: "stopStream",
		summary: "End a playback of this account",
	}, commandOfCaller(a.o.Streams.StopStream))
	items(a, operation{
		access: AccessAdmin, route: "GET /playbacks", name: "listPlaybacks",
		summary: "What plays on this server now, how, and why so",
	}, ofCaller(a.o.Playbacks.Playbacks))
	command(a, operation{
		access: AccessAdmin, route: "POST /playbacks/{id}/stop", name: "stopPlayback",
		summary: "End a playback of any account",
	}, func(ctx context.Context, _ Caller, in *byID) error {
		return a.o.Playbacks.StopPlayback(ctx, id.Session(in.ID))
	})
}
