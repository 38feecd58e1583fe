package original

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"movify/pkg/fault"
	"movify/pkg/media"
)

// tsIndex is what a pass over a transport stream finds out: where its picture can be entered, and where its sounds are. It is
// kept as compressed JSON. Times are ticks of 90 kHz without wrap.
type tsIndex struct {
	Size    int64          `json:"size"` // of the file, bytes
	Unfit   string         `json:"unfit,omitempty"`
	Picture tsPictureIndex `json:"picture"`
	Sounds  []tsSoundIndex `json:"sounds"`
}

type tsPictureIndex struct {
	Stream int      `json:"stream"`
	PID    uint16   `json:"pid"`
	Codec  string   `json:"codec"`
	Sets   [][]byte `json:"sets"`            // parameter sets
	Dolby  []byte   `json:"dolby,omitempty"` // record of Dolby Vision
	Delay  int64    `json:"delay"`
	End    int64    `json:"end"`    // when the last picture ends
	Behind int64    `json:"behind"` // offset behind its last packet
	// Of each point:
	Offsets column `json:"offsets"` // of the packet in which its key frame begins
	Times   column `json:"times"`   // of the earliest picture that is shown from there on
	Bytes   column `json:"bytes"`
	Samples column `json:"samples"`
	Open    []int  `json:"open,omitempty"` // numbers of open points
	// OpenGroups is that of media.Copy.
	OpenGroups bool `json:"openGroups,omitempty"`
}

// tsSoundIndex is a sound. One that is not copied has Left, and First.
type tsSoundIndex struct {
	Stream   int              `json:"stream"`
	PID      uint16           `json:"pid"`
	Codec    string           `json:"codec"`
	Language string           `json:"language,omitempty"`
	Left     media.LeftReason `json:"left,omitempty"`
	First    int64            `json:"first"` // time of its first PES packet
	Heard    bool             `json:"heard"` // there is one
	Frame    []byte           `json:"frame,omitempty"`
	Config   uint32           `json:"config,omitempty"`
	Rate     int              `json:"rate,omitempty"`
	Channels int              `json:"channels,omitempty"`
	PerFrame int              `json:"perFrame,omitempty"` // samples
	End      int64            `json:"end,omitempty"`
	Frames   int64            `json:"frames,omitempty"` // all
	Bytes    int64            `json:"bytes,omitempty"`
	// Of each mark, at the first frame of a PES packet, a second or more apart:
	Offsets column `json:"offsets,omitempty"` // of the packet in which the PES packet begins
	Skips   column `json:"skips,omitempty"`   // bytes of it before the frame
	Times   column `json:"times,omitempty"`
	Counts  column `json:"counts,omitempty"` // frames before it
	Sums    column `json:"sums,omitempty"`   // bytes of them
}

// column is numbers that are written as differences.
type column []int64

// MarshalJSON writes the differences.
func (c column) MarshalJSON() ([]byte, error) {
	out := make([]int64, len(c))
	for n := range c {
		if out[n] = c[n]; n > 0 {
			out[n] -= c[n-1]
		}
	}
	return json.Marshal(out)
}

// UnmarshalJSON adds them up.
func (c *column) UnmarshalJSON(b []byte) error {
	var in []int64
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	for n := 1; n < len(in); n++ {
		in[n] += in[n-1]
	}
	*c = in
	return nil
}

// maxIndex is the largest index that is unpacked, bytes.
const maxIndex = 64 << 20

func (x tsIndex) pack() ([]byte, error) {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if err := json.NewEncoder(z).Encode(x); err != nil {
		return nil, fmt.Errorf("pack an index: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack an index: %w", err)
	}
	return out.Bytes(), nil
}

// unpackIndex reads an index that was made for a file of size bytes. One that cannot be right is ErrIndex.
func unpackIndex(data []byte, size int64) (tsIndex, error) {
	var x tsIndex
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err == nil {
		err = json.NewDecoder(io.LimitReader(z, maxIndex)).Decode(&x)
	}
	if err == nil && x.Size != size {
		err = fmt.Errorf("an index of %d bytes for a file of %d", x.Size, size)
	}
	if err == nil && x.Unfit == "" {
		err = x.check()
	}
	if err != nil {
		return x, ErrIndex.Because(err)
	}
	return x, x.unfit()
}

// unfitFilms are the faults that an index may have instead of points.
var unfitFilms = [...]*fault.Fault{
	ErrNoPicture, ErrCodec, ErrPacked, ErrChanging, ErrSparse, ErrDense, ErrBeginning, ErrTimes, ErrClock, ErrDamaged,
}

// unfit is why the film is unfit; nil when it is not.
func (x tsIndex) unfit() error {
	if x.Unfit == "" {
		return nil
	}
	for _, f := range unfitFilms {
		if f.Code == x.Unfit {
			return f
		}
	}
	return ErrIndex.Because(fmt.Errorf("a fault %q", x.Unfit))
}

// check insists that all places are in the file, and that columns are of one length and rise.
func (x tsIndex) check() error {
	p := x.Picture
	n := len(p.Offsets)
	if n == 0 || n > maxPoints || len(p.Times) != n || len(p.Bytes) != n || len(p.Samples) != n {
		return errors.New("points are missing")
	}
	ok := rises(p.Offsets, -1, p.Behind) && rises(p.Times, -forever/2, p.End) && within(p.Bytes, 1, maxBytes) &&
		within(p.Samples, 1, maxBetween) && within(p.Open, 0, n-1) && p.Behind <= x.Size && p.Delay >= 0
	if !ok || p.End > forever/2 {
		return errors.New("points that cannot be")
	}
	for _, s := range x.Sounds {
		if s.Left == "" && !s.check(x.Size) {
			return fmt.Errorf("marks of stream %d that cannot be", s.Stream)
		}
	}
	return nil
}

func (s tsSoundIndex) check(size int64) bool {
	n := len(s.Offsets)
	return n > 0 && n <= maxPoints && len(s.Skips) == n && len(s.Times) == n && len(s.Counts) == n && len(s.Sums) == n &&
		rises(s.Offsets, -1, size) && within(s.Skips, 0, maxBytes) && rises(s.Times, -forever/2, s.End) &&
		rises(s.Counts, -1, s.Frames) && rises(s.Sums, -1, s.Bytes) && s.End < forever/2 && s.Rate > 0 && s.Rate <= 96000 &&
		s.PerFrame > 0 && s.PerFrame <= 1<<12 && frameReaders[s.Codec] != nil
}

// rises reports whether numbers rise between two others.
func rises(all []int64, above, below int64) bool {
	for _, v := range all {
		if v <= above {
			return false
		}
		above = v
	}
	return above < below
}

func within[N int | int64](all []N, least, most N) bool {
	return !slices.ContainsFunc(all, func(v N) bool { return v < least || v > most })
}
