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

// Asset gives the stored plan of a source, and plans and stores it when there is none yet.
func (s *Service) Asset(ctx context.Context, src Source) (media.Asset, error) {
	a := nameAsset(src.Fingerprint, s.opts.Policy)
	if !src.Probe.Quick {
		var err error
		if a, err = PlanAsset(src.Fingerprint, src.Probe, s.opts.Policy); err != nil {
			return media.Asset{}, err
		}
	}
	if x := s.cachedIndex(a.ID); x != nil {
		return x.Asset(), nil
	}
	return s.plannedOnce(ctx, a, src)
}

// Planned gives the plan of a source if Stage has it, without asking ffprobe or Blobs: it is meant for what cannot wait, as title
// pages and a playback of the Original stream.
// Without a plan, planned is false and the asset has the probe of the source, the ladder that is expected by it, and no grid.
func (s *Service) Planned(ctx context.Context, src Source) (a media.Asset, planned bool, err error) {
	named := nameAsset(src.Fingerprint, s.opts.Policy)
	if x := s.cachedIndex(named.ID); x != nil {
		return x.Asset(), true, nil
	}
	a, err = readPlan(ctx, s.opts.Stage, named)
	if errors.Is(err, blob.ErrNotFound) {
		named.Probe = src.Probe
		named.Ladder, _ = Plan(src.Probe, s.opts.Policy) // none for a file that cannot be encoded
		return named, false, nil
	}
	return a, err == nil, err
}

// planTimeout is how long storing a plan may take. It does not end with the request that began it: others may wait for
// the same plan.
const planTimeout = time.Minute

// plannedOnce is storedPlan, called once for all callers that ask for the same asset at the same time. A second call
// would find the plan in Blobs and not yet in Stage, which looks as if another node had made the asset.
func (s *Service) plannedOnce(ctx context.Context, a media.Asset, src Source) (media.Asset, error) {
	done := s.planning.DoChan(string(a.ID), func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), planTimeout)
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
// once in an asset's life. A source with a quick probe is probed in full before it is planned.
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

// readPlans reads the plan from Stage, else from Blobs, else it gives blob.ErrNotFound. A plan in Stage means that the
// asset was adopted: every blob of it that Blobs had is indexed.
func (s *Service) readPlans(ctx context.Context, a media.Asset) (media.Asset, error) {
	stored, err := readPlan(ctx, s.opts.Stage, a)
	if errors.Is(err, blob.ErrNotFound) {
		return readPlan(ctx, s.opts.Blobs, a)
	}
	return stored, err
}

func readPlan(ctx context.Context, at blob.Store, a media.Asset) (media.Asset, error) {
	text, err := blob.ReadAll(ctx, at, a.PlanKey())
	if err != nil {
		return media.Asset{}, fmt.Errorf("read plan of %s: %w", a.ID, err)
	}
	var stored media.Asset
	if err := json.Unmarshal(text, &stored); err != nil {
		return media.Asset{}, fmt.Errorf("read plan of %s: %w", a.ID, err)
	}
	return stored, nil
}

// firstPlan stores a plan where there was none a moment ago; if another node was faster, it gives that node's plan.
func (s *Service) firstPlan(ctx context.Context, a media.Asset) (media.Asset, error) {
	text, err := json.Marshal(a)
	if err != nil {
		return media.Asset{}, fmt.Errorf("encode plan of %s: %w", a.ID, err)
	}
	err = s.opts.Blobs.Put(ctx, a.PlanKey(), text)
	if errors.Is(err, blob.ErrExists) {
		return readPlan(ctx, s.opts.Blobs, a)
	}
	if err != nil {
		return media.Asset{}, fmt.Errorf("store plan of %s: %w", a.ID, err)
	}
	return a, putOnce(ctx, s.opts.Stage, a.PlanKey(), text)
}

// putOnce is Put for a blob that may be there already, by an earlier attempt.
func putOnce(ctx context.Context, at blob.Store, key string, data []byte) error {
	if err := at.Put(ctx, key, data); err != nil && !errors.Is(err, blob.ErrExists) {
		return fmt.Errorf("store %s: %w", key, err)
	}
	return nil
}
