// Package disctest writes the index files of discs for tests, as the public descriptions of their formats say.
package disctest

import (
	"encoding/binary"
	"time"
)

// Cell is a piece of a program chain of a DVD. Addresses are sectors of 2048 bytes from the beginning of VTS_nn_1.VOB.
type Cell struct {
	First, Last uint32
	Duration    time.Duration // in whole seconds
	Angle       int           // 0 = recorded from one angle only; 1 is the first
	Anew        bool          // the clock begins again
}

// IFO writes VTS_nn_0.IFO with these program chains, of which each begins a title.
func IFO(chains ...[]Cell) []byte {
	const sector, header, cellSize = 2048, 0xEC, 24
	table := binary.BigEndian.AppendUint16(nil, uint16(len(chains)))
	table = append(table, make([]byte, 6+8*len(chains))...)
	for n, cells := range chains {
		entry := table[8+8*n:]
		entry[0] = 0x80 | byte(n+1)
		binary.BigEndian.PutUint32(entry[4:], uint32(len(table)))
		chain := make([]byte, header+cellSize*len(cells))
		chain[2], chain[3] = 1, byte(len(cells))
		binary.BigEndian.PutUint16(chain[0xE8:], header)
		for n, c := range cells {
			at := chain[header+cellSize*n:]
			if c.Angle > 0 {
				at[0] = 1 << 4 // a block of angles
				if at[0] |= 2 << 6; c.Angle == 1 {
					at[0] = 1<<4 | 1<<6
				}
			}
			if c.Anew {
				at[0] |= 1 << 1
			}
			binary.BigEndian.PutUint32(at[4:], bcd(c.Duration))
			binary.BigEndian.PutUint32(at[8:], c.First)
			binary.BigEndian.PutUint32(at[20:], c.Last)
		}
		table = append(table, chain...)
	}
	out := make([]byte, sector)
	copy(out, "DVDVIDEO-VTS")
	binary.BigEndian.PutUint32(out[0xCC:], 1)
	return append(out, table...)
}

// bcd writes a time as decimal digits, at 25 frames a second.
func bcd(d time.Duration) uint32 {
	two := func(n int) uint32 { return uint32(n/10<<4 | n%10) }
	s := int(d / time.Second)
	return two(s/3600)<<24 | two(s/60%60)<<16 | two(s%60)<<8 | 1<<6
}

// Item is a clip that a playlist of a Blu-ray plays, with times on its own clock.
type Item struct {
	Clip    string // "00001"
	In, Out time.Duration
	Angles  int // 0 = one
}

// MPLS writes a playlist of these items.
func MPLS(items ...Item) []byte {
	list := binary.BigEndian.AppendUint16(make([]byte, 6), uint16(len(items)))
	list = append(list, 0, 0)
	for _, x := range items {
		item := make([]byte, 32, 64)
		copy(item, x.Clip+"M2TS")
		item[10] = 1 // joined without seam
		binary.BigEndian.PutUint32(item[12:], uint32(x.In*45_000/time.Second))
		binary.BigEndian.PutUint32(item[16:], uint32(x.Out*45_000/time.Second))
		if x.Angles > 1 {
			item[10] |= 0x10
			item = append(item, byte(x.Angles), 0)
			for range x.Angles - 1 {
				item = append(item, "99999M2TS\x00"...)
			}
		}
		list = binary.BigEndian.AppendUint16(list, uint16(len(item)))
		list = append(list, item...)
	}
	binary.BigEndian.PutUint32(list, uint32(len(list)-4))
	const header = 40
	out := make([]byte, header)
	copy(out, "MPLS0200")
	binary.BigEndian.PutUint32(out[8:], header)
	return append(out, list...)
}
