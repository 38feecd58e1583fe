package keeper_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/blob"
	"movify/pkg/blob/blobtest"
	"movify/pkg/blob/twin"
	"movify/pkg/id"
	"movify/pkg/keeper"
)

// census says what is needed; later, when set, from the second question on.
type census struct {
	needs, later *keeper.Needs
	asked        int
}

func (c *census) Needs(context.Context) (keeper.Needs, error) {
	c.asked++
	if c.asked > 2 && c.later != nil {
		return *c.later, nil
	}
	return *c.needs, nil
}

func needs() *keeper.Needs {
	return &keeper.Needs{
		Fingerprints: map[string]bool{"aa": true, "bb": true}, Pictures: map[string]bool{"art/t1/poster-500-1.jpg": true},
		Busy: map[id.Asset]bool{"gone-old": true, "bb-old": true}, Policy: "new",
	}
}

// attic is a home and a stage with something of everything in it; the keys of what is garbage have their reasons.
var attic = map[string]string{
	"v1/aa/new/plan.json":          "",
	"v1/aa/new/v1/all.mp4":         "",
	"v1/aa/new/v1/00000.m4s":       "packed into all.mp4",
	"v1/aa/new/v1/init.mp4":        "packed into all.mp4",
	"v1/aa/new/v2/00000.m4s":       "",
	"v1/aa/new/v2/init.mp4":        "",
	"v1/aa/new/whole.json":         "",
	"v1/aa/old/plan.json":          "the title has a newer ladder, which is whole",
	"v1/aa/old/v1/00007.m4s":       "the title has a newer ladder, which is whole",
	"v1/bb/new/plan.json":          "", // not whole
	"v1/bb/older/v1/all.mp4":       "", // so this is all there is
	"v1/gone/new/v1/all.mp4":       "no file has this content",
	"v1/gone/new/plan.json":        "no file has this content",
	"v1/gone/old/v1/all.mp4":       "", // somebody watches it
	"v1/stray":                     "",
	"art/aa/still-480.webp":        "",
	"art/gone/still-480.webp":      "no file has this content",
	"art/t1/poster-500-1.jpg":      "",
	"art/t1/poster-500-1-w320.jpg": "",
	"art/t1/poster-500-0-w320.jpg": "no title has this picture",
	"art/aa/cut-w320.jpg":          "",
	"art/gone/cut-w320.jpg":        "no file has this content",
	"art/t1/poster-500-0.jpg":      "no title has this picture",
	"art/t2/poster-500-2.jpg":      "no title has this picture",
	"speech/by/somebody/else.text": "",
}

func collect(t *testing.T, dry bool, c *census, stage, home blob.Store) keeper.Task {
	t.Helper()
	r := newRecords()
	s := keeper.New(keeper.Options{
		Store: r, Stage: stage, Census: c,
		Homes: &house{stores: map[keeper.Home]blob.Store{keeper.Disk: home}, front: twin.NewFront(home), bare: func(s blob.Store) blob.Store { return s }},
	})
	if _, err := s.WishClean(t.Context(), dry); err != nil {
		t.Fatal(err)
	}
	if _, err := s.WishClean(t.Context(), dry); !errors.Is(err, keeper.ErrBusy) {
		t.Errorf("a second wish: %v", err)
	}
	if err := s.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	task, err := r.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return task
}

func furnish(t *testing.T) blob.Store {
	t.Helper()
	s := blobtest.NewMemory()
	for key := range attic {
		put(t, s, key, key)
	}
	return s
}

func keys(t *testing.T, s blob.Store) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for info, err := range s.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		out[info.Key] = true
	}
	return out
}

