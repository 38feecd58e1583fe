package transcoder

import (
	"context"
	"errors"
	"fmt"
	"time"

	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue"
)

// Demand is what the library wants of the ladder of a file: the setting of its folder, and whether a viewer has needed
// the ladder or an administrator has asked for it. The zero value wants nothing.
type Demand struct {
	Setting media.LadderSetting // of several folders with that content the one that asks for most
	Wanted  bool
}

// extent is how much of a ladder is made in the background.
type extent uint8

// The extents, from the least to the most. They fit into extentBits.
const (
	extentNothing   extent = iota
	extentBeginning        // the pre-warmed beginning of the start rung and of the default sound
	extentWhole            // every segment
)

// extent decides which segments are made in the background.
func (d Demand) extent() extent {
	switch {
	case d.Setting == media.LadderAlways, d.Setting == media.LadderWhenWatched && d.Wanted:
		return extentWhole
	case d.Setting == media.LadderWhenWatched:
		return extentBeginning
	}
	return extentNothing
}

// covers reports whether background jobs of a class are of use at that extent.
func (e extent) covers(c queue.Class) bool {
	return e == extentWhole || e == extentBeginning && c == queue.New
}

// beginningOf gives the renditions whose beginning is made at an extent; nil = all.
func (s *Service) beginningOf(a media.Asset, e extent) []id.Rendition {
	if e == extentWhole {
		return nil
	}
	out := []id.Rendition{s.StartRung(a)}
	for _, r := range a.Ladder.Audios() {
		if r.Default {
			out = append(out, r.ID)
		}
	}
	return out
}

// neededAfter is how much of the ladder's picture one playback asks for before its viewer counts as having needed the
// ladder. It is more than a player buffers, so that a film that was opened by mistake does not count.
const neededAfter = 2 * time.Minute

// neededFrames is neededAfter in frames of an asset, or all of a shorter film.
func neededFrames(a media.Asset) int {
	return min(a.Grid.Total(), int(neededAfter.Seconds()*a.Grid.Rate.Float()))
}

// need notes that a viewer has needed the ladder of an asset. The reconciler records it: the request that noticed does
// not wait for a database.
func (s *Service) need(a id.Asset) {
	s.mu.Lock()
	s.needed[fingerprintOf(a)] = true
	s.mu.Unlock()
	s.Poke()
}

// recordNeeded records what need noted. One that cannot be recorded is kept for the next time.
func (s *Service) recordNeeded(ctx context.Context) error {
	s.mu.Lock()
	needed := s.needed
	s.needed = make(map[string]bool)
	s.mu.Unlock()
	var failed error
	for fingerprint := range needed {
		if err := s.opts.Sources.WantLadder(ctx, fingerprint); err != nil {
			failed = errors.Join(failed, fmt.Errorf("record that a viewer needed a ladder: %w", err))
			s.mu.Lock()
			s.needed[fingerprint] = true
			s.mu.Unlock()
		}
	}
	return failed
}

// stopUndemanded stops the background runs whose work the library does not want any more. Their segments stay.
func (s *Service) stopUndemanded(ctx context.Context) error {
	s.mu.Lock()
	var background []*run
	for r := range s.runs {
		if r.class != queue.JIT {
			background = append(background, r)
		}
	}
	s.mu.Unlock()
	for _, r := range background {
		e, err := s.extentOf(ctx, fingerprintOf(r.asset().ID))
		if err != nil {
			return err
		}
		if !e.covers(r.class) {
			r.claim.Stop(errUnwanted)
		}
	}
	return nil
}

// extentOf asks the library what it wants of the ladder of files with that content; nothing while none is present.
func (s *Service) extentOf(ctx context.Context, fingerprint string) (extent, error) {
	d, err := s.opts.Sources.Demand(ctx, fingerprint)
	if err != nil {
		return extentNothing, fmt.Errorf("ask which ladders are wanted: %w", err)
	}
	return d.extent(), nil
}

// Filling reports whether all of the ladder of a file with that content is wanted and not all of it is stored, as of its
// last check.
func (s *Service) Filling(fingerprint string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.finished[fingerprint] && s.checked.extent(fingerprint) == extentWhole
}
