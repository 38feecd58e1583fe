package facade

import (
	"cmp"
	"context"
	"time"

	"movify/library"
	"movify/pkg/api"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/queue"
	"movify/pkg/queue/natsqueue"
	"movify/pkg/store"
	"movify/transcoder"
)

// encodeState is the progress of the ladder of an asset.
func (c *catalogueFacade) encodeState(a media.Asset, fingerprint string) *api.EncodeState {
	out := &api.EncodeState{
		Error:      cmp.Or(c.transcoder.Failure(fingerprint), c.transcoder.StorageError(fingerprint)),
		Renditions: renditions(a, c.transcoder),
	}
	segments, stored := 0, 0
	for _, m := range c.transcoder.Measures(a) {
		stored += m.Segments
	}
	segments = a.Grid.Segments() * len(a.Ladder.Renditions)
	out.Percent = percent(stored, segments)
	for _, r := range c.transcoder.Running() {
		if r.Asset != a.ID {
			continue
		}
		out.Running, out.Paused, out.Speed = true, r.Paused, r.Speed
		if r.Speed > 0 && r.Class != queue.JIT && out.Percent < 100 {
			duration := time.Duration(a.Grid.DurationMS()) * time.Millisecond
			left := duration * time.Duration(r.To-r.At) / time.Duration(max(1, a.Grid.Segments()))
			out.EtaMs = int64(float64(left.Milliseconds()) / r.Speed)
		}
	}
	return out
}

// renditions is the progress of each rendition of an asset.
func renditions(a media.Asset, t *transcoder.Service) []api.RenditionState {
	measures := t.Measures(a)
	out := make([]api.RenditionState, 0, len(a.Ladder.Renditions))
	for _, r := range a.Ladder.Renditions {
		m := measures[r.ID]
		out = append(out, api.RenditionState{
			ID: string(r.ID), Kind: string(r.Kind), Name: r.Name, Height: r.Height, Language: r.Language,
			Percent: percent(m.Segments, a.Grid.Segments()), Complete: m.Complete,
		})
	}
	return out
}

// percent is 100 only when nothing is missing.
func percent(part, whole int) int {
	if whole == 0 {
		return 0
	}
	return part * 100 / whole
}

// work is the queue and the transcoder for the API.
type work struct {
	sources    Sources
	transcoder *transcoder.Service
	queue      *natsqueue.Queue
	playables  Playables
	log        *store.EncodeLog
	system     func() (api.System, error)
}

var _ api.Work = (*work)(nil)

// Jobs lists the running, waiting and failed jobs.
func (w *work) Jobs(ctx context.Context) (api.Jobs, error) {
	var out api.Jobs
	for _, r := range w.transcoder.Running() {
		title, name := w.sources.titleOf(ctx, r.Asset)
		job := api.Job{
			RunID: string(r.ID), TitleID: string(title), TitleName: name, Class: string(r.Class),
			From: r.From, To: r.To, At: r.At, Speed: r.Speed, Paused: r.Paused,
		}
		for _, x := range r.Renditions {
			job.Renditions = append(job.Renditions, x.Name)
		}
		out.Running = append(out.Running, job)
	}
	counts := map[queue.Class]*int{
		queue.JIT: &out.Waiting.JIT, queue.New: &out.Waiting.New, queue.Backlog: &out.Waiting.Backlog,
	}
	for class, n := range counts {
		var err error
		if *n, err = w.queue.Waiting(ctx, class); err != nil {
			return out, err
		}
	}
	dead, err := w.queue.Dead(ctx)
	if err != nil {
		return out, err
	}
	for _, d := range dead {
		_, name := w.sources.titleOf(ctx, assetOf(d.Job.Key))
		out.Dead = append(out.Dead, api.DeadJob{Key: d.Job.Key, Reason: d.Reason, TitleName: name})
	}
	return out, nil
}

// System describes the machine.
func (w *work) System(context.Context) (api.System, error) { return w.system() }

// EncodeLog lists the run that made each segment of a title's ladder.
func (w *work) EncodeLog(ctx context.Context, t id.Title) (api.EncodeLog, error) {
	p, err := w.playables.to(ctx, library.Unrestricted(), t, "")
	if err != nil {
		return api.EncodeLog{}, err
	}
	entries, err := w.log.Entries(ctx, p.Asset.ID)
	if err != nil {
		return api.EncodeLog{}, err
	}
	out := api.EncodeLog{Items: make([]api.EncodeEntry, 0, len(entries))}
	for _, e := range entries {
		out.Items = append(out.Items, api.EncodeEntry{
			RunID: string(e.Run), Class: string(e.Class), Rendition: string(e.Rendition), Segment: e.Segment,
			Bytes: e.Bytes, SHA256: e.SHA256, AtMs: e.AtMS, Duplicate: e.Duplicate,
		})
	}
	return out, nil
}
