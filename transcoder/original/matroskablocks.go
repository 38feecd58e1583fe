package original

import (
	"errors"
	"fmt"
	"io"

	"movify/pkg/matroska"
)

// place is about where a Block is in the file, bytes: exact when its Cue says its place in the Cluster.
func place(c matroska.Cue) int64 { return c.Cluster + max(0, c.Relative) }

// cueOf is the place of a Block.
func cueOf(b matroska.Block) matroska.Cue {
	return matroska.Cue{Ticks: b.Ticks, Cluster: b.Cluster, Relative: b.Relative}
}

// at reports whether a Block of a track is the one of a Cue.
func at(c matroska.Cue, track uint64, b matroska.Block) bool {
	return b.Track == track && b.Cluster == c.Cluster && b.Ticks == c.Ticks && (c.Relative < 0 || b.Relative == c.Relative)
}

// blocksFrom gives the Block of a Cue, and a reader of those behind it.
func (s *matroskaSource) blocksFrom(c matroska.Cue, track uint64) (matroska.Block, *matroska.BlockReader, error) {
	r, err := s.index.BlocksFrom(s.r, s.tracks, c)
	for err == nil {
		var b matroska.Block
		if b, err = r.Next(); err == nil && at(c, track, b) {
			return b, r, nil
		}
		if err == nil && b.Cluster != c.Cluster {
			err = io.EOF
		}
	}
	if errors.Is(err, io.EOF) {
		err = ErrIndex.Because(fmt.Errorf("no Block at tick %d in the Cluster at %d", c.Ticks, c.Cluster))
	} else {
		err = matroskaFault(err)
	}
	return matroska.Block{}, nil, err
}

// ended reports whether an error is the end of the Blocks. A file that was cut off ends there too.
func ended(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }

// stretch is what some Blocks say of the tracks.
type stretch struct {
	at       matroska.Block // the first picture
	pictures []int64        // their times in decoding order, ticks
	first    []byte         // the first picture's bytes
	tracks   map[uint64]*seen
}

// seen is what they say of one track.
type seen struct {
	first, last int64   // times, ticks
	ticks       []int64 // of all Blocks
	frames      int
	bytes       int64  // of all Blocks but the last one
	lastBytes   int64  // of that
	frame       []byte // the first one
}

// Bounds of a stretch: pictures in it, and bytes in which sounds are waited for.
const (
	stretchPictures = 64
	stretchBytes    = 8 << 20
)

// read reads Blocks until there are enough of all tracks. deep says that the bytes of the first frames are wanted.
func (s *matroskaSource) read(
	r *matroska.BlockReader, first matroska.Block, picture uint64, deep bool,
) (stretch, error) {
	out := stretch{tracks: map[uint64]*seen{}}
	for b := first; ; {
		frame := out.add(b, picture)
		if deep && frame != nil && len(b.Frames) > 0 && b.Frames[0].Size <= maxFirst {
			var err error
			if *frame, err = r.Append(nil, b, 0); err != nil {
				return out, matroskaFault(err)
			}
		}
		enough := len(out.pictures) >= stretchPictures && out.heardAll(s.tracks)
		if enough || b.Cluster+b.Relative-first.Cluster-first.Relative > stretchBytes && len(out.pictures) > 0 {
			return out, nil
		}
		var err error
		if b, err = r.Next(); ended(err) {
			return out, nil
		} else if err != nil {
			return out, matroskaFault(err)
		}
	}
}

// maxFirst is the largest first frame whose bytes are read: its codec is described by its beginning.
const maxFirst = 8 << 20

// add adds a Block. It gives where the bytes of its first frame belong when it is the first one of its track.
func (s *stretch) add(b matroska.Block, picture uint64) *[]byte {
	if b.Track == picture {
		if len(s.pictures) < stretchPictures {
			s.pictures = append(s.pictures, b.Ticks)
		}
		if len(s.pictures) == 1 {
			s.at = b
			return &s.first
		}
		return nil
	}
	t, known := s.tracks[b.Track]
	if !known {
		t = &seen{first: b.Ticks}
		s.tracks[b.Track] = t
	}
	t.add(b)
	if !known {
		return &t.frame
	}
	return nil
}

func (t *seen) add(b matroska.Block) {
	t.bytes, t.lastBytes = t.bytes+t.lastBytes, 0
	for _, f := range b.Frames {
		t.lastBytes += f.Size
	}
	t.last, t.frames = b.Ticks, t.frames+len(b.Frames)
	t.ticks = append(t.ticks, b.Ticks)
}

// heardAll reports whether two Blocks of each sound were met.
func (s stretch) heardAll(tracks []matroska.Track) bool {
	for _, t := range tracks {
		if t.Type == typeAudio && (s.tracks[t.Number] == nil || s.tracks[t.Number].first == s.tracks[t.Number].last) {
			return false
		}
	}
	return true
}

// beginning reads the first Blocks of the file.
func (s *matroskaSource) beginning(picture matroska.Track) (stretch, error) {
	r, err := s.index.Blocks(s.r, s.tracks, s.index.First)
	if err != nil {
		return stretch{}, matroskaFault(err)
	}
	b, err := r.Next()
	if err != nil {
		return stretch{}, matroskaFault(err)
	}
	out, err := s.read(r, b, picture.Number, true)
	if err == nil && len(out.pictures) == 0 {
		err = ErrNoPicture
	}
	return out, err
}

// tail is what stands from the last point on.
type tail struct {
	lastSize int64 // of the last picture, bytes
	sounds   map[uint64][]heard
}

// heard is a Block of sound.
type heard struct {
	ticks, cluster int64
	frames         int
}

// Bounds of the tail: Blocks in it, and bytes behind its last picture.
const (
	tailBlocks = 1 << 18
	tailBytes  = 256 << 20
)

// readTail reads from the last point to the end, and finds where the picture ends.
func (s *matroskaSource) readTail() (tail, error) {
	p := &s.picture
	from := p.points[len(p.points)-1].Cue
	out := tail{sounds: map[uint64][]heard{}}
	b, r, err := s.blocksFrom(from, p.number)
	if err != nil {
		return out, err
	}
	latest := b
	p.last = from
	var shown []int64
	for n := 0; err == nil && n < tailBlocks && place(cueOf(b))-place(p.last) <= tailBytes; n++ {
		if b.Track == p.number {
			if p.last, out.lastSize = cueOf(b), b.Frames[0].Size; place(p.last)+out.lastSize-place(from) > maxBytes {
				return out, ErrDense.Because(errors.New("behind the last Cue"))
			}
			if shown = append(shown, b.Ticks); b.Ticks > latest.Ticks {
				latest = b
			}
		} else if len(b.Frames) > 0 {
			out.sounds[b.Track] = append(out.sounds[b.Track], heard{b.Ticks, b.Cluster, len(b.Frames)})
		}
		b, err = r.Next()
	}
	if err != nil && !ended(err) {
		return out, matroskaFault(err)
	}
	p.finish(latest, shown)
	return out, nil
}
