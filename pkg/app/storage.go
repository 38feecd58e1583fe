package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"movify/pkg/api"
	"movify/pkg/blob"
	"movify/pkg/blob/s3"
	"movify/pkg/config"
	"movify/pkg/fault"
	"movify/pkg/storage"
)

// ErrEngineFixed is returned for a move away from the engine in the configuration.
var ErrEngineFixed = fault.New(fault.Conflict, "storage_engine_configured",
	"storage.engine in the configuration says where films are stored. Change it there.")

// storageFacade is the storage for the API.
type storageFacade struct {
	*dataDir
	service *storage.Service
	sizes   diskUsage
}

var _ api.Storage = (*storageFacade)(nil)

// run executes storage tasks, beginning with the move to the configured engine.
func (h *storageFacade) run(ctx context.Context) error {
	if err := h.applyConfiguredEngine(ctx); err != nil && ctx.Err() == nil {
		h.logger.Error("move to the configured storage engine", "error", err)
	}
	return h.service.Run(ctx)
}

// applyConfiguredEngine requests the move to the configured engine, if it is needed.
func (h *storageFacade) applyConfiguredEngine(ctx context.Context) error {
	if h.config.Storage.Engine == "" {
		return nil
	}
	last, err := h.db.Storage().Last(ctx)
	if err == nil && !last.State.Ended() {
		return nil // this move, or another task that comes first
	}
	_, err = h.service.RequestMove(ctx, storage.Backend(h.config.Storage.Engine))
	if fault.Of(err).Is(storage.ErrAlreadyThere) {
		return nil
	}
	return err
}

// Storage describes the storage.
func (h *storageFacade) Storage(ctx context.Context) (api.StorageState, error) {
	records := h.db.Storage()
	p, err := records.Layout(ctx)
	if err != nil {
		return api.StorageState{}, err
	}
	now, err := h.sizes.of(ctx, h.local, h.stage, h.path(cacheName))
	if err != nil {
		return api.StorageState{}, err
	}
	free, err := freeBytes(h.config.Data.Dir)
	if err != nil {
		return api.StorageState{}, err
	}
	out := api.StorageState{
		Home: string(p.Backend), Engine: h.config.Storage.Engine,
		Disk:  api.StorageDisk{Dir: h.path(blobsName), Bytes: now.disk, Blobs: now.blobs, FreeBytes: free},
		Stage: api.StorageBytes{Bytes: now.stage},
		Cache: api.StorageCache{Bytes: now.cache, Limit: int64(h.config.Storage.Cache)},
	}
	out.S3, err = h.savedBucket(ctx)
	if err != nil {
		return out, err
	}
	last, err := records.Last(ctx)
	switch {
	case err == nil:
		t := taskOf(last)
		out.Task = &t
	case !fault.Of(err).Is(storage.ErrNoTask):
		return out, err
	}
	return out, nil
}

// savedBucket describes the bucket, without its secret.
func (h *storageFacade) savedBucket(ctx context.Context) (*api.SavedS3, error) {
	s, err := bucketOf(ctx, h.config.Storage.S3, h.db.Storage())
	if fault.Of(err).Is(ErrNoS3) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := &api.SavedS3{
		Endpoint: s.Endpoint, Region: s.Region, Bucket: s.Bucket, Prefix: s.Prefix, PathStyle: s.PathStyle,
		AccessKey: s.AccessKey,
		From:      "saved", Delivery: h.config.Storage.Delivery,
	}
	if s.configured {
		out.From = "config"
	}
	return out, nil
}

// CheckStorage checks a bucket.
func (h *storageFacade) CheckStorage(ctx context.Context, requested *api.S3Settings) (api.StorageCheck, error) {
	s, err := h.settings(ctx, requested)
	if err != nil {
		return api.StorageCheck{}, err
	}
	return checkBucket(ctx, s, h.dataDir), nil
}

// settings returns the requested settings, with the saved secret when they bring none; those in force without a
// request.
func (h *storageFacade) settings(ctx context.Context, requested *api.S3Settings) (bucketSettings, error) {
	known, err := bucketOf(ctx, h.config.Storage.S3, h.db.Storage())
	if requested == nil {
		return known, err
	}
	if err != nil && !fault.Of(err).Is(ErrNoS3) {
		return known, err
	}
	s := bucketSettings{
		Endpoint: requested.Endpoint, Region: requested.Region, Bucket: requested.Bucket, Prefix: requested.Prefix,
		PathStyle: requested.PathStyle,
		AccessKey: requested.AccessKey, SecretKey: requested.SecretKey,
	}
	// The saved secret must not be sent to another endpoint.
	if s.SecretKey == "" && s.AccessKey == known.AccessKey && s.Endpoint == known.Endpoint {
		s.SecretKey = known.SecretKey
	}
	return s, nil
}

func checkBucket(ctx context.Context, s bucketSettings, f *dataDir) api.StorageCheck {
	report := s3.Check(ctx, s.options(f.logger))
	out := api.StorageCheck{OK: report.OK}
	for _, i := range report.Items {
		out.Items = append(out.Items, api.CheckItem{Name: i.Name, OK: i.OK, Level: string(i.Level), Words: i.Words})
	}
	return out
}

