package api

import (
	"context"
	"net/http"

	"movify/pkg/id"
)

// LadderAdmin decides which ladders are made in the background, for administrators.
type LadderAdmin interface {
	// Ladders predicts what each setting costs for the files that are known so far.
	Ladders(ctx context.Context) (Ladders, error)
	// MakeLaddersOfRoot asks for the whole ladders of all files of a folder. A folder in which nothing is prepared is a fault.
	MakeLaddersOfRoot(ctx context.Context, r id.Root) (LaddersAsked, error)
	// MakeLadder asks for the whole ladders of the files of a title and of its parts. A title all of whose files lie in folders
	// in which nothing is prepared is a fault.
	MakeLadder(ctx context.Context, t id.Title) (LaddersAsked, error)
}

// RootTranscode says when the ladders of a folder's files are made, beside the segments that viewers ask for.
type RootTranscode struct {
	Transcode        string `json:"transcode" enum:"always,when_watched,never" doc:"When whole ladders are made in the background, as it is in force."`
	TranscodeSetting string `json:"transcodeSetting" enum:"default,always,when_watched,never" doc:"As it was set; default = as the configuration says."`
	TranscodeFixed   bool   `json:"transcodeFixed" doc:"The configuration file says when for this folder, and nothing else can."`
}

// Ladders is what each setting costs.
type Ladders struct {
	Default string           `json:"default" enum:"always,when_watched,never" doc:"The setting of folders without one of their own."`
	All     LadderPrediction `json:"all"`
	Items   []RootLadders    `json:"items"`
}

// RootLadders is what each setting costs for one folder.
type RootLadders struct {
	RootID string `json:"rootId"`
	LadderPrediction
}

// LadderPrediction is what each setting costs for some files; never costs nothing.
type LadderPrediction struct {
	Files       int        `json:"files" doc:"That are there and could be read so far."`
	DurationMs  int64      `json:"durationMs" doc:"Of all of them together."`
	Always      LadderCost `json:"always" doc:"All ladders."`
	WhenWatched LadderCost `json:"whenWatched" doc:"What is made before anything is watched: beginnings."`
}

// LadderCost is time and space.
type LadderCost struct {
	WorkMs int64 `json:"workMs" doc:"How long this machine encodes when it does nothing else."`
	Bytes  int64 `json:"bytes" doc:"At the highest bit rates; most films need less."`
}

// LaddersAsked is how many files a request was about.
type LaddersAsked struct {
	Files int `json:"files" doc:"Whose ladders are wanted now, also those that were before."`
}

func (a *API) registerLadders() {
	answer(a, operation{
		access: AccessAdmin, route: "GET /library/ladders", name: "predictLadders",
		summary: "How long it takes to prepare the library, and how much space it needs",
	}, withoutInput(a.o.Library.Ladders))
	answer(a, operation{
		access: AccessAdmin, route: "POST /library/roots/{id}/ladders", name: "makeLaddersOfRoot",
		summary: "Prepare all films of a folder in every quality, in the background", status: http.StatusAccepted,
	}, func(ctx context.Context, _ Caller, in *byID) (LaddersAsked, error) {
		return a.o.Library.MakeLaddersOfRoot(ctx, id.Root(in.ID))
	})
	answer(a, operation{
		access: AccessAdmin, route: "POST /titles/{id}/ladder", name: "makeLadder",
		summary: "Prepare a title in every quality, in the background", status: http.StatusAccepted,
	}, func(ctx context.Context, _ Caller, in *byID) (LaddersAsked, error) {
		return a.o.Library.MakeLadder(ctx, id.Title(in.ID))
	})
}
