package app

import (
	"context"
	"fmt"
	"time"

	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/storage"
	"movify/pkg/store"
	"movify/transcoder"
)

// referenceSource lists the references to blobs. A waiting job makes an asset of the current policy for a file that is
// known, and that is never garbage; so only running jobs are listed.
type referenceSource struct {
	store   store.Storage
	running func() []transcoder.RunState // nil without a transcoder
}

var _ storage.ReferenceSource = referenceSource{}

// References asks the library, the sessions and the transcoder.
func (c referenceSource) References(ctx context.Context) (storage.References, error) {
	refs := storage.References{Fingerprints: map[string]bool{}, Pictures: map[string]bool{}, InUse: map[id.Asset]bool{}}
	policy, err := policyName()
	if err != nil {
		return refs, err
	}
	refs.Policy = policy
	fingerprints, err := c.store.Fingerprints(ctx)
	if err != nil {
		return refs, err
	}
	pictures, err := c.store.Pictures(ctx)
	if err != nil {
		return refs, err
	}
	inUse, err := c.store.AssetsInUse(ctx, time.Now())
	if err != nil {
		return refs, err
	}
	for _, x := range fingerprints {
		refs.Fingerprints[x] = true
	}
	for _, x := range pictures {
		refs.Pictures[x] = true
	}
	for _, x := range inUse {
		refs.InUse[x] = true
	}
	if c.running != nil {
		for _, r := range c.running() {
			refs.InUse[r.Asset] = true
		}
	}
	return refs, nil
}

// policyName is the policy of newly made assets.
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

// exampleFilm is a film of 1080 lines that needs no correction.
func exampleFilm() media.Probe {
	return media.Probe{DurationUS: 60e6, Video: []media.VideoTrack{{
		Codec: "h264", Width: 1920, Height: 1080, SAR: media.Ratio{Num: 1, Den: 1},
		FrameRate: media.Ratio{Num: 24, Den: 1}, AverageRate: media.Ratio{Num: 24, Den: 1},
		DurationUS: 60e6, PixelFormat: "yuv420p",
	}}}
}
