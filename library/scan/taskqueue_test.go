package scan

import (
	"strconv"
	"testing"

	"movify/library"
)

func TestTaskQueueGivesMemoryBack(t *testing.T) {
	t.Parallel()
	const tasks = 10_000
	var q taskQueue
	for n := range tasks {
		q.push(task{video: library.VideoFile{Path: strconv.Itoa(n)}})
	}
	for n := range tasks {
		if got := q.first().video.Path; got != strconv.Itoa(n) {
			t.Fatalf("task %d is %s", n, got)
		}
		q.pop()
		if most := max(4*minCompact, 3*q.len()); cap(q.tasks) > most && n > tasks/2 {
			t.Fatalf("room for %d tasks is held for %d", cap(q.tasks), q.len())
		}
	}
	if q.len() != 0 || cap(q.tasks) != 0 {
		t.Errorf("empty, the queue holds room for %d tasks", cap(q.tasks))
	}
	q.push(task{known: "again"})
	if q.len() != 1 || q.first().known != "again" {
		t.Errorf("used again: %d tasks", q.len())
	}
}
