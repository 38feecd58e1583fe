package disc

import (
	"testing"
	"time"

	"movify/pkg/disc/disctest"
)

// FuzzIFO gives strange title sets: what comes out lies within the files and is bounded.
func FuzzIFO(f *testing.F) {
	f.Add(disctest.IFO([]disctest.Cell{{First: 0, Last: 9, Duration: time.Second}, {First: 10, Last: 700, Duration: time.Minute}}))
	f.Add(disctest.IFO([]disctest.Cell{{Last: 1 << 31, Duration: time.Hour, Angle: 1}, {First: 5, Last: 3, Angle: 2}}, nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		chains, err := parseIFO(data)
		if err != nil {
			return
		}
		vobs := []Part{{Name: "VTS_01_1.VOB", Size: 1 << 20, To: 1 << 20}, {Name: "VTS_01_2.VOB", Size: 999, To: 999}}
		for _, c := range chains {
			title := c.titleOf("/d", vobs)
			for _, p := range title.Parts {
				if p.From < 0 || p.From >= p.To || p.To > p.Size {
					t.Fatalf("a part is %+v", p)
				}
			}
			if title.Duration < 0 || title.Duration > time.Duration(title.Bytes()/leastRate+1)*time.Second {
				t.Fatalf("%d bytes last %v", title.Bytes(), title.Duration)
			}
		}
		if best, ok := longest(chains, "/d", vobs); ok && len(best.Parts) > maxParts {
			t.Fatalf("%d parts", len(best.Parts))
		}
	})
}

// FuzzMPLS gives strange playlists.
func FuzzMPLS(f *testing.F) {
	f.Add(disctest.MPLS(disctest.Item{Clip: "00001", Out: time.Minute}, disctest.Item{Clip: "00002", In: 3, Out: time.Hour, Angles: 2}))
	f.Fuzz(func(t *testing.T, data []byte) {
		items, err := parseMPLS(data)
		if err != nil {
			return
		}
		if len(items) > maxItems {
			t.Fatalf("%d items", len(items))
		}
		for _, x := range items {
			if len(x.clip) != 5 || !isDigits(x.clip) || x.in >= x.out {
				t.Fatalf("an item is %+v", x)
			}
		}
	})
}
