package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"movify/pkg/api"
	"movify/pkg/blob/disk"
	"movify/pkg/config"
	"movify/pkg/fault"
	"movify/pkg/storage"
	"movify/pkg/store"
)

// Faults of storage tasks on the command line.
var (
	ErrTaskFailed    = fault.New(fault.Unavailable, "storage_task_failed", "The storage task has failed.")
	ErrTaskCancelled = fault.New(fault.Conflict, "storage_task_cancelled", "The storage task was cancelled.")
)

// StorageCLI runs storage tasks from the command line: by the server that has the data folder open, which reads the
// request from the database, or else by itself.
type StorageCLI struct {
	Config config.Config
	Logger *slog.Logger
	// Progress is called with the state of the task, twice a second; nil = no calls.
	Progress func(api.StorageTask)
}

// Move moves everything to a backend, or joins that move, and returns when it has ended.
func (s StorageCLI) Move(ctx context.Context, backend string) (api.StorageTask, error) {
	start := func(ctx context.Context, h *storageFacade) (api.StorageTask, error) {
		return h.MoveStorage(ctx, backend)
	}
	return s.runTask(ctx, start, func(t storage.Task) bool {
		return t.Kind == storage.Move && t.To == storage.Backend(backend)
	})
}

// Collect removes unreferenced blobs, or with dry only lists them.
func (s StorageCLI) Collect(ctx context.Context, dry bool) (api.StorageTask, error) {
	start := func(ctx context.Context, h *storageFacade) (api.StorageTask, error) { return h.CleanStorage(ctx, dry) }
	return s.runTask(ctx, start, func(t storage.Task) bool { return t.Kind == storage.Collect && t.DryRun == dry })
}

// progressInterval is the time between calls of Progress.
const progressInterval = 500 * time.Millisecond

// startTask requests a task.
type startTask func(context.Context, *storageFacade) (api.StorageTask, error)

// runTask requests a task, or joins one that is the same, and follows it until it has ended.
func (s StorageCLI) runTask(
	ctx context.Context, start startTask, same func(storage.Task) bool,
) (api.StorageTask, error) {
	requested := false
	for {
		var t api.StorageTask
		h, alone, err := s.open(ctx)
		if err != nil {
			return t, err
		}
		if !requested {
			err = s.request(ctx, h, start, same)
			requested = err == nil
		}
		if err == nil {
			t, err = s.follow(ctx, h, alone)
		}
		if err = errors.Join(err, h.Close()); err != nil {
			return t, err
		}
		switch storage.State(t.State) {
		case storage.Done:
			return t, nil
		case storage.Failed:
			return t, ErrTaskFailed.Saying(t.Error)
		case storage.Cancelled:
			return t, ErrTaskCancelled
		}
		// The server that ran it has stopped: run the rest here.
	}
}

// request requests the task unless the same is running.
func (s StorageCLI) request(
	ctx context.Context, h *storageFacade, start startTask, same func(storage.Task) bool,
) error {
	_, err := start(ctx, h)
	if !fault.Of(err).Is(storage.ErrBusy) {
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

// open opens the data folder: alone, or beside a running server with the database only, where it may add requests.
func (s StorageCLI) open(ctx context.Context) (h *storageFacade, alone bool, err error) {
	f, err := openDataDir(ctx, s.Config, s.Logger)
	if err == nil {
		return &storageFacade{dataDir: f, service: f.newStorage(nil, nil)}, true, nil
	}
	if !fault.Of(err).Is(ErrInUse) {
		return nil, false, err
	}
	f = &dataDir{config: s.Config, logger: s.Logger}
	f.db, err = store.Open(ctx, store.Options{Path: f.path(databaseName), Logger: s.Logger, Guest: true})
	if err != nil {
		return nil, false, err
	}
	f.closers = append(f.closers, f.db)
	f.backends = &backends{config: s.Config.Storage, store: f.db.Storage(), logger: s.Logger}
	f.closers = append(f.closers, f.backends)
	return &storageFacade{dataDir: f, service: f.newStorage(nil, nil)}, false, nil
}

// follow reports progress until the task has ended. Alone it also runs the task; beside a server it returns early when
// the server has stopped.
func (s StorageCLI) follow(ctx context.Context, h *storageFacade, alone bool) (api.StorageTask, error) {
	working, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	if alone {
		go func() { ended <- h.service.RunPending(working) }()
	}
	tick := time.NewTicker(progressInterval)
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
		if s.Progress != nil {
			s.Progress(taskOf(t))
		}
		if over || !alone && (t.State.Ended() || !lockHeld(h.config.Data.Dir)) {
			return taskOf(t), nil
		}
	}
}

// lockHeld reports whether another process has a data folder open.
func lockHeld(dir string) bool {
	lock, err := lockData(dir)
	if err == nil {
		lock.Close()
	}
	return err != nil
}

// openDirs opens the folders whose files are counted beside a server.
func (h *storageFacade) openDirs() (err error) {
	for name, at := range map[string]**disk.Store{blobsName: &h.local, stageName: &h.stage} {
		if *at, err = disk.Open(disk.Options{Dir: h.path(name)}); err != nil {
			return err
		}
		h.closers = append(h.closers, *at)
	}
	return nil
}

// State describes the storage.
func (s StorageCLI) State(ctx context.Context) (api.StorageState, error) {
	h, alone, err := s.open(ctx)
	if err != nil {
		return api.StorageState{}, err
	}
	defer h.Close()
	if !alone {
		if err := h.openDirs(); err != nil {
			return api.StorageState{}, err
		}
	}
	return h.Storage(ctx)
}

// Check checks the bucket in force.
func (s StorageCLI) Check(ctx context.Context) (api.StorageCheck, error) {
	h, _, err := s.open(ctx)
	if err != nil {
		return api.StorageCheck{}, err
	}
	defer h.Close()
	return h.CheckStorage(ctx, nil)
}
