package mp4

import (
	"fmt"
	"io"
)

// Place is where in the tables a sample stands. A Cursor that begins there reads none of the entries before.
type Place struct {
	number uint32
	dts    int64
	time   step // in the stts
	shift  step // in the ctts
	sync   uint32
	run    uint32 // entry of the stsc, 0 before the first
	chunk  uint32 // chunks that were begun
	passed uint32 // samples of the last of them before this one
	offset int64  // behind the sample before
}

// Number is that of the sample, in decoding order from 0.
func (p Place) Number() int { return int(p.number) }

// step is a place in a table of runs: the entry, and how many samples of it came before.
type step struct{ entry, used uint32 }

// Cursor gives the samples of a table in decoding order. Every sample it gives is inside the file, and behind the ones
// before it in its chunk. It is for one goroutine.
type Cursor struct {
	t     *SampleTable
	at    Place
	sizes window
	times, shifts,
	syncs, runs, chunks window

	perChunk uint32 // samples in each chunk of the present run
	until    uint32 // the chunk at which the next run begins, from 0
	known    bool   // perChunk and until are those of the place
}

// Pages of a Cursor, bytes of a table that are read at once: Planning for all samples, Serving for those of a segment.
const (
	Planning = 32 << 10
	Serving  = 2 << 10
)

// Cursor begins at a place; that of the first sample is the zero value.
func (s *SampleTable) Cursor(at Place, page int) *Cursor {
	w := func(a array) window { return window{array: a, r: s.r, page: int64(page)} }
	return &Cursor{
		t: s, at: at, sizes: w(s.sizes), times: w(s.times), shifts: w(s.shifts), syncs: w(s.syncs),
		runs: w(s.runs), chunks: w(s.chunks),
	}
}

// Place is that of the sample that Next gives.
func (c *Cursor) Place() Place { return c.at }

// Next gives a sample and goes on to the one after it. Behind the last it returns io.EOF, once it has seen that the
// tables end there too; tables that do not agree are ErrMalformed.
func (c *Cursor) Next() (Entry, error) {
	if c.at.number == c.t.count {
		return Entry{}, c.end()
	}
	e := Entry{Number: c.at.number, DTS: c.at.dts}
	for _, read := range [...]func(*Entry) error{c.time, c.shift, c.sync, c.where} {
		if err := read(&e); err != nil {
			return Entry{}, fmt.Errorf("sample %d: %w", e.Number, err)
		}
	}
	c.at.number++
	c.at.dts += int64(e.Duration)
	return e, nil
}

// run gives the value of the entry of a table of runs that a sample belongs to, and goes on by a sample.
func run(w *window, s *step) (uint32, error) {
	for s.entry < w.count {
		b, err := w.entry(s.entry)
		if err != nil {
			return 0, err
		}
		if s.used < be.Uint32(b) {
			s.used++
			return be.Uint32(b[4:]), nil
		}
		*s = step{entry: s.entry + 1}
	}
	return 0, fmt.Errorf("%w: a table of runs ends before it", ErrMalformed)
}

func (c *Cursor) time(e *Entry) (err error) {
	e.Duration, err = run(&c.times, &c.at.time)
	return err
}

// shift reads the composition offset. It is taken as signed in both versions of the ctts: QuickTime writes negative ones
// in version 0, and a positive one that large would be later than any film is long.
func (c *Cursor) shift(e *Entry) error {
	if !c.t.shifted {
		return nil
	}
	v, err := run(&c.shifts, &c.at.shift)
	e.CTO = int32(v)
	return err
}

// sync reads whether a sample is one of those that the stss lists, by numbers from 1 that increase (section 8.6.2).
func (c *Cursor) sync(e *Entry) error {
	if !c.t.marked {
		e.Key = true
		return nil
	}
	if c.at.sync == c.syncs.count {
		return nil
	}
	b, err := c.syncs.entry(c.at.sync)
	if err != nil {
		return err
	}
	switch number := be.Uint32(b); {
	case number <= e.Number:
		return fmt.Errorf("%w: the stss does not increase", ErrMalformed)
	case number == e.Number+1:
		e.Key = true
		c.at.sync++
	}
	return nil
}

