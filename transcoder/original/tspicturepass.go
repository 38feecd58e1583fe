package original

import (
	"errors"
	"fmt"
	"slices"

	"movify/pkg/mpegts"
)

// picturePass finds the points of a picture.
type picturePass struct {
	bytes tsBytes
	units *pictureReader
	x     tsPictureIndex
	sets  parameterSets

	last         int64 // time of decoding of the last picture
	begun        bool
	block, group tsGroup // the pictures up to the last key frame, and those from it on
	before       int64   // the latest picture before the block
	latest       int64   // the picture that is shown last, and how long after the one shown before it
	length       int64
}

// tsGroup is pictures from a key frame on.
type tsGroup struct {
	offset      int64   // of the packet in which the key frame begins
	key         int64   // its time
	pts         []int64 // of all
	first, last int64   // the earliest and the latest of those
	bytes       int64
}

func (g *tsGroup) add(pts, bytes int64) {
	if len(g.pts) == 0 {
		g.first, g.last = pts, pts
	}
	g.first, g.last = min(g.first, pts), max(g.last, pts)
	g.pts, g.bytes = append(g.pts, pts), g.bytes+bytes
}

func newPicturePass(s tsListed) *picturePass {
	p := &picturePass{before: -forever, latest: -forever}
	p.x = tsPictureIndex{Stream: s.number, PID: s.PID, Codec: s.codec, Dolby: s.dolbyVision()}
	p.sets.hevc = isHEVC(s.codec)
	p.units = newPictureReader(p.sets.hevc, p.sets.add, p.picture)
	p.bytes = tsBytes{counter: -1, take: func(b []byte, _ int64, pes pesPlace) error { return p.units.add(b, pes) }}
	return p
}

func isHEVC(codec string) bool { return codec == "V_MPEGH/ISO/HEVC" }

func (p *picturePass) packet(packet mpegts.Packet) error {
	if err := p.bytes.packet(packet); err != nil {
		return err
	}
	if len(packet.Payload) > 0 {
		p.x.Behind = packet.At + int64(len(packet.Payload))
	}
	return nil
}

// picture adds a picture.
func (p *picturePass) picture(u tsPictureUnits) error {
	if !u.timed || u.pes.pts < 0 {
		return ErrTimes.Because(fmt.Errorf("a picture in the packet at %d has no time of its own", u.pes.offset))
	}
	dts := u.pes.dts
	if p.begun {
		dts = mpegts.Unwrap(dts, p.last)
		if gap := dts - p.last; gap <= 0 || gap > maxSeconds*tsClock {
			return ErrClock.Because(fmt.Errorf("%d ticks from one picture to the next, at %d", gap, u.pes.offset))
		}
	}
	p.last, p.begun = dts, true
	pts := mpegts.Unwrap(u.pes.pts, dts)
	p.x.OpenGroups = p.x.OpenGroups || u.recovery && !u.entry
	if u.entry && u.aligned {
		if err := p.finishGroup(); err != nil {
			return err
		}
		p.group = tsGroup{offset: u.pes.offset, key: pts, pts: p.group.pts[:0]}
	}
	if len(p.group.pts) == 0 && !(u.entry && u.aligned) {
		return ErrBeginning
	}
	p.group.add(pts, u.size)
	if pts > p.latest {
		p.latest, p.length = pts, pts-p.latest
	} else {
		p.length = min(p.length, p.latest-pts)
	}
	if p.group.bytes > maxBytes {
		return ErrDense
	}
	if p.group.last-p.group.first > 2*maxSeconds*tsClock || len(p.block.pts)+len(p.group.pts) >= maxBetween {
		return ErrSparse.Because(fmt.Errorf("%d pictures behind the packet at %d", len(p.group.pts), p.group.offset))
	}
	return nil
}

// finishGroup lets the group begin a block when all of its pictures are shown after the block, and joins it to that
// otherwise: as in an MP4 file.
func (p *picturePass) finishGroup() error {
	if len(p.group.pts) == 0 {
		return nil
	}
	if len(p.block.pts) == 0 {
		p.block, p.group = p.group, p.block
		return nil
	}
	if p.group.first <= p.block.last || !p.sets.hevc && p.group.first != p.group.key {
		p.block.pts = append(p.block.pts, p.group.pts...)
		p.block.first, p.block.last = min(p.block.first, p.group.first), max(p.block.last, p.group.last)
		p.block.bytes += p.group.bytes
		return nil
	}
	if err := p.finishBlock(); err != nil {
		return err
	}
	p.block, p.group = p.group, p.block
	return nil
}

