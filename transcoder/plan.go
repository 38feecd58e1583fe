package transcoder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"movify/pkg/blob"
	"movify/pkg/media"
)

// planName is the file that holds an asset's plan, canonical JSON of media.Asset. Its copy in Stage says more: that
// whatever of the asset was in Blobs is known there too.
const planName = "plan.json"

// Asset gives the stored plan of a source, and plans and stores it when there is none yet.
func (s *Service) Asset(ctx context.Context, src Source) (media.Asset, error) {
	a := nameAsset(src.Fingerprint, s.opts.Policy)
	if !src.Probe.Quick {
		var err error
		if a, err = PlanAsset(src.Fingerprint, src.Probe, s.opts.Policy); err != nil {
			return media.Asset{}, err
		}
	}
	if sh := s.known(a.ID); sh != nil {
		return sh.asset, nil
	}
	return s.plannedOnce(ctx, a, src)
}

// planWithin is how long storing a plan may take: whoever began it may have gone while others wait for the same.
const planWithin = time.Minute

// plannedOnce is storedPlan, done by one for all who ask for the same asset at once. A second one would find the plan in
// Blobs and not yet in Stage, which looks as if another node had made the asset.
func (s *Service) plannedOnce(ctx context.Context, a media.Asset, src Source) (media.Asset, error) {
	done := s.planning.DoChan(string(a.ID), func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), planWithin)
		defer cancel()
		return s.storedPlan(ctx, a, src)
	})
	select {
	case r := <-done:
		a, _ := r.Val.(media.Asset)
		return a, r.Err
	case <-ctx.Done():
		return media.Asset{}, ctx.Err()
	}
}

// storedPlan gives the plan under the asset's prefix, or stores a as that. The first plan stays: another version of
// ffprobe may count a frame more, and the segments that exist were cut on the stored grid. Stage is asked first; Blobs
// once in an asset's life. A source that was only looked at quickly is probed in full before it is planned.
func (s *Service) storedPlan(ctx context.Context, a media.Asset, src Source) (media.Asset, error) {
	if old, err := s.readPlans(ctx, a); !errors.Is(err, blob.ErrNotFound) {
		return old, err
	}
	if src.Probe.Quick {
		full, err := s.opts.Prober.Probe(ctx, src.Path)
		if err != nil {
			return media.Asset{}, err
		}
		if a, err = PlanAsset(src.Fingerprint, full, s.opts.Policy); err != nil {
			return media.Asset{}, err
		}
	}
	return s.firstPlan(ctx, a)
}

// readPlans looks for the plan in Stage, then in Blobs; blob.ErrNotFound says that neither has it.
func (s *Service) readPlans(ctx context.Context, a media.Asset) (media.Asset, error) {
	stored, err := readPlan(ctx, s.opts.Stage, a)
	if errors.Is(err, blob.ErrNotFound) {
		return readPlan(ctx, s.opts.Blobs, a)
	}
	return stored, err
}

func readPlan(ctx context.Context, at blob.Store, a media.Asset) (media.Asset, error) {
	text, err := blob.ReadAll(ctx, at, a.Prefix+planName)
	if err != nil {
		return media.Asset{}, fmt.Errorf("read plan of %s: %w", a.ID, err)
	}
	var stored media.Asset
	if err := json.Unmarshal(text, &stored); err != nil {
		return media.Asset{}, fmt.Errorf("read plan of %s: %w", a.ID, err)
	}
	return stored, nil
}

// firstPlan stores a plan where there was none a moment ago; another node's that came first is taken instead.
func (s *Service) firstPlan(ctx context.Context, a media.Asset) (media.Asset, error) {
	text, err := json.Marshal(a)
	if err != nil {
		return media.Asset{}, fmt.Errorf("encode plan of %s: %w", a.ID, err)
	}
	err = s.opts.Blobs.Put(ctx, a.Prefix+planName, text)
	if errors.Is(err, blob.ErrExists) {
		return readPlan(ctx, s.opts.Blobs, a)
	}
	if err != nil {
		return media.Asset{}, fmt.Errorf("store plan of %s: %w", a.ID, err)
	}
	return a, putOnce(ctx, s.opts.Stage, a.Prefix+planName, text)
}

// putOnce is Put for what may be there already, by an earlier attempt.
func putOnce(ctx context.Context, at blob.Store, key string, data []byte) error {
	if err := at.Put(ctx, key, data); err != nil && !errors.Is(err, blob.ErrExists) {
		return fmt.Errorf("store %s: %w", key, err)
	}
	return nil
}
