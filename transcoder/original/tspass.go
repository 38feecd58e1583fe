package original

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"movify/pkg/fault"
	"movify/pkg/mpegts"
)

// MakeIndex reads a file without an index, a transport stream of size bytes, from beginning to end, and gives an index for
// OpenIndexed. That of a film that turns out to be unfit says so, and why. pace is told after each MiB or so how much was read; its error
// ends the reading.
func MakeIndex(r io.ReaderAt, size int64, pace func(read int64) error) ([]byte, error) {
	x := tsIndex{Size: size}
	head, err := readTSHead(r, size)
	if err == nil {
		pass := newPass(head, size, pace)
		if err = pass.read(); err == nil {
			x.Picture, err = pass.picture.index()
		}
		x.Sounds = pass.soundIndexes()
	}
	var unfit *fault.Fault
	switch {
	case errors.As(err, &unfit) && isUnfit(unfit.Code):
		x = tsIndex{Size: size, Unfit: unfit.Code}
	case err != nil:
		return nil, err
	}
	return x.pack()
}

// isUnfit reports whether an index may say the code of a fault.
func isUnfit(code string) bool {
	return slices.ContainsFunc(unfitFilms[:], func(f *fault.Fault) bool { return f.Code == code })
}

// tsPass reads all packets of a file.
type tsPass struct {
	head    *tsHead
	size    int64
	pace    func(read int64) error
	picture *picturePass
	sounds  []*soundPass
	streams map[uint16]func(mpegts.Packet) error
	near    *int64 // the first time that was met
	changes int    // of the tables
}

func newPass(head *tsHead, size int64, pace func(read int64) error) *tsPass {
	p := &tsPass{head: head, size: size, pace: pace, streams: map[uint16]func(mpegts.Packet) error{}}
	p.picture = newPicturePass(head.picture)
	p.streams[head.picture.PID] = func(packet mpegts.Packet) error { return p.picture.packet(packet) }
	for _, s := range head.sounds {
		sound := newSoundPass(s, func() int64 { return *p.near })
		p.sounds = append(p.sounds, sound)
		p.streams[s.PID] = sound.packet
	}
	p.changes = head.tables.Changes()
	return p
}

// paceEvery is after how many bytes the pace is asked.
const paceEvery = 1 << 20

func (p *tsPass) read() (err error) {
	told, expected := int64(0), int64(0)
	failed := p.head.file.Each(0, p.size, func(packet mpegts.Packet) bool {
		if packet.Offset != expected {
			err = ErrDamaged.Because(fmt.Errorf("no packet at %d, the next one is at %d", expected, packet.Offset))
			return false
		}
		expected += p.head.file.Stride()
		if err = p.packet(packet); err != nil {
			return false
		}
		if expected-told >= paceEvery {
			told = expected
			err = p.pace(told)
		}
		return err == nil
	})
	if err == nil {
		err = failed
	}
	if err != nil {
		return err
	}
	for _, s := range p.sounds {
		s.finish()
	}
	return pictureFault(p.picture.units.finish())
}

func (p *tsPass) packet(packet mpegts.Packet) error {
	p.head.tables.Add(packet)
	if p.head.tables.Changes() != p.changes {
		return ErrChanging.Because(errors.New("the tables list other streams"))
	}
	take := p.streams[packet.PID]
	if take == nil {
		return nil
	}
	if p.near == nil && packet.Start {
		h, ok := mpegts.ParsePES(packet.Payload)
		switch {
		case ok && h.PTS >= 0:
			p.near = &h.DTS
		case packet.PID == p.head.picture.PID:
			return ErrTimes.Because(errors.New("the first picture has none"))
		}
	}
	if p.near == nil {
		return nil
	}
	return pictureFault(take(packet))
}

// pictureFault makes a fault of an error of packets.
func pictureFault(err error) error {
	switch {
	case errors.Is(err, errLostPackets):
		return ErrDamaged.Because(err)
	case errors.Is(err, errScrambled):
		return ErrPacked.Because(err)
	}
	return err
}

func (p *tsPass) soundIndexes() (out []tsSoundIndex) {
	for _, s := range p.sounds {
		out = append(out, s.index)
	}
	return out
}
