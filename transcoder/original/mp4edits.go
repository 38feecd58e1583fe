package original

import (
	"errors"
	"fmt"
	"sort"

	"movify/pkg/fault"
	"movify/pkg/mp4"
)

// shown is what an edit list shows of a track: parts of it, one after another, after a pause of empty ticks of the movie.
type shown struct {
	empty int64
	parts []part // at least one; in the order of their samples
}

// part are the samples with times of composition in [from, until) ticks of the track. shift is what their times are less in
// the movie than in the track, counted from the first part. The last of them is shown until end at most.
type part struct {
	from, until, end, shift int64
}

// forever is later than any sample.
const forever = 1 << 62

func (s shown) first() part { return s.parts[0] }
func (s shown) last() part  { return s.parts[len(s.parts)-1] }

// at gives the part that shows a time of composition; ok is false when none does.
func (s shown) at(pts int64) (p part, ok bool) {
	n := sort.Search(len(s.parts), func(n int) bool { return pts < s.parts[n].until })
	if n == len(s.parts) || pts < s.parts[n].from {
		return part{}, false
	}
	return s.parts[n], true
}

// editing reads an edit list (ISO/IEC 14496-12 section 8.6.6).
type editing struct {
	track mp4.Track
	movie int64 // ticks in a second of the movie
	at    int64 // of the movie where the next edit begins, its ticks from the first part on
	out   shown
}

// shownBy gives what an edit list shows. A track of which a part is played at another speed, held, or shown before one that comes
// earlier in it, is not the track as it is: ErrEdited.
func shownBy(t mp4.Track, movie uint32) (shown, *fault.Fault) {
	e := editing{track: t, movie: int64(max(1, movie))}
	if len(t.Edits) == 0 {
		e.out.parts = []part{{until: forever, end: forever}}
		return e.out, nil
	}
	for n, one := range t.Edits {
		if unfit := e.edit(one, n == len(t.Edits)-1); unfit != nil {
			return shown{}, unfit
		}
	}
	if len(e.out.parts) == 0 || e.out.empty >= 1<<40 {
		return shown{}, ErrEdited.Because(errors.New("the edit list shows nothing"))
	}
	return e.out, nil
}

func (e *editing) edit(one mp4.Edit, last bool) *fault.Fault {
	const most = 1 << 60
	length, fits := rescale(one.Duration, 1, 1)
	switch {
	case !fits || one.Media < -1 || one.Media > most || e.at > most-length:
		return ErrEdited.Because(fmt.Errorf("an edit of %d ticks from %d", one.Duration, one.Media))
	case one.Media == -1 && len(e.out.parts) == 0:
		e.out.empty += length
		return nil
	case one.Media == -1: // the last picture is held
		e.at += length
		return nil
	case one.Rate != 1<<16:
		return ErrEdited.Saying("The file plays a part of its video at another speed, and players would not.")
	case one.Duration == 0 && !last:
		return ErrEdited.Because(errors.New("an edit of no length before another"))
	}
	next, ok := e.part(one.Media, length)
	if !ok {
		return ErrEdited.Because(fmt.Errorf("an edit of %d ticks from %d", one.Duration, one.Media))
	}
	e.at += length
	if n := len(e.out.parts); n > 0 {
		before := &e.out.parts[n-1]
		tick := int64(e.track.Timescale)/e.movie + 1
		if off := next.shift - before.shift; off >= -tick && off <= tick { // it goes on where the one before ends
			before.until, before.end = next.until, next.end
			return nil
		}
		if next.from < before.until {
			return ErrEdited.Saying("The file shows parts of its video in another order, and players would not.")
		}
	}
	e.out.parts = append(e.out.parts, next)
	return nil
}

// part is what an edit of so many ticks of the movie shows, 0 for all of the rest. Durations are rounded to ticks of the movie.
// Where these are short, a sample that begins less than one of them before the end is the next one after it; where they
// are long, one that begins up to one behind it may still be meant.
func (e *editing) part(media, length int64) (out part, ok bool) {
	scale := int64(e.track.Timescale)
	out = part{from: media, until: forever, end: forever}
	if len(e.out.parts) > 0 {
		out.shift = media - e.out.first().from - convert(e.at, e.movie, scale)
	}
	if length == 0 {
		return out, true
	}
	ticks, fits := rescale(uint64(length), uint64(scale), uint64(e.movie))
	if !fits {
		return out, false
	}
	tick := scale / e.movie
	out.until, out.end = media+ticks+tick+1, media+ticks+tick+1
	if samples := int64(e.track.Times.Samples); samples > 0 && tick < int64(e.track.Times.Ticks)/samples/2 {
		out.until = media + ticks - tick
	}
	return out, true
}
