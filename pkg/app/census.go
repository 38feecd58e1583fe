package app

import (
	"context"
	"fmt"
	"time"

	"movify/pkg/id"
	"movify/pkg/keeper"
	"movify/pkg/media"
	"movify/pkg/store"
	"movify/transcoder"
)

// census says what must not be thrown away. A job that waits makes a ladder by today's policy of a file that is there,
// which is never garbage; so only those that run are asked for.
type census struct {
	store   store.Storage
	running func() []transcoder.RunState // nil without a transcoder
}

var _ keeper.Census = census{}

// Needs asks the library, the sessions and the transcoder.
func (c census) Needs(ctx context.Context) (keeper.Needs, error) {
	n := keeper.Needs{Fingerprints: map[string]bool{}, Pictures: map[string]bool{}, Busy: map[id.Asset]bool{}}
	policy, err := policyName()
	if err != nil {
		return n, err
	}
	n.Policy = policy
	fingerprints, err := c.store.Fingerprints(ctx)
	if err != nil {
		return n, err
	}
	pictures, err := c.store.Pictures(ctx)
	if err != nil {
		return n, err
	}
	watched, err := c.store.Watched(ctx, time.Now())
	if err != nil {
		return n, err
	}
	for _, x := range fingerprints {
		n.Fingerprints[x] = true
	}
	for _, x := range pictures {
		n.Pictures[x] = true
	}
	for _, x := range watched {
		n.Busy[x] = true
	}
	if c.running != nil {
		for _, r := range c.running() {
			n.Busy[r.Asset] = true
		}
	}
	return n, nil
}

// policyName is what today's assets have as the last part of their prefix.
func policyName() (string, error) {
	a, err := transcoder.PlanAsset("film", exampleFilm(), transcoder.DefaultPolicy())
	if err != nil {
		return "", fmt.Errorf("plan a film: %w", err)
	}
	k, ok := media.ParseKey(a.PlanKey())
	if !ok {
		return "", fmt.Errorf("the plan of a film has the key %q, which is none", a.PlanKey())
	}
	return k.Policy, nil
}

// exampleFilm is an untouched film of 1080 lines.
func exampleFilm() media.Probe {
	return media.Probe{DurationUS: 60e6, Video: []media.VideoTrack{{
		Codec: "h264", Width: 1920, Height: 1080, SAR: media.Ratio{Num: 1, Den: 1},
		FrameRate: media.Ratio{Num: 24, Den: 1}, AverageRate: media.Ratio{Num: 24, Den: 1}, DurationUS: 60e6, PixelFormat: "yuv420p",
	}}}
}
