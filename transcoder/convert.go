package transcoder

import (
	"context"
	"log/slog"
	"time"

	"movify/pkg/blob"
	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue"
)

// ErrOtherAsset is returned when a folder already holds the ladder of another file or policy.
var ErrOtherAsset = fault.New(fault.Conflict, "other_asset",
	"That folder already holds the ladder of another file or with other settings.")

// ConvertOptions give the source, the policy and the store of a conversion. All fields but Hardware are required.
type ConvertOptions struct {
	Source  Source // with a full probe
	Blobs   blob.Store
	Encoder Encoder
	// Hardware is that of Options.
	Hardware func() bool
	Policy   Policy
	Log      Log
	Logger   *slog.Logger
	Now      func() time.Time
}

// Convert makes the whole ladder of one file at the root of a blob store, without queue or server, and returns when all
// of it is stored. Segments that are stored already stay: calling it again after a crash goes on from the first gap.
func Convert(ctx context.Context, o ConvertOptions) (media.Asset, map[id.Rendition]media.Measure, error) {
	planned, err := PlanAsset(o.Source.Fingerprint, o.Source.Probe, o.Policy)
	if err != nil {
		return media.Asset{}, nil, err
	}
	planned.Prefix = ""
	// The folder is Stage and Blobs in one, and nothing is packed there: it is meant to be served file by file.
	s := New(Options{
		Stage: o.Blobs, Blobs: o.Blobs, Encoder: o.Encoder, Hardware: o.Hardware, Policy: o.Policy, Log: o.Log,
		Logger: o.Logger, Now: o.Now,
	})
	a, err := s.storedPlan(ctx, planned, o.Source)
	if err != nil {
		return media.Asset{}, nil, err
	}
	if a.ID != planned.ID {
		return media.Asset{}, nil, ErrOtherAsset
	}
	x, err := s.loadIndex(ctx, a)
	if err != nil {
		return media.Asset{}, nil, err
	}
	err = s.fill(ctx, x, o.Source, queue.Backlog, a.Grid.Segments(), nil)
	return a, x.Measures(), err
}