// SaveS3 saves a bucket that passes the check.
func (h *storageFacade) SaveS3(ctx context.Context, requested api.S3Settings) (api.StorageState, error) {
	if err := h.checkReplaceable(ctx, &requested); err != nil {
		return api.StorageState{}, err
	}
	s, err := h.settings(ctx, &requested)
	if err != nil {
		return api.StorageState{}, err
	}
	if c := checkBucket(ctx, s, h.dataDir); !c.OK {
		return api.StorageState{}, &api.StorageRefusal{Err: ErrS3Check, Items: c.Items}
	}
	text, err := json.Marshal(s)
	if err != nil {
		return api.StorageState{}, fmt.Errorf("encode the settings of a bucket: %w", err)
	}
	if err := h.db.Storage().SaveS3(ctx, text); err != nil {
		return api.StorageState{}, err
	}
	if err := h.backends.reopenBucket(ctx); err != nil {
		return api.StorageState{}, err
	}
	return h.Storage(ctx)
}

// ForgetS3 deletes the saved settings of the bucket.
func (h *storageFacade) ForgetS3(ctx context.Context) error {
	if err := h.checkReplaceable(ctx, nil); err != nil {
		return err
	}
	if err := h.db.Storage().SaveS3(ctx, nil); err != nil {
		return err
	}
	return h.backends.reopenBucket(ctx)
}

// checkReplaceable is nil when another bucket may be chosen. While the layout names S3, only the way to the same bucket
// may change.
func (h *storageFacade) checkReplaceable(ctx context.Context, requested *api.S3Settings) error {
	if h.config.Storage.S3.Bucket != "" {
		return ErrS3Configured
	}
	p, err := h.db.Storage().Layout(ctx)
	if err != nil {
		return err
	}
	if p.Backend != storage.S3 && p.Target != storage.S3 && p.Retired != storage.S3 {
		return nil
	}
	known, err := bucketOf(ctx, config.S3{}, h.db.Storage())
	if err != nil && !fault.Of(err).Is(ErrNoS3) {
		return err
	}
	if requested != nil {
		wanted := bucketSettings{Endpoint: requested.Endpoint, Bucket: requested.Bucket, Prefix: requested.Prefix}
		if wanted.location() == known.location() {
			return nil
		}
	}
	return ErrS3InUse
}

// MoveStorage requests a move.
func (h *storageFacade) MoveStorage(ctx context.Context, backend string) (api.StorageTask, error) {
	if e := h.config.Storage.Engine; e != "" && e != backend {
		return api.StorageTask{}, ErrEngineFixed
	}
	t, err := h.service.RequestMove(ctx, storage.Backend(backend))
	return taskOf(t), err
}

// CleanStorage requests a collection of garbage.
func (h *storageFacade) CleanStorage(ctx context.Context, dry bool) (api.StorageTask, error) {
	t, err := h.service.RequestCollect(ctx, dry)
	return taskOf(t), err
}

// CancelStorage requests the end of the running task.
func (h *storageFacade) CancelStorage(ctx context.Context) error { return h.service.Cancel(ctx) }

func taskOf(t storage.Task) api.StorageTask {
	out := api.StorageTask{
		ID: string(t.ID), Kind: string(t.Kind), To: string(t.To), State: string(t.State), Phase: string(t.Phase),
		Done: t.Done, Total: t.Total,
		DoneBytes: t.DoneBytes, TotalBytes: t.TotalBytes, Error: t.Error, DryRun: t.DryRun, Speed: t.Speed,
	}
	if !t.Started.IsZero() {
		out.StartedMs = t.Started.UnixMilli()
	}
	if !t.Finished.IsZero() {
		out.FinishedMs = t.Finished.UnixMilli()
	}
	for _, g := range t.Garbage {
		out.Garbage = append(out.Garbage, api.Garbage{Key: g.Key, Size: g.Size, Why: g.Reason})
	}
	return out
}

// diskUsage caches the size of the stores on this machine. Measuring walks all files, so a progress bar does not do it
// at every refresh.
type diskUsage struct {
	mu   sync.Mutex
	at   time.Time
	last usage
}

type usage struct {
	disk, stage, cache int64
	blobs              int
}

// usageLife is how long a measurement is valid.
const usageLife = 10 * time.Second

func (s *diskUsage) of(ctx context.Context, local, stage blob.Store, cache string) (usage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.at) < usageLife {
		return s.last, nil
	}
	var now usage
	for info, err := range local.List(ctx, "") {
		if err != nil {
			return now, err
		}
		now.disk, now.blobs = now.disk+info.Size, now.blobs+1
	}
	for info, err := range stage.List(ctx, "") {
		if err != nil {
			return now, err
		}
		now.stage += info.Size
	}
	err := filepath.WalkDir(cache, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return ignoreGone(err)
		}
		info, err := d.Info()
		if err == nil {
			now.cache += info.Size()
		}
		return ignoreGone(err)
	})
	if err != nil {
		return now, fmt.Errorf("measure the cache: %w", err)
	}
	s.at, s.last = time.Now(), now
	return now, nil
}

// ignoreGone drops the error for a file that was removed since it was listed.
func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
