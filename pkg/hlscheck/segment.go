package hlscheck

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// fragment is the content of a Media Segment: one movie fragment and its media data.
type fragment struct {
	layout    []string // kinds of the top-level boxes
	time      uint64   // baseMediaDecodeTime, ticks
	hasTime   bool
	samples   int
	ticks     uint64 // sum of the sample durations
	earliest  int64  // smallest composition time minus time, ticks
	firstSync bool   // the first sample is marked as one to start at
	first     []byte // bytes of the first sample
	bytes     int64  // sum of the sample sizes
	gap       int64  // bytes of mdat that no sample claims, negative when samples reach beyond it
}

// plain reports whether the segment is an optional styp, one moof and one mdat.
func (f fragment) plain() bool {
	layout := f.layout
	if len(layout) > 0 && layout[0] == "styp" {
		layout = layout[1:]
	}
	return slices.Equal(layout, []string{"moof", "mdat"})
}

// sampleIsNonSync and the other flags are named as in ISO/IEC 14496-12 sections 8.8.3, 8.8.7 and 8.8.8.
const (
	sampleIsNonSync = 0x10000

	tfhdBaseDataOffset    = 0x1
	tfhdDescriptionIndex  = 0x2
	tfhdDefaultDuration   = 0x8
	tfhdDefaultSize       = 0x10
	tfhdDefaultFlags      = 0x20
	tfhdDefaultBaseIsMoof = 0x20000

	trunDataOffset       = 0x1
	trunFirstSampleFlags = 0x4
	trunDuration         = 0x100
	trunSize             = 0x200
	trunFlags            = 0x400
	trunComposition      = 0x800
)

// readFragment reads a Media Segment by the defaults of its Init Section. layout is filled even when the rest is
// broken.
func readFragment(data []byte, d sampleDefaults) (fragment, error) {
	var f fragment
	list, err := boxes(data)
	for _, b := range list {
		f.layout = append(f.layout, b.kind)
	}
	if err != nil {
		return f, err
	}
	moofAt := slices.IndexFunc(list, func(b box) bool { return b.kind == "moof" })
	mdatAt := slices.IndexFunc(list, func(b box) bool { return b.kind == "mdat" })
	if moofAt < 0 || mdatAt < 0 {
		return f, errors.New("it has no moof with an mdat")
	}
	moof, mdat := list[moofAt], list[mdatAt]
	inner, err := boxes(moof.body)
	if err != nil {
		return f, fmt.Errorf("moof: %w", err)
	}
	var trafs []box
	for _, b := range inner {
		if b.kind == "traf" {
			trafs = append(trafs, b)
		}
	}
	if len(trafs) != 1 {
		return f, fmt.Errorf("its moof has %d track fragments, not one", len(trafs))
	}
	return f, f.readTrack(data, moof, mdat, trafs[0].body, d)
}

func (f *fragment) readTrack(data []byte, moof, mdat box, traf []byte, d sampleDefaults) error {
	list, err := boxes(traf)
	if err != nil {
		return fmt.Errorf("traf: %w", err)
	}
	base := false
	at := int64(moof.end()) // where the next run's bytes begin unless it says otherwise
	claimed := int64(mdat.start + mdat.head)
	for _, b := range list {
		switch b.kind {
		case "tfhd":
			d, base, err = readHeader(b.body, d)
		case "tfdt":
			r := fields{b: b.body}
			version, _ := r.full()
			f.time, f.hasTime, err = r.wide(version), true, r.err
		case "trun":
			if !base {
				return errors.New("its tfhd does not set default-base-is-moof")
			}
			at, err = f.readRun(b.body, data, int64(moof.start), at, d)
			claimed = max(claimed, at)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", strings.TrimSpace(b.kind), err)
		}
	}
	f.gap = int64(mdat.end()) - claimed
	if f.samples > 0 && f.gap == 0 {
		f.gap = int64(len(mdat.body)) - f.bytes
	}
	return nil
}

// readHeader applies a tfhd to the defaults; base is default-base-is-moof.
func readHeader(b []byte, d sampleDefaults) (out sampleDefaults, base bool, err error) {
	r := fields{b: b}
	_, flags := r.full()
	r.take(4) // track_ID
	if flags&tfhdBaseDataOffset != 0 {
		r.take(8)
	}
	if flags&tfhdDescriptionIndex != 0 {
		r.take(4)
	}
	if flags&tfhdDefaultDuration != 0 {
		d.duration = uint32(r.uint(4))
	}
	if flags&tfhdDefaultSize != 0 {
		d.size = uint32(r.uint(4))
	}
	if flags&tfhdDefaultFlags != 0 {
		d.flags = uint32(r.uint(4))
	}
	base = flags&tfhdDefaultBaseIsMoof != 0 && flags&tfhdBaseDataOffset == 0
	return d, base, r.err
}

// readRun adds the samples of a trun whose bytes begin at offset at of data unless it has an offset of its own from
// moofStart, and gives the offset behind them.
func (f *fragment) readRun(b, data []byte, moofStart, at int64, d sampleDefaults) (end int64, err error) {
	r := fields{b: b}
	version, flags := r.full()
	count := r.uint(4)
	if flags&trunDataOffset != 0 {
		at = moofStart + int64(int32(r.uint(4)))
	}
	firstFlags := d.flags
	if flags&trunFirstSampleFlags != 0 {
		firstFlags = uint32(r.uint(4))
	}
	if count > uint64(len(data)) {
		return at, errors.New("it claims more samples than the segment has bytes")
	}
	for i := uint64(0); i < count && r.err == nil; i++ {
		s := d
		if i == 0 {
			s.flags = firstFlags
		}
		composition := int64(0)
		if flags&trunDuration != 0 {
			s.duration = uint32(r.uint(4))
		}
		if flags&trunSize != 0 {
			s.size = uint32(r.uint(4))
		}
		if flags&trunFlags != 0 {
			s.flags = uint32(r.uint(4))
		}
		if flags&trunComposition != 0 {
			composition = int64(r.uint(4))
			if version > 0 {
				composition = int64(int32(composition))
			}
		}
		if r.err != nil {
			break
		}
		shown := int64(f.ticks) + composition
		if f.samples == 0 {
			f.earliest, f.firstSync = shown, s.flags&sampleIsNonSync == 0
			if at >= 0 && at+int64(s.size) <= int64(len(data)) {
				f.first = data[at : at+int64(s.size)]
			}
		}
		f.earliest = min(f.earliest, shown)
		f.samples++
		f.ticks += uint64(s.duration)
		f.bytes += int64(s.size)
		at += int64(s.size)
	}
	return at, r.err
}

// beginsWith reports whether the first slice of a picture is one at which decoding can begin, as kind says of the first byte of a
// NAL unit. NAL units stand behind a length of n bytes (ISO/IEC 14496-15 section 5.3.2).
func beginsWith(sample []byte, n int, kind func(head byte) (slice, entry bool)) bool {
	f := fields{b: sample}
	for len(f.b) > 0 {
		unit := f.take(int(f.uint(n)))
		if f.err != nil || len(unit) == 0 {
			return false
		}
		if slice, entry := kind(unit[0]); slice {
			return entry
		}
	}
	return false
}
