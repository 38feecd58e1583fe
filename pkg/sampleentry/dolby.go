package sampleentry

import "fmt"

// dolbyFrame is the beginning of a frame of AC-3 (ETSI TS 102 366 section 4.4) or Enhanced AC-3 (section E.1.2).
type dolbyFrame struct {
	kind, substream   uint64 // strmtyp, substreamid
	rate              uint64 // fscod
	sizeCode          uint64 // frmsizecod of AC-3
	bytes             int    // of the frame of Enhanced AC-3
	blocks            int    // of 256 samples
	id, service, mode uint64 // bsid, bsmod, acmod
	low               uint64 // lfeon
	chanmap           uint64 // of a dependent substream with a map of its own
}

const (
	dolbySync = 0x0b77
	// maxID is the largest bsid of AC-3; larger ones are of Enhanced AC-3 (section E.1.3.1.6).
	maxID = 10
	// Kinds of substreams of Enhanced AC-3 (section E.1.3.1.1): 0 and 2 are independent.
	dependent    = 1
	reservedKind = 3
)

var dolbyRates = [...]int{48_000, 44_100, 32_000}

// dolbyChannels are the full channels of acmod (section 4.4.2.3).
var dolbyChannels = [...]int{2, 1, 2, 3, 3, 4, 4, 5}

func (f dolbyFrame) channels() int { return dolbyChannels[f.mode] + int(f.low) }

// ac3 makes an AC3SpecificBox (section F.4) of a frame.
func ac3(s Sound) (config, error) {
	r := reader{b: s.First}
	if r.bits(16) != dolbySync {
		return config{}, fmt.Errorf("%w: no frame of AC-3", ErrMalformed)
	}
	r.bits(16) // crc1
	f := dolbyFrame{rate: r.bits(2), sizeCode: r.bits(6), id: r.bits(5), service: r.bits(3), mode: r.bits(3)}
	if f.mode&1 != 0 && f.mode != 1 {
		r.bits(2) // cmixlev
	}
	if f.mode&4 != 0 {
		r.bits(2) // surmixlev
	}
	if f.mode == 2 {
		r.bits(2) // dsurmod
	}
	f.low = r.bits(1)
	const maxSizeCode = 37
	if r.short || f.rate == 3 || f.sizeCode > maxSizeCode || f.id > maxID {
		return config{}, fmt.Errorf("%w: a frame of AC-3 with reserved values", ErrMalformed)
	}
	var w writer
	w.bits(2, f.rate)
	w.bits(5, f.id)
	w.bits(3, f.service)
	w.bits(3, f.mode)
	w.bits(1, f.low)
	w.bits(5, f.sizeCode>>1)
	w.bits(5, 0)
	rate := dolbyRates[f.rate] >> max(0, int(f.id)-8) // half and quarter rates
	return config{"ac-3", box("dac3", w.b), f.channels(), plainBits, rate}, nil
}

// eac3 makes an EC3SpecificBox (section F.6) of the frames of one Block: an independent substream, those that depend on
// it, and further programs. Their service is said to be the main one, as it stands behind fields of many forms.
func eac3(s Sound) (config, error) {
	streams, err := dolbyFrames(s.First)
	if err != nil {
		return config{}, err
	}
	var body writer
	size, independent := 0, 0
	for n, f := range streams {
		size += f.bytes
		if f.kind == dependent {
			continue
		}
		independent++
		body.bits(2, f.rate)
		body.bits(5, f.id)
		body.bits(1+1+3, 0) // reserved, asvc, bsmod
		body.bits(3, f.mode)
		body.bits(1, f.low)
		body.bits(3, 0)
		places, count := dependents(streams[n+1:])
		body.bits(4, uint64(count))
		if count > 0 {
			body.bits(9, places)
		} else {
			body.bits(1, 0)
		}
	}
	first := streams[0]
	rate := dolbyRates[first.rate]
	var w writer
	w.bits(13, uint64(size*8*rate/(first.blocks*256)/1000)) // kbit/s
	w.bits(3, uint64(independent-1))
	return config{"ec-3", box("dec3", append(w.b, body.b...)), max(s.Channels, first.channels()), plainBits, rate}, nil
}

// dependents counts the substreams that depend on the one before them, and gives the places of their channels beyond 5.1
// as chan_loc has them (table F.6.1): the bits of chanmap from Lc/Rc to Cvh, the other way round, and that of LFE2.
func dependents(behind []dolbyFrame) (places uint64, count int) {
	for _, f := range behind {
		if f.kind != dependent {
			break
		}
		count++
		for n := range 8 {
			places |= f.chanmap >> (10 - n) & 1 << n
		}
		places |= f.chanmap >> 1 & 1 << 8
	}
	return places, count
}

// dolbyFrames reads the frames of a Block up to the one that continues the first.
func dolbyFrames(b []byte) (streams []dolbyFrame, err error) {
	const maxPrograms, maxDependent = 8, 8
	programs, depending := 0, 0
	for len(b) > 0 {
		f, err := readEAC3(b)
		if err != nil {
			return nil, err
		}
		switch {
		case f.kind == dependent && len(streams) == 0, f.kind == reservedKind, f.bytes > len(b):
			return nil, fmt.Errorf("%w: a substream of Enhanced AC-3 alone, or cut off", ErrMalformed)
		case f.kind != dependent && f.substream == 0 && len(streams) > 0:
			return streams, nil // of the next 256 samples
		case f.kind == dependent:
			depending++
		default:
			programs, depending = programs+1, 0
		}
		if programs > maxPrograms || depending > maxDependent {
			return nil, fmt.Errorf("%w: too many substreams of Enhanced AC-3", ErrMalformed)
		}
		streams, b = append(streams, f), b[f.bytes:]
	}
	if len(streams) == 0 {
		return nil, fmt.Errorf("%w: no frame of Enhanced AC-3", ErrMalformed)
	}
	return streams, nil
}

// readEAC3 reads the beginning of a frame (section E.1.2.2), up to the map of its channels.
func readEAC3(b []byte) (dolbyFrame, error) {
	r := reader{b: b}
	if r.bits(16) != dolbySync {
		return dolbyFrame{}, fmt.Errorf("%w: no frame of Enhanced AC-3", ErrMalformed)
	}
	f := dolbyFrame{kind: r.bits(2), substream: r.bits(3), bytes: 2 * (int(r.bits(11)) + 1), rate: r.bits(2)}
	if f.rate == 3 {
		return f, fmt.Errorf("%w: Enhanced AC-3 of a half rate", ErrUnknown)
	}
	f.blocks = [...]int{1, 2, 3, 6}[r.bits(2)]
	f.mode, f.low, f.id = r.bits(3), r.bits(1), r.bits(5)
	volumes := 1
	if f.mode == 0 {
		volumes = 2
	}
	for range volumes {
		r.bits(5)     // dialnorm
		if r.flag() { // compre
			r.bits(8)
		}
	}
	if f.kind == dependent && r.flag() { // chanmape
		f.chanmap = r.bits(16)
	}
	if r.short || f.id <= maxID {
		return f, fmt.Errorf("%w: a frame of Enhanced AC-3 with reserved values", ErrMalformed)
	}
	return f, nil
}
