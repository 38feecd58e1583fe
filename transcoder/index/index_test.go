package index

import (
	"crypto/sha256"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/id"
	"movify/pkg/media"
)

// packing is the layout of a packed rendition of two segments of 10 bytes.
var packing = media.Packing{Init: 4, Index: 6, Offsets: []int64{10, 20, 30}}

func TestIndexOfAListing(t *testing.T) {
	t.Parallel()
	type want struct {
		Stored int
		Init   bool
		Pack   PackState
		Staged int64
	}
	file := func(name string, size int64) Staged { return Staged{Rendition: "v", Name: name, Size: size} }
	head := Staged{Rendition: "v", Name: media.HeadName, Size: 10, Packing: &packing}
	for name, c := range map[string]struct {
		staged []Staged
		want   want
	}{
		"nothing": {},
		"complete": {
			staged: []Staged{file("00000.m4s", 5), file("00001.m4s", 7), file("init.mp4", 3)},
			want:   want{Stored: 2, Init: true, Pack: PackState{Complete: true, Leftovers: true}, Staged: 12},
		},
		"packed": {
			staged: []Staged{head},
			want:   want{Stored: 2, Init: true, Pack: PackState{Complete: true, Packed: true}},
		},
		"packed, with loose segments": {
			staged: []Staged{file("00001.m4s", 7), head},
			want: want{
				Stored: 2, Init: true, Pack: PackState{Complete: true, Packed: true, Leftovers: true}, Staged: 7,
			},
		},
		"without its Init Section, segment 0 is made again": {
			staged: []Staged{file("00000.m4s", 5), file("00001.m4s", 7)},
			want:   want{Stored: 1, Pack: PackState{Leftovers: true}, Staged: 7},
		},
		"files of other names and renditions": {
			staged: []Staged{file("00002.m4s", 5), file("plan.json", 5), {Rendition: "x", Name: "00000.m4s", Size: 5}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := New(newIndex(2).Asset(), c.staged, time.Time{})
			stored, _ := x.Counts()
			_, init := x.Init("v")
			got := want{Stored: stored, Init: init, Pack: x.PackState("v"), Staged: x.StagedBytes()}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("index (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPackingEndsTheClaimsOfARendition(t *testing.T) {
	t.Parallel()
	x := newIndex(2)
	alone, all := x.ClaimAhead("v", 1, 1), x.ClaimGap(0, 2, nil)
	var stopped error
	alone.Start(func(why error) { stopped = why })
	all.Start(func(error) { t.Error("the run that makes other renditions as well is stopped") })
	x.SetPacked("v", packing)
	if !errors.Is(stopped, ErrClaimEnded) {
		t.Errorf("stopped with %v, want %v", stopped, ErrClaimEnded)
	}
	if all.BeginWrite("v", 0) || !all.BeginWrite("w", 0) {
		t.Error("the run may write a packed rendition, or no other")
	}
	if p := x.Packing("v"); p == nil || !x.State("v", 1).Segment || x.Packing("w") != nil || x.Packing("none") != nil {
		t.Errorf("packing is %+v", p)
	}
	x.Remove("v", 0)
	x.RemoveInit("v")
	if s := x.State("v", 0); !s.Segment || !s.Init {
		t.Errorf("a packed rendition is %+v", s)
	}
	x.RemovePacked("v")
	if s := x.State("v", 0); s.Segment || s.Init || x.IsPacked("v") {
		t.Errorf("without its blob it is %+v", s)
	}
}

func TestUploads(t *testing.T) {
	t.Parallel()
	x := newIndex(3)
	if _, ok := x.BeginUpload("v", 0); ok {
		t.Error("a missing segment is uploaded")
	}
	x.store("v", 0, 1, 2)
	if first, ok := x.BeginUpload("v", 1); !first || !ok {
		t.Errorf("first %t, ok %t", first, ok)
	}
	if first, ok := x.BeginUpload("v", 0); first || !ok {
		t.Errorf("the second: first %t, ok %t", first, ok)
	}
	if _, ok := x.BeginUpload("v", 1); ok {
		t.Error("a segment is uploaded twice")
	}
	if late := x.EndUpload("v", 0, nil); late {
		t.Error("late although nothing is packed")
	}
	segments, orphans := x.TakeUploaded("v")
	slices.Sort(segments)
	if diff := cmp.Diff([]int{0, 1}, segments); diff != "" || orphans {
		t.Errorf("uploaded (-want +got):\n%s; orphans %t", diff, orphans)
	}
	if segments, orphans := x.TakeUploaded("v"); segments != nil || orphans {
		t.Errorf("taken again: %v, %t", segments, orphans)
	}
	x.BeginUpload("v", 2)
	x.EndUpload("v", 2, errBroken) // it may be in Blobs all the same
	if segments, orphans := x.TakeUploaded("v"); segments != nil || !orphans {
		t.Errorf("after a failure: %v, %t", segments, orphans)
	}
	x.BeginUpload("v", 2)
	x.SetPacked("v", media.Packing{Init: 4, Index: 6, Offsets: []int64{10, 20, 30, 40}})
	if late := x.EndUpload("v", 2, nil); !late {
		t.Error("not late although the rendition was packed meanwhile")
	}
}

func TestStateTellsOfChanges(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(x *Index){
		"an Init Section": func(x *Index) { x.SetInit("v", [sha256.Size]byte{1}) },
		"a segment":       func(x *Index) { x.ClaimAhead("v", 0, 1).commitTo(t, "v", 1) },
		"a lost segment":  func(x *Index) { x.Remove("v", 1) },
		"an adoption":     func(x *Index) { x.Adopt("v", 0, 5) },
		"a failure":       func(x *Index) { x.Fail("v", errBroken) },
		"a broken run":    func(x *Index) { x.ClaimGap(0, 1, nil).Release(errBroken) },
		"a packed blob":   func(x *Index) { x.SetPacked("v", packing) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := newIndex(2)
			x.store(id.Rendition("v"), 1)
			before := x.State("v", 0)
			change(x)
			select {
			case <-before.Changed:
			default:
				t.Error("Changed is still open")
			}
		})
	}
}
