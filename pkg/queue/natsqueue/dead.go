package natsqueue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"movify/pkg/id"
	"movify/pkg/queue"
)

const (
	deadStream = "MOVIFY_DEAD"
	deadPrefix = "dead."
	maxDead    = 1000 // records stored; the oldest are dropped first
)

// DeadJob is a job that ended without success and is not retried.
type DeadJob struct {
	Job    queue.Job
	Reason string // for the admin
	At     time.Time
}

// record is a DeadJob as it is stored.
type record struct {
	ID      id.Job      `json:"id"`
	Class   queue.Class `json:"class"`
	Key     string      `json:"key"`
	Payload []byte      `json:"payload"`
	Attempt int         `json:"attempt"`
	Reason  string      `json:"reason"`
}

func prepareDead(ctx context.Context, js jetstream.JetStream, storage jetstream.StorageType) (jetstream.Stream, error) {
	s, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name:              deadStream,
		Subjects:          []string{deadPrefix + "*.*"},
		MaxMsgs:           maxDead,
		MaxMsgsPerSubject: 1, // the latest death of a job is the one of interest
		Discard:           jetstream.DiscardOld,
		Storage:           storage,
	})
	if err != nil {
		return nil, fmt.Errorf("prepare stream of dead jobs: %w", err)
	}
	return s, nil
}

// recordDead stores the record of a dead job.
func (q *Queue) recordDead(ctx context.Context, j queue.Job, reason string) error {
	data, err := json.Marshal(record{j.ID, j.Class, j.Key, j.Payload, j.Attempt, reason})
	if err != nil {
		return err
	}
	_, err = q.js.Publish(ctx, deadSubject(j.Class, j.Key), data, jetstream.WithExpectStream(deadStream))
	return err
}

// Dead lists the dead jobs, longest dead first, at most 1,000.
func (q *Queue) Dead(ctx context.Context) ([]DeadJob, error) {
	var out []DeadJob
	for seq := uint64(1); ; seq++ {
		// With a subject the server gives the first message at or after seq.
		m, err := q.dead.GetMsg(ctx, seq, jetstream.WithGetMsgSubject(deadPrefix+">"))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("list dead jobs: %w", q.kind(err))
		}
		var r record
		if err := json.Unmarshal(m.Data, &r); err != nil {
			return nil, fmt.Errorf("read dead job %q: %w", m.Subject, err)
		}
		out = append(out, DeadJob{
			Job:    queue.Job{ID: r.ID, Class: r.Class, Key: r.Key, Payload: r.Payload, Attempt: r.Attempt},
			Reason: r.Reason,
			At:     m.Time,
		})
		seq = m.Sequence
	}
}

// Forget removes a job from the list of dead jobs, when an admin tries it again or has seen it. Forgetting a job that
// is not there is no error.
func (q *Queue) Forget(ctx context.Context, c queue.Class, key string) error {
	if err := q.check(queue.Job{Class: c, Key: key}); err != nil {
		return fmt.Errorf("forget dead job %q: %w", key, err)
	}
	if err := q.dead.Purge(ctx, jetstream.WithPurgeSubject(deadSubject(c, key))); err != nil {
		return fmt.Errorf("forget dead job %q: %w", key, q.kind(err))
	}
	return nil
}

func deadSubject(c queue.Class, key string) string { return deadPrefix + string(c) + "." + key }
