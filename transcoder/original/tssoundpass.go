package original

import (
	"errors"

	"movify/pkg/media"
	"movify/pkg/mpegts"
)

// soundPass finds the marks of a sound.
type soundPass struct {
	bytes  tsBytes
	frames *soundReader
	index  tsSoundIndex
	near   func() int64
	early  []byte // bytes of the stream up to the first frame
}

func newSoundPass(s tsListed, near func() int64) *soundPass {
	p := &soundPass{
		near:  near,
		index: tsSoundIndex{Stream: s.number, PID: s.PID, Codec: s.codec, Language: s.language(), Left: media.LeftCodec},
	}
	p.bytes = tsBytes{counter: -1, take: p.take}
	if parse := frameReaders[s.codec]; parse != nil {
		p.index.Left = ""
		p.frames = &soundReader{parse: parse, near: near, done: p.sample}
	}
	return p
}

// packet reads a packet. What is wrong with a sound leaves it, and the film goes on.
func (p *soundPass) packet(packet mpegts.Packet) error {
	if p.index.Left != "" && p.index.Heard {
		return nil
	}
	if err := p.bytes.packet(packet); err != nil {
		p.leave(err)
	}
	return nil
}

func (p *soundPass) leave(err error) {
	p.index = tsSoundIndex{
		Stream: p.index.Stream, PID: p.index.PID, Codec: p.index.Codec, Language: p.index.Language, First: p.index.First,
		Heard: true, Left: media.LeftIndex,
	}
	switch {
	case errors.Is(err, errScrambled):
		p.index.Left = media.LeftPacked
	case errors.Is(err, errNoFrames):
		p.index.Left = media.LeftCodec
	}
}

// maxEarly bounds the bytes up to the end of the first frame.
const maxEarly = 64 << 10

// take adds bytes. The first time of a sound that is not copied is wanted too: the picture may be held for it.
func (p *soundPass) take(b []byte, _ int64, pes pesPlace) error {
	if !p.index.Heard && pes.pts >= 0 {
		p.index.First, p.index.Heard = mpegts.Unwrap(pes.pts, p.near()), true
	}
	if p.frames == nil {
		return nil
	}
	if p.index.Frames == 0 {
		if p.early = append(p.early, b...); len(p.early) > maxEarly {
			return errNoFrames
		}
	}
	return p.frames.add(b, pes)
}

// sample adds a frame, and a mark where there is none for a second, or where frames do not follow the last one at their length:
// from a mark to the next they do.
func (p *soundPass) sample(s tsSample) error {
	const often, slack = tsClock, 2
	x := &p.index
	if x.Frames == 0 {
		x.Frame, p.early = append([]byte(nil), p.early[s.from:s.to]...), nil
		x.Config, x.Rate, x.Channels, x.PerFrame = s.config, s.rate, s.channels, s.samples
	}
	last := len(x.Times) - 1
	since, off := int64(often), int64(0)
	if last >= 0 {
		since = s.time - x.Times[last]
		off = since - (x.Frames-x.Counts[last])*int64(x.PerFrame)*tsClock/int64(x.Rate)
	}
	if marked := s.marked && (since >= often || max(off, -off) > slack); marked {
		x.Offsets, x.Skips = append(x.Offsets, s.pes.offset), append(x.Skips, s.from-s.pes.from)
		x.Times = append(x.Times, s.time)
		x.Counts, x.Sums = append(x.Counts, x.Frames), append(x.Sums, x.Bytes)
	} else if since > maxSeconds*tsClock {
		return errSoundTimes
	}
	if len(x.Times) > maxPoints {
		return errSoundTimes
	}
	x.Frames++
	x.Bytes += s.bytes()
	x.End = s.time + int64(s.samples)*tsClock/int64(s.rate)
	return nil
}

// finish ends the sound.
func (p *soundPass) finish() {
	if p.frames == nil || p.index.Left != "" {
		return
	}
	if err := p.frames.finish(); err != nil {
		p.leave(err)
		return
	}
	if p.index.Frames == 0 {
		p.index.Left = media.LeftCodec
	}
}