// finishBlock makes a point of the block, or joins it to the one before when that is close.
func (p *picturePass) finishBlock() error {
	const closest = tsClock * 2 / 5
	b, x := p.block, &p.x
	n := len(x.Offsets)
	open := b.first != b.key
	switch {
	case b.first <= p.before:
		return ErrTimes.Because(fmt.Errorf("a picture at %d after one at %d", b.first, p.before))
	case n == 0 && open:
		return ErrBeginning
	case n == maxPoints:
		return ErrTimes.Because(fmt.Errorf("more than %d points", maxPoints))
	}
	delay, err := delayOf(b.pts)
	if err != nil {
		return err
	}
	x.Delay, p.before = max(x.Delay, delay), b.last
	lastOpen := n > 0 && len(x.Open) > 0 && x.Open[len(x.Open)-1] == n-1
	if n > 0 && b.first-x.Times[n-1] < closest && (open || !lastOpen) && x.Bytes[n-1]+b.bytes <= maxBytes {
		x.Bytes[n-1] += b.bytes
		x.Samples[n-1] += int64(len(b.pts))
		return nil
	}
	if b.bytes > maxBytes {
		return ErrDense
	}
	if open {
		x.Open = append(x.Open, n)
	}
	x.Offsets, x.Times = append(x.Offsets, b.offset), append(x.Times, b.first)
	x.Bytes, x.Samples = append(x.Bytes, b.bytes), append(x.Samples, int64(len(b.pts)))
	return nil
}

// index gives the points that were found.
func (p *picturePass) index() (tsPictureIndex, error) {
	if err := p.finishGroup(); err != nil {
		return p.x, err
	}
	if len(p.block.pts) == 0 {
		return p.x, ErrNoPicture
	}
	if err := p.finishBlock(); err != nil {
		return p.x, err
	}
	if p.length > maxSeconds*tsClock { // there is one picture
		p.length = tsClock / 25
	}
	p.x.Sets, p.x.End = p.sets.all, p.latest+max(1, p.length)
	_, err := tsPictureTrack(p.x)
	return p.x, err
}

// parameterSets are those of a film. Two of one ID that differ are a change that an Init Section cannot tell.
type parameterSets struct {
	hevc bool
	all  [][]byte
}

// maxSets bounds how many a film has.
const maxSets = 64

func (s *parameterSets) add(nal []byte) error {
	if slices.ContainsFunc(s.all, func(known []byte) bool { return string(known) == string(nal) }) {
		return nil
	}
	if len(nal) > maxSet || len(s.all) == maxSets {
		return ErrChanging.Because(errors.New("too many or too large parameter sets"))
	}
	for _, known := range s.all {
		if s.name(known) == s.name(nal) {
			return ErrChanging.Because(fmt.Errorf("another parameter set of type and ID %v", s.name(nal)))
		}
	}
	s.all = append(s.all, slices.Clone(nal))
	return nil
}

// name gives the type of a set and its ID. Of sequence and video parameter sets one is expected: IDs are not told apart.
func (s *parameterSets) name(nal []byte) [2]int {
	kind, header, pictures := int(nal[0]&0x1f), 1, 8
	if s.hevc {
		kind, header, pictures = int(nal[0]>>1&0x3f), 2, hevcPPS
	}
	if kind != pictures || len(nal) <= header {
		return [2]int{kind, 0}
	}
	return [2]int{kind, expGolomb(nal[header:])}
}

// expGolomb reads the unsigned code with which b begins (ITU-T H.264 section 9.1), of up to 16 bits; −1 for a longer one.
func expGolomb(b []byte) int {
	bit := func(n int) int {
		if n/8 >= len(b) {
			return 0
		}
		return int(b[n/8]>>(7-n%8)) & 1
	}
	zeros := 0
	for bit(zeros) == 0 {
		if zeros++; zeros > 8 {
			return -1
		}
	}
	v := 0
	for n := range zeros + 1 {
		v = v<<1 | bit(zeros+n)
	}
	return v - 1
}
