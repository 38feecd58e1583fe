package original

import (
	"errors"
	"fmt"
	"io"

	"movify/pkg/media"
	"movify/pkg/mp4"
)

// mp4Source is an MP4 or QuickTime file, whose samples are in the tables of its moov or in fragments.
type mp4Source struct {
	r       io.ReaderAt
	header  mp4.Header
	picture mp4Picture
	sounds  []*mp4Sound
	left    []media.LeftSound
}

// openMP4 reads the header and the whole index of the picture. Of the index it keeps the points.
func openMP4(r io.ReaderAt, size int64) (*mp4Source, error) {
	h, err := mp4.ReadHeader(r, size)
	switch {
	case errors.Is(err, mp4.ErrNotMP4):
		return nil, ErrContainer.Because(err)
	case err != nil:
		return nil, indexFault(err)
	case h.Matrix != [9]int32{0: 1 << 16, 4: 1 << 16, 8: 1 << 30}:
		return nil, ErrEdited.Because(errors.New("the movie is turned as a whole"))
	}
	s := &mp4Source{r: r, header: h}
	n, err := pictureTrack(h)
	if err != nil {
		return nil, err
	}
	if h.Fragmented && h.Tracks[n].Samples > 0 {
		return nil, ErrFragments
	}
	if err := s.picture.open(r, size, h, n); err != nil {
		return nil, err
	}
	s.openSounds(size)
	s.hold(size)
	return s, nil
}

// indexFault tells an index that is wrong from a file that cannot be read.
func indexFault(err error) error {
	if errors.Is(err, mp4.ErrEntries) {
		return ErrChanging.Because(err)
	}
	if errors.Is(err, mp4.ErrMalformed) || errors.Is(err, mp4.ErrTooMuch) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrIndex.Because(err)
	}
	return fmt.Errorf("read the index: %w", err)
}

// pictureTrack chooses the video track: one that is enabled before others, then the longest, then the first. Covers, and
// the pictures of chapters that another track refers to, are no films.
func pictureTrack(h mp4.Header) (int, error) {
	best, length := -1, float64(0)
	for n, t := range h.Tracks {
		if t.Handler != "vide" || t.Samples < 2 && !h.Fragmented || t.Timescale == 0 || referredTo(h, t.ID) {
			continue
		}
		seconds := float64(t.Times.Ticks) / float64(t.Timescale)
		better := best < 0 || t.Enabled && !h.Tracks[best].Enabled ||
			t.Enabled == h.Tracks[best].Enabled && seconds > length
		if better {
			best, length = n, seconds
		}
	}
	if best < 0 {
		return 0, ErrNoPicture
	}
	return best, nil
}

// referredTo reports whether a track is the chapters of another.
func referredTo(h mp4.Header, id uint32) bool {
	for _, t := range h.Tracks {
		for _, r := range t.Refers {
			for _, other := range r.Tracks {
				if r.Type == "chap" && other == id {
					return true
				}
			}
		}
	}
	return false
}

func (s *mp4Source) Tracks() ([]Track, []media.LeftSound) {
	out := []Track{s.picture.track}
	for _, sound := range s.sounds {
		out = append(out, sound.track)
	}
	return out, s.left
}

func (s *mp4Source) Points() ([]Point, int64) {
	out := make([]Point, len(s.picture.points))
	for n, p := range s.picture.points {
		out[n] = p.Point
	}
	return out, s.picture.end
}

func (s *mp4Source) Cut(starts []int) ([]Layout, error) {
	layout, err := s.picture.cut(starts)
	if err != nil {
		return nil, err
	}
	out := []Layout{layout}
	for _, sound := range s.sounds {
		one, err := sound.cut(layout, int64(s.picture.track.Init.Timescale))
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

func (s *mp4Source) Samples(track, segment int) (samples []Sample, end int64, err error) {
	if track == 0 {
		samples, err = s.picture.samples(segment)
	} else {
		samples, err = s.sounds[track-1].samples(segment)
	}
	return samples, 0, err
}

// mp4Table is where the samples of a track stand: an mp4.SampleTable, or an mp4.FragmentTable.
type mp4Table interface {
	cursor(at mp4.Place, page int) mp4Cursor
}

// mp4Cursor gives the samples of a track from a place on.
type mp4Cursor interface {
	Next() (mp4.Entry, error)
	Place() mp4.Place
}

type sampleTable struct{ *mp4.SampleTable }

func (t sampleTable) cursor(at mp4.Place, page int) mp4Cursor { return t.Cursor(at, page) }

type fragmentTable struct{ *mp4.FragmentTable }

func (t fragmentTable) cursor(at mp4.Place, _ int) mp4Cursor { return t.Cursor(at) }

// openTable opens the samples of a track.
func openTable(r io.ReaderAt, size int64, h mp4.Header, t mp4.Track) (mp4Table, error) {
	if h.Fragmented {
		f, err := mp4.NewFragmentTable(r, size, t)
		return fragmentTable{f}, err
	}
	s, err := mp4.NewSampleTable(r, size, t)
	return sampleTable{s}, err
}
