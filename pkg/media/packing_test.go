package media

import "testing"

func TestPacking(t *testing.T) {
	t.Parallel()
	p := Packing{Init: 10, Index: 5, Offsets: []int64{15, 25, 26, 100}}
	if p.Head() != 15 || p.Segments() != 3 {
		t.Errorf("Head = %d, Segments = %d; want 15, 3", p.Head(), p.Segments())
	}
	if offset, length := p.Segment(2); offset != 26 || length != 74 {
		t.Errorf("Segment(2) = %d+%d, want 26+74", offset, length)
	}
	for offset, want := range map[int64]int{0: 0, 14: 0, 15: 0, 24: 0, 25: 1, 26: 2, 99: 2, 100: 2, 5000: 2} {
		if got := p.At(offset); got != want {
			t.Errorf("At(%d) = %d, want %d", offset, got, want)
		}
	}
}
