package original

import (
	"errors"
	"fmt"
	"io"

	"movify/pkg/mp4"
)

// pointReader finds the points of a picture: the sync samples before which all pictures are shown that come before them in
// decoding order, and after which all others. A segment that begins at one has all of its pictures.
type pointReader struct {
	picture *mp4Picture
	cursor  mp4Cursor
	closest int64 // ticks that points are apart at least; some codecs have nothing but key frames

	block, group group // the samples up to the last sync sample, and those from it on
	before       int64 // the latest time of composition before the block
	latest       mp4.Entry
	part         int  // of the edit list, the present one
	ended        bool // a sample behind the last shown one of it was met
	entered      bool // a point of it was found
}

// group is a run of samples from a sync sample on.
type group struct {
	point mp4Point // without Time and Open
	key   int64    // time of composition of its sync sample
	pts   []int64  // of all samples
	// The earliest and the latest of pts: a block may have thousands of groups.
	first, last int64
}

func (g *group) add(e mp4.Entry) {
	if len(g.pts) == 0 {
		g.first, g.last = e.PTS(), e.PTS()
	}
	g.first, g.last = min(g.first, e.PTS()), max(g.last, e.PTS())
	g.pts = append(g.pts, e.PTS())
	g.point.Bytes += int64(e.Size)
	g.point.Samples++
}

func (b *pointReader) read() error {
	for {
		place := b.cursor.Place()
		e, err := b.cursor.Next()
		if errors.Is(err, io.EOF) {
			return b.close()
		}
		if err != nil {
			return indexFault(err)
		}
		if err := b.sample(place, e); err != nil {
			return err
		}
	}
}

func (b *pointReader) sample(place mp4.Place, e mp4.Entry) error {
	if show, err := b.follow(e); !show {
		return err
	}
	if b.ended {
		return ErrEdited.Because(fmt.Errorf("sample %d is shown, one before it is behind the end", e.Number))
	}
	if e.Key {
		if err := b.finishGroup(); err != nil {
			return err
		}
		b.group = group{
			point: mp4Point{place: place, offset: e.Offset, size: int64(e.Size)}, key: e.PTS(), pts: b.group.pts[:0],
		}
	}
	if b.group.point.size == 0 {
		return ErrBeginning
	}
	if len(b.block.pts)+len(b.group.pts) >= maxBetween {
		return ErrSparse.Because(fmt.Errorf("more than %d pictures after a key frame", maxBetween))
	}
	if b.group.add(e); b.latest.Size == 0 || e.PTS() > b.latest.PTS() {
		b.latest = e
	}
	b.picture.last = int64(e.Number) + 1
	return nil
}

// follow goes on to the next part of the edit list at the first key frame behind the present one. Samples that are behind it and
// before that are not shown.
func (b *pointReader) follow(e mp4.Entry) (show bool, err error) {
	parts := b.picture.shown.parts
	if e.PTS() < parts[b.part].until {
		return true, nil
	}
	b.ended = true
	if _, later := b.picture.shown.at(e.PTS()); later && !e.Key {
		return false, ErrEdited.Because(errors.New("a part begins between two places where it can be entered"))
	}
	if b.part+1 == len(parts) || !e.Key {
		return false, nil
	}
	if err := b.flush(); err != nil {
		return false, err
	}
	if !b.entered {
		return false, errNothingShown
	}
	b.part, b.ended, b.entered = b.part+1, false, false
	return b.follow(e)
}

var errNothingShown = ErrEdited.Because(errors.New("a part of the edit list shows no picture"))

// finishGroup lets the group begin a block when all of its pictures are shown after the block, and joins it to that
// otherwise. An H.264 key frame after which pictures are decoded that are shown before it is no IDR picture (ITU-T H.264 section
// 7.4.1.2.4), and nothing else is taken for an entry by every player that looks at the slices.
func (b *pointReader) finishGroup() error {
	if len(b.group.pts) == 0 {
		return nil
	}
	if len(b.block.pts) == 0 {
		b.block, b.group = b.group, b.block
		return nil
	}
	open := b.group.first != b.group.key
	openAVC := open && b.picture.track.Units.Codec == "h264"
	b.picture.track.Copy.OpenGroups = b.picture.track.Copy.OpenGroups || openAVC
	if b.group.first <= b.block.last || openAVC {
		b.block.pts = append(b.block.pts, b.group.pts...)
		b.block.first, b.block.last = min(b.block.first, b.group.first), max(b.block.last, b.group.last)
		b.block.point.join(b.group.point.Point)
		return nil
	}
	if err := b.finishBlock(); err != nil {
		return err
	}
	b.block, b.group = b.group, b.block
	return nil
}

// finishBlock makes a point of the block.
func (b *pointReader) finishBlock() error {
	p, first, last := b.picture, b.block.first, b.block.last
	from := p.shown.parts[b.part].from
	switch {
	case last < from && !b.entered: // not shown at all
		return nil
	case first < from:
		return ErrEdited.Because(errors.New("the film begins between two places where it can be entered"))
	case first <= b.before:
		return ErrTimes.Because(fmt.Errorf("a picture at %d after one at %d", first, b.before))
	case len(p.points) == maxPoints:
		return ErrTimes.Because(fmt.Errorf("more than %d points", maxPoints))
	}
	point := b.block.point
	point.Open = first != b.block.key
	if len(p.points) == 0 {
		if point.Open {
			return ErrBeginning
		}
		p.first = first
	}
	point.Time = p.time(first)
	b.entered = true
	delay, err := delayOf(b.block.pts)
	if err != nil {
		return err
	}
	p.track.Delay = max(p.track.Delay, delay)
	b.before = last
	if n := len(p.points); n > 0 && point.Time-p.points[n-1].Time < b.closest && (point.Open || !p.points[n-1].Open) {
		p.points[n-1].join(point.Point)
		return nil
	}
	p.points = append(p.points, point)
	return nil
}

// flush finishes the open group and block.
func (b *pointReader) flush() error {
	if err := b.finishGroup(); err != nil {
		return err
	}
	if len(b.block.pts) > 0 {
		if err := b.finishBlock(); err != nil {
			return err
		}
	}
	b.block.pts, b.group.pts = b.block.pts[:0], b.group.pts[:0]
	return nil
}

// close finishes the open block, and finds where the last picture ends.
func (b *pointReader) close() error {
	if err := b.flush(); err != nil {
		return err
	}
	p := b.picture
	if len(p.points) == 0 {
		return ErrEdited.Because(errors.New("it shows no picture"))
	}
	if b.part+1 < len(p.shown.parts) || !b.entered {
		return errNothingShown
	}
	duration := int64(b.latest.Duration)
	if count := int64(p.shownSamples()); duration == 0 && count > 1 {
		duration = max(1, (b.latest.PTS()-p.first)/(count-1))
	}
	p.end = min(p.time(b.latest.PTS())+duration, p.shown.last().end-p.shown.last().shift-p.first)
	return nil
}
