package disc

import (
	"fmt"
	"path/filepath"
	"strconv"
	"time"
)

// The offsets are those of the DVD-Video format as http://dvd.sourceforge.net/dvdinfo describes it (ifo_vts.html, pgc.html).
const (
	sector       = 2048    // bytes; all addresses count sectors
	ifoLimit     = 8 << 20 // bytes of an IFO file that are read: real ones have less than one
	ifoMagic     = "DVDVIDEO-VTS"
	ifoPGCI      = 0xCC // sector of the table of program chains
	pgcCells     = 3    // number of cells
	pgcCellTable = 0xE8 // where their playback information is
	cellSize     = 24
	cellTime     = 4
	cellFirst    = 8      // sector
	cellLast     = 20     // sector
	maxChains    = 999    // of a title set
	maxCells     = 25_000 // of all its chains together: real ones have hundreds
)

// cell is a piece of a program chain.
type cell struct {
	from, to int64 // bytes from the beginning of VTS_nn_1.VOB
	duration time.Duration
	anew     bool // its clock does not go on from the cell before
}

// chain is a program chain: the cells that are played one after the other.
type chain struct {
	cells  []cell
	angles bool
}

// parseIFO lists the program chains that begin a title in VTS_nn_0.IFO, without the cells of other angles than the first.
func parseIFO(data []byte) ([]chain, error) {
	if len(data) < sector || string(data[:len(ifoMagic)]) != ifoMagic {
		return nil, fmt.Errorf("%w: no title set", ErrBroken)
	}
	b := &be{data: data}
	table := int(b.at(ifoPGCI, 4)) * sector
	count := int(b.at(table, 2))
	if b.bad || table == 0 || count > maxChains {
		return nil, fmt.Errorf("%w: no program chains", ErrBroken)
	}
	var out []chain
	cells := 0
	for n := range count {
		entry := table + 8 + 8*n
		begins := b.at(entry, 1)&0x80 != 0
		offset := int(b.at(entry+4, 4))
		if b.bad {
			break
		}
		if !begins {
			continue
		}
		c, ok := parseChain(data, table+offset)
		if cells += len(c.cells); cells > maxCells {
			return nil, fmt.Errorf("%w: too many cells", ErrBroken)
		}
		if ok {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w: no program chain begins a title", ErrBroken)
	}
	return out, nil
}

func parseChain(data []byte, at int) (c chain, ok bool) {
	b := &be{data: data}
	count := int(b.at(at+pgcCells, 1))
	table := at + int(b.at(at+pgcCellTable, 2))
	for n := range count {
		entry := table + n*cellSize
		kind := b.at(entry, 1)
		x := cell{
			from: int64(b.at(entry+cellFirst, 4)) * sector, to: (int64(b.at(entry+cellLast, 4)) + 1) * sector,
			duration: playbackTime(uint32(b.at(entry+cellTime, 4))),
		}
		if b.bad {
			return chain{}, false
		}
		const angleBlock, first, clockFlag = 1, 1, 1 << 1
		x.anew = kind&clockFlag != 0
		if kind>>4&3 == angleBlock {
			if c.angles = true; kind>>6 != first {
				continue
			}
		}
		if x.from < x.to {
			c.cells = append(c.cells, x)
		}
	}
	return c, len(c.cells) > 0
}

// playbackTime is the time that four bytes of decimal digits say: hours, minutes, seconds, and frames with their rate in the
// two highest bits.
func playbackTime(bcd uint32) time.Duration {
	two := func(shift, mask uint32) time.Duration {
		x := bcd >> shift & mask
		return time.Duration(x>>4*10 + x&15)
	}
	out := two(24, 0xFF)*time.Hour + two(16, 0xFF)*time.Minute + two(8, 0xFF)*time.Second
	switch bcd >> 6 & 3 {
	case 1:
		out += two(0, 0x3F) * time.Second / 25
	case 3:
		out += two(0, 0x3F) * time.Second * 1001 / 30_000
	}
	return out
}

// titleOf lays a program chain over the files of its title set. Cells that are repeated are played once, and those beyond the
// end of the files not at all.
func (c chain) titleOf(dir string, vobs []Part) Title {
	t := Title{Dir: dir, Angles: c.angles}
	var whole int64
	for _, v := range vobs {
		whole += v.Size
	}
	seen := make(map[cell]bool)
	run := 0      // index of the part at which the clock began last
	var end int64 // of the cell before
	for _, x := range c.cells {
		if seen[x] || x.from >= whole {
			continue
		}
		seen[x] = true
		t.Duration += x.duration
		if len(t.Parts) == 0 || x.anew || x.from != end {
			run = len(t.Parts)
		}
		t.add(vobs, x.from, min(x.to, whole), run)
		t.Parts[run].Lasts += x.duration
		end = x.to
	}
	t.Duration = sensible(t.Duration, t.Bytes())
	t.boundRuns()
	return t
}

// boundRuns bounds how long the parts of each clock last by their bytes.
func (t *Title) boundRuns() {
	run, bytes := 0, make(map[int]int64)
	for n, p := range t.Parts {
		if p.Anew {
			run = n
		}
		bytes[run] += p.To - p.From
	}
	for n, size := range bytes {
		t.Parts[n].Lasts = sensible(t.Parts[n].Lasts, size)
	}
}

// add appends a range of the joined files to those from run on, whose clock goes on: as one part with the last of them when
// it follows it.
func (t *Title) add(vobs []Part, from, to int64, run int) {
	for _, v := range vobs {
		p := v
		p.From, p.To = max(0, from), min(to, v.Size)
		from, to = from-v.Size, to-v.Size
		if p.From >= p.To {
			continue
		}
		last := len(t.Parts) - 1
		if last >= run && t.Parts[last].Name == p.Name && t.Parts[last].To == p.From {
			t.Parts[last].To = p.To
			continue
		}
		p.Anew = last >= 0 && last < run
		t.Parts = append(t.Parts, p)
	}
}

// maxParts is how many ranges a title may have: each has to be named to the encoder.
const maxParts = 500

// longest gives the longest title of a title set; of several of one length one without angles.
func longest(chains []chain, dir string, vobs []Part) (best Title, ok bool) {
	for _, c := range chains {
		t := c.titleOf(dir, vobs)
		if len(t.Parts) == 0 || len(t.Parts) > maxParts || t.Duration < time.Second {
			continue
		}
		if !ok || t.Duration > best.Duration || t.Duration == best.Duration && best.Angles && !t.Angles {
			best, ok = t, true
		}
	}
	return best, ok
}

// titleSetFiles lists the files of the titles of a title set, in order; VTS_nn_0.VOB is its menu.
func (f files) titleSetFiles(number string) (vobs []Part) {
	for n := 1; n <= 9; n++ {
		name, size, ok := f.find("VTS_" + number + "_" + strconv.Itoa(n) + ".VOB")
		if !ok || !discFileName.MatchString(name) {
			break
		}
		vobs = append(vobs, Part{Name: name, Size: size, To: size})
	}
	return vobs
}

// openTitleSet reads the longest title of VTS_nn_0.IFO, or of its backup.
func openTitleSet(index string) (Title, error) {
	dir := filepath.Dir(index)
	f, err := listFiles(dir)
	if err != nil {
		return Title{}, err
	}
	return f.titleSet(dir, titleSetIndex.FindStringSubmatch(filepath.Base(index))[1])
}

func (f files) titleSet(dir, number string) (Title, error) {
	err := fmt.Errorf("%w: it is not there", ErrBroken)
	for _, ext := range []string{".IFO", ".BUP"} {
		name, _, ok := f.find("VTS_" + number + "_0" + ext)
		if !ok {
			continue
		}
		data, readErr := readIndex(filepath.Join(dir, name), ifoLimit)
		if err = readErr; err != nil {
			continue
		}
		var chains []chain
		if chains, err = parseIFO(data); err != nil {
			continue
		}
		if t, ok := longest(chains, dir, f.titleSetFiles(number)); ok {
			return t, nil
		}
		err = fmt.Errorf("%w: no title is in the files beside it", ErrBroken)
	}
	return Title{}, err
}

// mainTitleSet finds the longest title of a DVD, or the largest title set when no index can be read.
func mainTitleSet(dir string) ([]string, error) {
	f, err := listFiles(dir)
	if err != nil {
		return nil, err
	}
	var best Title
	var index string
	var largest []Part
	for n := 1; n <= 99; n++ {
		number := fmt.Sprintf("%02d", n)
		vobs := f.titleSetFiles(number)
		if (Title{Parts: vobs}).Bytes() > (Title{Parts: largest}).Bytes() {
			largest = vobs
		}
		name, _, ok := f.find("VTS_" + number + "_0.IFO")
		if !ok {
			continue
		}
		if t, err := f.titleSet(dir, number); err == nil && t.Duration > best.Duration {
			best, index = t, filepath.Join(dir, name)
		}
	}
	if index != "" {
		return []string{best.standsUnder(index)}, nil
	}
	return Title{Dir: dir, Parts: largest}.Paths(), nil
}
