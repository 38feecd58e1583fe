package player

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"movify/pkg/id"
	"movify/pkg/media"
	"movify/player/way"
)

// packaging is the asset of a session. A playback that has all it needs in the Original stream begins before its asset is
// planned; everything of the ladder waits for the plan.
type packaging struct {
	// begun is the asset as the playback began with it. It stays, so that the playlists of the Original stream do not change on the
	// way.
	begun media.Asset
	plan  func(context.Context) (media.Asset, error) // nil when begun has a grid

	mu      sync.Mutex
	planned *media.Asset // once plan has given it
	queued  atomic.Bool  // planLater was called
}

// id is known without a plan.
func (p *packaging) id() id.Asset { return p.begun.ID }

// known is the asset with its grid if it is planned, else as it was begun.
func (p *packaging) known() media.Asset {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.planned != nil {
		return *p.planned
	}
	return p.begun
}

// await gives the asset with its grid, and waits for its plan. A file that cannot be planned is a fault with the reason.
func (p *packaging) await(ctx context.Context) (media.Asset, error) {
	a := p.known()
	if p.plan == nil || a.Grid.Segments() > 0 {
		return a, nil
	}
	a, err := p.plan(ctx)
	if err != nil {
		return media.Asset{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.planned = &a
	return a, nil
}

// planning is up to how many assets wait to be planned in the background. One that does not find room is planned when its
// ladder is asked for.
const planning = 16

// planLater has the asset of a session planned soon: the first picture of its Original stream is on the way, and the player
// may leave for the ladder at any time. It does not wait.
func (s *Service) planLater(l *activeSession) {
	if l.asset.plan == nil || l.asset.queued.Swap(true) {
		return
	}
	select {
	case s.unplanned <- l:
	default:
	}
}

// planWaiting plans the assets of planLater until ctx is done, one after another: it is not urgent.
func (s *Service) planWaiting(ctx context.Context) {
	for {
		select {
		case l := <-s.unplanned:
			if _, err := l.asset.await(ctx); err != nil && ctx.Err() == nil {
				s.log.Warn("plan the ladder of a film that plays on Original", "asset", l.asset.id(), "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// settle gives how long the file of a session is, in milliseconds. The asset is planned for that, unless the playback is on an
// Original stream that its device needs nothing beside.
func (s *Service) settle(ctx context.Context, l *activeSession) (lengthMS int64, err error) {
	if l.asset.plan != nil && l.way.Kind == way.Original {
		o, unfit := s.fitness(ctx, l)
		if unfit == nil && sufficient(o, l.copies, l.asset.begun.Ladder) {
			return o.DurationMS(), nil
		}
	}
	a, err := l.asset.await(ctx)
	if err != nil {
		return 0, err
	}
	l.asset.begun, l.asset.plan = a, nil
	return a.Grid.DurationMS(), nil
}

// sufficient reports whether an Original stream needs nothing of the ladder for a device that plays copies as they are: each
// sound of the file is among them. A file that ends in zeros does not: only ffprobe finds where its contents end.
func sufficient(o media.Original, copies []id.Rendition, expected media.Ladder) bool {
	if o.EndsInZeros || len(o.Left) > 0 || len(expected.Videos()) == 0 {
		return false
	}
	for _, c := range o.Sounds {
		if !slices.Contains(copies, c.ID) {
			return false
		}
	}
	for _, r := range expected.Audios() {
		if !slices.ContainsFunc(o.Sounds, func(c media.Copy) bool { return c.Stream == r.Stream }) {
			return false
		}
	}
	return true
}

// ladder gives the asset of a session with its grid, and waits for its plan as long as for a segment.
func (h mediaHandler) ladder(ctx context.Context, l *activeSession) (media.Asset, error) {
	ctx, cancel := context.WithTimeout(ctx, h.opts.Wait)
	defer cancel()
	return l.asset.await(ctx)
}

// ahead is where a player will go on: at a segment of the grid, or at a time as long as it reads the Original stream.
type ahead struct {
	segment int
	timeMS  int64
	timed   bool
}

// in gives the segment of a grid.
func (a ahead) in(g media.Grid) int {
	if a.timed {
		return g.SegmentAt(a.timeMS)
	}
	return a.segment
}
