package scan

import "slices"

// taskQueue is a first-in, first-out queue of tasks that gives memory back: a first scan of a large library queues every file,
// and afterwards the queue stays empty for weeks.
type taskQueue struct {
	tasks []task
	head  int // index of the first task; those before it are zero
}

// minCompact is how many removed tasks make it worth copying the rest.
const minCompact = 1024

func (q *taskQueue) len() int { return len(q.tasks) - q.head }

func (q *taskQueue) push(t task) { q.tasks = append(q.tasks, t) }

// first gives the next task. The queue must not be empty.
func (q *taskQueue) first() task { return q.tasks[q.head] }

// pop removes the first task. The queue must not be empty.
func (q *taskQueue) pop() {
	q.tasks[q.head] = task{}
	q.head++
	switch {
	case q.len() == 0:
		*q = taskQueue{}
	case q.head >= minCompact && q.head > len(q.tasks)/2:
		*q = taskQueue{tasks: slices.Clone(q.tasks[q.head:])}
	}
}
