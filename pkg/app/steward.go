package app

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"time"

	"movify/pkg/api"
	"movify/pkg/blob/disk"
	"movify/pkg/config"
	"movify/pkg/fault"
	"movify/pkg/keeper"
	"movify/pkg/store"
)

// Faults of storage tasks on the command line.
var (
	ErrTaskFailed    = fault.New(fault.Unavailable, "storage_task_failed", "The storage task has failed.")
	ErrTaskCancelled = fault.New(fault.Conflict, "storage_task_cancelled", "The storage task was cancelled.")
)

// Steward does storage tasks from the command line: by the server when one is at work on the data folder, for which a
// wish in the database is enough, and else by itself.
type Steward struct {
	Config config.Config
	Logger *slog.Logger
	// Tell hears how far the task is, twice a second.
	Tell func(api.StorageTask)
}

// Move brings everything to a home, or goes on with that, and returns when it is there.
func (s Steward) Move(ctx context.Context, home string) (api.StorageTask, error) {
	return s.do(ctx, keeper.Move, func(ctx context.Context, h *household) (api.StorageTask, error) { return h.MoveStorage(ctx, home) },
		func(t keeper.Task) bool { return t.Kind == keeper.Move && t.To == keeper.Home(home) })
}

// Collect removes what nobody needs, or with dry only names it.
func (s Steward) Collect(ctx context.Context, dry bool) (api.StorageTask, error) {
	return s.do(ctx, keeper.Collect, func(ctx context.Context, h *household) (api.StorageTask, error) { return h.CleanStorage(ctx, dry) },
		func(t keeper.Task) bool { return t.Kind == keeper.Collect && t.DryRun == dry })
}

// beat is how often a person hears of progress.
const beat = 500 * time.Millisecond

// do wishes for a task, joins one that is the same, and stays until it has ended.
func (s Steward) do(ctx context.Context, kind keeper.Kind, wish func(context.Context, *household) (api.StorageTask, error), same func(keeper.Task) bool) (api.StorageTask, error) {
	wished := false
	for {
		var t api.StorageTask
		h, alone, err := s.enter(ctx)
		if err != nil {
			return t, err
		}
		if !wished {
			err = s.wish(ctx, h, wish, same)
			wished = err == nil
		}
		if err == nil {
			t, err = s.stay(ctx, h, alone)
		}
		if err = errors.Join(err, h.Close()); err != nil {
			return t, err
		}
		switch keeper.State(t.State) {
		case keeper.Done:
			return t, nil
		case keeper.Failed:
			return t, ErrTaskFailed.Saying(t.Error)
		case keeper.Cancelled:
			return t, ErrTaskCancelled
		}
		// The server that did it has gone: go on ourselves.
	}
}

// wish asks for the task unless it is under way.
func (s Steward) wish(ctx context.Context, h *household, wish func(context.Context, *household) (api.StorageTask, error), same func(keeper.Task) bool) error {
	_, err := wish(ctx, h)
	if !fault.Of(err).Is(keeper.ErrBusy) {
		return err
	}
	last, lastErr := h.db.Storage().Last(ctx)
	if lastErr != nil {
		return lastErr
	}
	if !same(last) {
		return err
	}
	return nil
}

// enter opens the data folder, as its only user or, beside a server, as a guest who changes nothing but wishes.
func (s Steward) enter(ctx context.Context) (h *household, alone bool, err error) {
	f, err := lay(ctx, s.Config, s.Logger)
	if err == nil {
		return &household{foundation: f, keeper: f.keeper(nil, nil)}, true, nil
	}
	if !fault.Of(err).Is(ErrInUse) {
		return nil, false, err
	}
	f = &foundation{config: s.Config, logger: s.Logger}
	f.db, err = store.Open(ctx, store.Options{Path: filepath.Join(s.Config.Data.Dir, databaseName), Logger: s.Logger, Guest: true})
	if err != nil {
		return nil, false, err
	}
	f.closers = append(f.closers, f.db)
	f.homes = &homes{config: s.Config.Storage, kept: f.db.Storage(), logger: s.Logger}
	f.closers = append(f.closers, f.homes)
	return &household{foundation: f, keeper: f.keeper(nil, nil)}, false, nil
}

// stay tells of progress until the task has ended. Alone it also does the task; as a guest it gives up early when the
// server has gone.
func (s Steward) stay(ctx context.Context, h *household, alone bool) (api.StorageTask, error) {
	working, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	if alone {
		go func() { ended <- h.keeper.Finish(working) }()
	}
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		var failure error
		over := false
		select {
		case failure = <-ended:
			over = true
		case <-tick.C:
		case <-ctx.Done():
			if alone {
				<-ended
			}
			return api.StorageTask{}, ctx.Err()
		}
		t, err := h.db.Storage().Last(ctx)
		if err = errors.Join(failure, err); err != nil {
			if alone && !over {
				stop()
				<-ended
			}
			return api.StorageTask{}, err
		}
		if s.Tell != nil {
			s.Tell(taskOf(t))
		}
		if over || !alone && (t.State.Ended() || !served(h.config.Data.Dir)) {
			return taskOf(t), nil
		}
	}
}

// served reports whether somebody else is at work on a data folder.
func served(dir string) bool {
	lock, err := lockData(dir)
	if err == nil {
		lock.Close()
	}
	return err != nil
}

// look opens the folders that a guest only counts.
func (h *household) look() (err error) {
	for name, at := range map[string]**disk.Store{blobsName: &h.local, stageName: &h.stage} {
		if *at, err = disk.Open(disk.Options{Dir: h.path(name)}); err != nil {
			return err
		}
		h.closers = append(h.closers, *at)
	}
	return nil
}

// State describes the storage.
func (s Steward) State(ctx context.Context) (api.StorageState, error) {
	h, alone, err := s.enter(ctx)
	if err != nil {
		return api.StorageState{}, err
	}
	defer h.Close()
	if !alone {
		if err := h.look(); err != nil {
			return api.StorageState{}, err
		}
	}
	return h.Storage(ctx)
}

// Check tries the bucket that is in force.
func (s Steward) Check(ctx context.Context) (api.StorageCheck, error) {
	h, _, err := s.enter(ctx)
	if err != nil {
		return api.StorageCheck{}, err
	}
	defer h.Close()
	return h.CheckStorage(ctx, nil)
}