func TestGarbage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		stage, home := furnish(t), furnish(t)
		time.Sleep(25 * time.Hour)
		want := map[string]bool{}
		reasons := map[string]string{}
		for key, why := range attic {
			if why == "" {
				want[key] = true
			} else {
				reasons[key] = why
			}
		}
		found := collect(t, true, &census{needs: needs()}, stage, home)
		got := map[string]string{}
		for _, g := range found.Garbage {
			got[g.Key] = g.Why
			if g.Size != int64(len(g.Key)) {
				t.Errorf("%+v", g)
			}
		}
		if diff := cmp.Diff(reasons, got); diff != "" || found.Total != 2*len(reasons) || found.State != keeper.Done || found.TotalBytes == 0 {
			t.Errorf("%+v (-want +got):\n%s", found, diff)
		}
		if len(keys(t, home)) != len(attic) || len(keys(t, stage)) != len(attic) {
			t.Error("a dry run removed something")
		}
		done := collect(t, false, &census{needs: needs()}, stage, home)
		for _, s := range []blob.Store{stage, home} {
			if diff := cmp.Diff(want, keys(t, s)); diff != "" {
				t.Errorf("left (-want +got):\n%s", diff)
			}
		}
		if done.Done != found.Total || done.DoneBytes != found.TotalBytes {
			t.Errorf("%+v", done)
		}
		if again := collect(t, false, &census{needs: needs()}, stage, home); again.Total != 0 {
			t.Errorf("found once more: %+v", again.Garbage)
		}
	})
}

func TestNothingYoungIsGarbage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		home := furnish(t)
		time.Sleep(23 * time.Hour)
		if task := collect(t, false, &census{needs: needs()}, nil, home); task.Total != 0 {
			t.Errorf("%+v", task.Garbage)
		}
		// One young part keeps a whole asset: somebody is at work on it.
		put(t, home, "v1/gone/new/v1/00001.m4s", "x")
		time.Sleep(2 * time.Hour)
		collect(t, false, &census{needs: needs()}, nil, home)
		left := keys(t, home)
		if !left["v1/gone/new/plan.json"] || left["art/gone/still-480.webp"] {
			t.Errorf("%v", left)
		}
	})
}

// Between the look and the deed a file may come back, or somebody may press play.
func TestWhatIsNeededMeanwhileIsKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		later := needs()
		later.Fingerprints["gone"] = true
		later.Busy["aa-old"] = true
		later.Pictures["art/t2/poster-500-2.jpg"] = true
		home := furnish(t)
		time.Sleep(25 * time.Hour)
		collect(t, false, &census{needs: needs(), later: later, asked: 1}, nil, home)
		left := keys(t, home)
		for _, key := range []string{"v1/gone/new/plan.json", "v1/aa/old/plan.json", "art/t2/poster-500-2.jpg"} {
			if !left[key] {
				t.Errorf("%s is gone", key)
			}
		}
	})
}

// uploads is a home with uploads that were never completed.
type uploads struct {
	blob.Store
	dropped []bool
}

func (u *uploads) DropUnfinished(_ context.Context, _ time.Time, dry bool) (int, error) {
	u.dropped = append(u.dropped, dry)
	return 3, nil
}

func TestUnfinishedUploads(t *testing.T) {
	t.Parallel()
	home := &uploads{Store: blobtest.NewMemory()}
	for _, dry := range []bool{true, false} {
		task := collect(t, dry, &census{needs: needs()}, nil, home)
		if task.Total != 1 || task.Garbage[0].Key != "3 uploads" {
			t.Errorf("%+v", task)
		}
	}
	if diff := cmp.Diff([]bool{true, false}, home.dropped); diff != "" {
		t.Error(diff)
	}
}

// A long list is kept in short; the counts tell the rest.
func TestMuchGarbage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		home := blobtest.NewMemory()
		for n := range 500 {
			put(t, home, fmt.Sprintf("v1/gone%03d/p/plan.json", n), "12")
		}
		time.Sleep(25 * time.Hour)
		task := collect(t, true, &census{needs: needs()}, nil, home)
		if len(task.Garbage) != 200 || task.Total != 500 || task.TotalBytes != 1000 {
			t.Errorf("%d of %d, %d bytes", len(task.Garbage), task.Total, task.TotalBytes)
		}
	})
}

func TestACollectionThatCannotBeMadeSaysWhy(t *testing.T) {
	t.Parallel()
	task := collect(t, false, &census{needs: needs()}, nil, broken{blobtest.NewMemory()})
	if task.State != keeper.Failed || task.Error == "" {
		t.Errorf("%+v", task)
	}
}

// broken cannot be listed.
type broken struct{ blob.Store }

func (broken) List(context.Context, string) iter.Seq2[blob.Info, error] {
	return func(yield func(blob.Info, error) bool) { yield(blob.Info{}, errAway) }
}
