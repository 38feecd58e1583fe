package player_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/id"
	"movify/player"
)

// resumable lists the titles and positions that a profile may continue.
func (h *harness) resumable(t *testing.T, limit int) []string {
	t.Helper()
	list, err := h.ContinueWatching(t.Context(), "anna", limit)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range list {
		out = append(out, fmt.Sprintf("%s %d", p.Title, p.ResumeMS()))
	}
	return out
}

// history lists the titles and positions of a page of visits.
func (h *harness) history(t *testing.T, cursor string, limit int) (out []string, next string) {
	t.Helper()
	list, next, err := h.History(t.Context(), "anna", cursor, limit)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range list {
		text := fmt.Sprintf("%s %d", v.Title, v.PositionMS)
		if v.Watched {
			text += " watched"
		}
		out = append(out, text)
	}
	return out, next
}

// saved stores a position as a device that was offline does.
func (h *harness) storePosition(t *testing.T, title id.Title, ms int64, ago time.Duration) {
	t.Helper()
	err := h.AddOfflineReports(t.Context(), anna, []player.OfflineReport{{
		Title: title, File: "file", PositionMS: ms, DurationMS: 250_000, At: h.now.Add(-ago),
	}})
	if err != nil {
		t.Fatal(err)
	}
}

// reported plays a title to a position that is not stored yet.
func (h *harness) playUnsaved(t *testing.T, title id.Title, ms int64) {
	t.Helper()
	p, err := h.Start(t.Context(), caller(anna), title, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Report(t.Context(), anna, p.Session.ID, ms, player.Playing); err != nil {
		t.Fatal(err)
	}
}

func TestReadingNeverWrites(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.storePosition(t, "other", 100_000, time.Hour)
	h.playUnsaved(t, "film", 60_000)
	h.store.fail = errors.New("disk full")
	if diff := cmp.Diff([]string{"film 60000", "other 100000"}, h.resumable(t, 9)); diff != "" {
		t.Errorf("to continue (-want +got):\n%s", diff)
	}
	got, _ := h.history(t, "", 9)
	if diff := cmp.Diff([]string{"film 60000", "other 100000"}, got); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

func TestPositionsInMemoryStandAmongStoredOnes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before    func(t *testing.T, h *harness)
		limit     int
		resumable []string
		history   []string
		second    []string // page of the history
	}{
		"nothing in memory": {
			before: func(t *testing.T, h *harness) { h.storePosition(t, "film", 90_000, time.Hour) },
			limit:  9, resumable: []string{"film 90000"}, history: []string{"film 90000"},
		},
		"of another title": {
			before: func(t *testing.T, h *harness) {
				h.storePosition(t, "film", 90_000, time.Hour)
				h.playUnsaved(t, "double", 70_000)
			},
			limit: 9, resumable: []string{"double 70000", "film 90000"}, history: []string{"double 70000", "film 90000"},
		},
		"of a title on a later page": {
			before: func(t *testing.T, h *harness) {
				h.storePosition(t, "film", 90_000, 2*time.Hour)
				h.storePosition(t, "other", 80_000, time.Hour)
				h.playUnsaved(t, "film", 120_000)
			},
			limit: 1, resumable: []string{"film 120000"}, history: []string{"film 120000"}, second: []string{"other 80000"},
		},
		"of an earlier visit": {
			before: func(t *testing.T, h *harness) {
				h.storePosition(t, "film", 90_000, 8*time.Hour)
				h.playUnsaved(t, "film", 120_000)
			},
			limit: 9, resumable: []string{"film 120000"}, history: []string{"film 120000", "film 90000"},
		},
		"of a visit that saw the end": {
			before: func(t *testing.T, h *harness) {
				h.storePosition(t, "film", 250_000, time.Hour)
				h.playUnsaved(t, "film", 120_000)
			},
			limit: 9, resumable: []string{"film 120000"}, history: []string{"film 120000 watched"},
		},
		"hardly begun": {
			before: func(t *testing.T, h *harness) { h.playUnsaved(t, "film", 1_000) },
			limit:  9,
		},
		"back at the beginning": {
			before: func(t *testing.T, h *harness) {
				h.storePosition(t, "film", 90_000, time.Hour)
				h.playUnsaved(t, "film", 1_000)
			},
			limit: 9, history: []string{"film 90000"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			test.before(t, h)
			for _, state := range []string{"in memory", "stored"} {
				if diff := cmp.Diff(test.resumable, h.resumable(t, test.limit)); diff != "" {
					t.Errorf("%s, to continue (-want +got):\n%s", state, diff)
				}
				got, next := h.history(t, "", test.limit)
				if diff := cmp.Diff(test.history, got); diff != "" {
					t.Errorf("%s, history (-want +got):\n%s", state, diff)
				}
				if next != "" {
					got, _ := h.history(t, next, test.limit)
					if diff := cmp.Diff(test.second, got); diff != "" {
						t.Errorf("%s, second page (-want +got):\n%s", state, diff)
					}
				}
				if err := h.Flush(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