// where reads the size of a sample and finds it in its chunk.
func (c *Cursor) where(e *Entry) error {
	e.Size = c.t.each
	if e.Size == 0 {
		b, err := c.sizes.entry(e.Number)
		if err != nil {
			return err
		}
		e.Size = be.Uint32(b)
	}
	if err := c.inChunk(); err != nil {
		return err
	}
	e.Offset = c.at.offset
	if e.Size == 0 || int64(e.Size) > c.t.size || e.Offset > c.t.size-int64(e.Size) {
		return fmt.Errorf("%w: %d bytes at %d of a file of %d", ErrMalformed, e.Size, e.Offset, c.t.size)
	}
	c.at.offset += int64(e.Size)
	c.at.passed++
	return nil
}

// inChunk goes on to the next chunk where the last one is used up. Its offset must not lie before the end of that one: a
// table in which the bytes of two samples overlap is no writer's.
func (c *Cursor) inChunk() error {
	if c.at.chunk > 0 {
		if err := c.chunkRun(c.at.chunk - 1); err != nil {
			return err
		}
	}
	for c.at.chunk == 0 || c.at.passed >= c.perChunk {
		if c.at.chunk == c.chunks.count {
			return fmt.Errorf("%w: it is in no chunk", ErrMalformed)
		}
		if err := c.chunkRun(c.at.chunk); err != nil {
			return err
		}
		b, err := c.chunks.entry(c.at.chunk)
		if err != nil {
			return err
		}
		offset := uint64(be.Uint32(b))
		if len(b) == 8 {
			offset = be.Uint64(b)
		}
		if offset < uint64(c.at.offset) || offset > uint64(c.t.size) {
			return fmt.Errorf("%w: chunk %d at %d, the one before ends at %d", ErrMalformed, c.at.chunk, offset, c.at.offset)
		}
		c.at.chunk, c.at.passed, c.at.offset = c.at.chunk+1, 0, int64(offset)
	}
	return nil
}

// chunkRun finds the entry of the stsc for a chunk (section 8.7.4): first_chunk from 1, samples_per_chunk,
// sample_description_index.
func (c *Cursor) chunkRun(chunk uint32) error {
	for !c.known || chunk >= c.until {
		if c.known {
			c.at.run++
		}
		if c.at.run >= c.runs.count {
			return fmt.Errorf("%w: the stsc has no run of chunk %d", ErrMalformed, chunk)
		}
		b, err := c.runs.entry(c.at.run)
		if err != nil {
			return err
		}
		first := be.Uint32(b)
		c.perChunk, c.until = be.Uint32(b[4:]), c.chunks.count
		if first == 0 || first-1 > chunk || c.perChunk == 0 {
			return fmt.Errorf(
				"%w: run %d of the stsc begins at chunk %d with %d samples", ErrMalformed, c.at.run, first, c.perChunk,
			)
		}
		if err := c.t.entries.check(be.Uint32(b[8:])); err != nil {
			return err
		}
		if c.at.run+1 < c.runs.count {
			if b, err = c.runs.entry(c.at.run + 1); err != nil {
				return err
			}
			if next := be.Uint32(b); next <= first || next > c.chunks.count {
				return fmt.Errorf("%w: run %d of the stsc begins at chunk %d after %d", ErrMalformed, c.at.run+1, next, first)
			}
			c.until = be.Uint32(b) - 1
		}
		c.known = true
	}
	return nil
}

// end is io.EOF when no table has more than the samples.
func (c *Cursor) end() error {
	if c.at.sync < c.syncs.count {
		return fmt.Errorf("%w: the stss goes on behind the last sample", ErrMalformed)
	}
	if c.at.chunk < c.chunks.count || c.known && c.at.passed < c.perChunk {
		return fmt.Errorf("%w: chunks go on behind the last sample", ErrMalformed)
	}
	if _, err := run(&c.times, &c.at.time); err == nil {
		return fmt.Errorf("%w: the stts goes on behind the last sample", ErrMalformed)
	}
	if c.t.shifted {
		if _, err := run(&c.shifts, &c.at.shift); err == nil {
			return fmt.Errorf("%w: the ctts goes on behind the last sample", ErrMalformed)
		}
	}
	return io.EOF
}
