package storetest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/storage"
)

// Storage proves that a storage.Store behaves as its port says.
func Storage(t *testing.T, open func(*testing.T) storage.Store) {
	run(t, open, []testCase[storage.Store]{
		{"at first everything is on the disk and nothing is done", testInitialLayout},
		{"a task and its layout are kept together", testTaskAndLayoutAreAtomic},
		{"one open task at a time", testOneOpenTask},
		{"requests to cancel are counted apart", testCancelRequestsAreCounted},
	})
}

func testInitialLayout(t *testing.T, s storage.Store) {
	p, err := s.Layout(t.Context())
	if err != nil || p != (storage.Layout{Backend: storage.Disk}) {
		t.Errorf("layout %+v, %v", p, err)
	}
	if _, err := s.Last(t.Context()); !errors.Is(err, storage.ErrNoTask) {
		t.Errorf("last task: %v", err)
	}
}

func testTaskAndLayoutAreAtomic(t *testing.T, s storage.Store) {
	want := storage.Task{
		ID: "one", Kind: storage.Move, From: storage.Disk, To: storage.S3, State: storage.Waiting, Created: moment(0),
	}
	addTask(t, s, want)
	want.State, want.Phase, want.Cursor = storage.Running, storage.Copying, "v1/é"
	want.Done, want.Total, want.DoneBytes, want.TotalBytes, want.Speed = 1, 2, 3, 4, 5
	want.Started, want.RetiredReadAt, want.Error = moment(1), moment(2), "words"
	want.Garbage = []storage.Garbage{{Key: "k", Size: 7, Reason: "old"}}
	layout := storage.Layout{Backend: storage.Disk, Target: storage.S3, Rollback: true, Retired: storage.S3}
	if err := s.Save(t.Context(), want, &layout); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, lastTask(t, s)); diff != "" {
		t.Errorf("task (-want +got):\n%s", diff)
	}
	want.Done = 2
	if err := s.Save(t.Context(), want, nil); err != nil {
		t.Fatal(err)
	}
	if p, err := s.Layout(t.Context()); err != nil || p != layout {
		t.Errorf("layout %+v, %v; want it as it was saved", p, err)
	}
	if got := lastTask(t, s).Done; got != 2 {
		t.Errorf("done %d", got)
	}
}

func testOneOpenTask(t *testing.T, s storage.Store) {
	first := storage.Task{ID: "first", Kind: storage.Collect, State: storage.Waiting, DryRun: true, Created: moment(0)}
	second := storage.Task{ID: "second", Kind: storage.Move, State: storage.Waiting, Created: moment(1)}
	addTask(t, s, first)
	if err := s.Add(t.Context(), second); !errors.Is(err, storage.ErrBusy) {
		t.Errorf("a second open task: %v", err)
	}
	first.State, first.Finished = storage.Done, moment(5)
	if err := s.Save(t.Context(), first, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, lastTask(t, s)); diff != "" {
		t.Errorf("task (-want +got):\n%s", diff)
	}
	addTask(t, s, second)
	if got := lastTask(t, s).ID; got != "second" {
		t.Errorf("last is %s", got)
	}
}

func testCancelRequestsAreCounted(t *testing.T, s storage.Store) {
	task := storage.Task{ID: "one", Kind: storage.Move, State: storage.Running, Created: moment(0)}
	addTask(t, s, task)
	if err := s.Cancel(t.Context(), "one"); err != nil {
		t.Fatal(err)
	}
	if err := s.Save(t.Context(), task, nil); err != nil { // by a process that has not read the request
		t.Fatal(err)
	}
	if n, err := s.CancelRequests(t.Context(), "one"); err != nil || n != 1 || lastTask(t, s).CancelRequests != 1 {
		t.Errorf("%d, %v; want one request", n, err)
	}
	task.State, task.Finished = storage.Done, moment(1)
	if err := errors.Join(s.Save(t.Context(), task, nil), s.Cancel(t.Context(), "one")); err != nil {
		t.Fatal(err)
	}
	if n, err := s.CancelRequests(t.Context(), "one"); err != nil || n != 1 {
		t.Errorf("%d, %v; an ended task counts nothing", n, err)
	}
}

func addTask(t *testing.T, s storage.Store, x storage.Task) {
	t.Helper()
	if err := s.Add(t.Context(), x); err != nil {
		t.Fatal(err)
	}
}

func lastTask(t *testing.T, s storage.Store) storage.Task {
	t.Helper()
	x, err := s.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return x
}
