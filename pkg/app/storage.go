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
	"movify/pkg/keeper"
)

// ErrEngineFixed is returned for a move away from where the configuration wants everything.
var ErrEngineFixed = fault.New(fault.Conflict, "storage_engine_configured", "storage.engine in the configuration says where everything lives. Change it there.")

// household is the storage as the edge sees it.
type household struct {
	*foundation
	keeper *keeper.Service
	sizes  sizes
}

var _ api.Storage = (*household)(nil)

// run does what is wished for, and first of all what the configuration demands.
func (h *household) run(ctx context.Context) error {
	if err := h.obey(ctx); err != nil && ctx.Err() == nil {
		h.logger.Error("storage.engine", "error", err)
	}
	return h.keeper.Run(ctx)
}

// obey asks for the move that the configuration demands, if it does.
func (h *household) obey(ctx context.Context) error {
	if h.config.Storage.Engine == "" {
		return nil
	}
	last, err := h.db.Storage().Last(ctx)
	if err == nil && !last.State.Ended() {
		return nil // under way already, or something else first
	}
	_, err = h.keeper.Wish(ctx, keeper.Home(h.config.Storage.Engine))
	if fault.Of(err).Is(keeper.ErrAtHome) {
		return nil
	}
	return err
}

// Storage describes the house.
func (h *household) Storage(ctx context.Context) (api.StorageState, error) {
	kept := h.db.Storage()
	p, err := kept.Place(ctx)
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
		Home: string(p.Home), Engine: h.config.Storage.Engine,
		Disk:  api.StorageDisk{Dir: h.path(blobsName), Bytes: now.disk, Blobs: now.blobs, FreeBytes: free},
		Stage: api.StorageBytes{Bytes: now.stage},
		Cache: api.StorageCache{Bytes: now.cache, Limit: int64(h.config.Storage.Cache)},
	}
	out.S3, err = h.saved(ctx)
	if err != nil {
		return out, err
	}
	last, err := kept.Last(ctx)
	switch {
	case err == nil:
		t := taskOf(last)
		out.Task = &t
	case !fault.Of(err).Is(keeper.ErrNoTask):
		return out, err
	}
	return out, nil
}

// saved tells which bucket there is, without its secret.
func (h *household) saved(ctx context.Context) (*api.SavedS3, error) {
	s, err := bucketOf(ctx, h.config.Storage.S3, h.db.Storage())
	if fault.Of(err).Is(ErrNoS3) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := &api.SavedS3{
		Endpoint: s.Endpoint, Region: s.Region, Bucket: s.Bucket, Prefix: s.Prefix, PathStyle: s.PathStyle, AccessKey: s.AccessKey,
		From: "saved", Delivery: h.config.Storage.Delivery,
	}
	if s.configured {
		out.From = "config"
	}
	return out, nil
}

// CheckStorage tries a bucket.
func (h *household) CheckStorage(ctx context.Context, wish *api.S3Settings) (api.StorageCheck, error) {
	s, err := h.settings(ctx, wish)
	if err != nil {
		return api.StorageCheck{}, err
	}
	return checkBucket(ctx, s, h.foundation), nil
}

// settings are those that are wished for, with the saved secret when they bring none, or those in force.
func (h *household) settings(ctx context.Context, wish *api.S3Settings) (bucketSettings, error) {
	known, err := bucketOf(ctx, h.config.Storage.S3, h.db.Storage())
	if wish == nil {
		return known, err
	}
	if err != nil && !fault.Of(err).Is(ErrNoS3) {
		return known, err
	}
	s := bucketSettings{
		Endpoint: wish.Endpoint, Region: wish.Region, Bucket: wish.Bucket, Prefix: wish.Prefix, PathStyle: wish.PathStyle,
		AccessKey: wish.AccessKey, SecretKey: wish.SecretKey,
	}
	// The secret must not be sent wherever somebody points to.
	if s.SecretKey == "" && s.AccessKey == known.AccessKey && s.Endpoint == known.Endpoint {
		s.SecretKey = known.SecretKey
	}
	return s, nil
}

func checkBucket(ctx context.Context, s bucketSettings, f *foundation) api.StorageCheck {
	report := s3.Check(ctx, s.options(f.logger))
	out := api.StorageCheck{OK: report.OK}
	for _, i := range report.Items {
		out.Items = append(out.Items, api.CheckItem{Name: i.Name, OK: i.OK, Level: string(i.Level), Words: i.Words})
	}
	return out
}

// SaveS3 keeps a bucket that can be used.
func (h *household) SaveS3(ctx context.Context, wish api.S3Settings) (api.StorageState, error) {
	if err := h.free(ctx, &wish); err != nil {
		return api.StorageState{}, err
	}
	s, err := h.settings(ctx, &wish)
	if err != nil {
		return api.StorageState{}, err
	}
	if c := checkBucket(ctx, s, h.foundation); !c.OK {
		return api.StorageState{}, &api.StorageRefusal{Err: ErrS3Check, Items: c.Items}
	}
	text, err := json.Marshal(s)
	if err != nil {
		return api.StorageState{}, fmt.Errorf("encode the settings of a bucket: %w", err)
	}
	if err := h.db.Storage().SaveS3(ctx, text); err != nil {
		return api.StorageState{}, err
	}
	if err := h.homes.replace(ctx); err != nil {
		return api.StorageState{}, err
	}
	return h.Storage(ctx)
}

// ForgetS3 forgets the saved bucket.
func (h *household) ForgetS3(ctx context.Context) error {
	if err := h.free(ctx, nil); err != nil {
		return err
	}
	if err := h.db.Storage().SaveS3(ctx, nil); err != nil {
		return err
	}
	return h.homes.replace(ctx)
}

// free tells whether another bucket may be chosen. While anything lives in one, only how it is reached may change.
func (h *household) free(ctx context.Context, wish *api.S3Settings) error {
	if h.config.Storage.S3.Bucket != "" {
		return ErrS3Configured
	}
	p, err := h.db.Storage().Place(ctx)
	if err != nil {
		return err
	}
	if p.Home != keeper.S3 && p.Target != keeper.S3 && p.Left != keeper.S3 {
		return nil
	}
	known, err := bucketOf(ctx, config.S3{}, h.db.Storage())
	if err != nil && !fault.Of(err).Is(ErrNoS3) {
		return err
	}
	if wish != nil && known.place() == (bucketSettings{Endpoint: wish.Endpoint, Bucket: wish.Bucket, Prefix: wish.Prefix}).place() {
		return nil
	}
	return ErrS3Lived
}

// MoveStorage asks for a move.
func (h *household) MoveStorage(ctx context.Context, home string) (api.StorageTask, error) {
	if e := h.config.Storage.Engine; e != "" && e != home {
		return api.StorageTask{}, ErrEngineFixed
	}
	t, err := h.keeper.Wish(ctx, keeper.Home(home))
	return taskOf(t), err
}

// CleanStorage asks for a collection of garbage.
func (h *household) CleanStorage(ctx context.Context, dry bool) (api.StorageTask, error) {
	t, err := h.keeper.WishClean(ctx, dry)
	return taskOf(t), err
}

// CancelStorage asks the task under way to end.
func (h *household) CancelStorage(ctx context.Context) error { return h.keeper.Cancel(ctx) }

func taskOf(t keeper.Task) api.StorageTask {
	out := api.StorageTask{
		ID: string(t.ID), Kind: string(t.Kind), To: string(t.To), State: string(t.State), Phase: string(t.Phase), Done: t.Done, Total: t.Total,
		DoneBytes: t.DoneBytes, TotalBytes: t.TotalBytes, Error: t.Error, DryRun: t.DryRun, Speed: t.Speed,
	}
	if !t.Started.IsZero() {
		out.StartedMs = t.Started.UnixMilli()
	}
	if !t.Finished.IsZero() {
		out.FinishedMs = t.Finished.UnixMilli()
	}
	for _, g := range t.Garbage {
		out.Garbage = append(out.Garbage, api.Garbage{Key: g.Key, Size: g.Size, Why: g.Why})
	}
	return out
}

// sizes is how much room things take on this machine. Looking is a walk over all of them, so it is not done at every
// beat of a progress bar.
type sizes struct {
	mu   sync.Mutex
	at   time.Time
	last measuredSizes
}

type measuredSizes struct {
	disk, stage, cache int64
	blobs              int
}

// sizesLast is how long a look is good for.
const sizesLast = 10 * time.Second

func (s *sizes) of(ctx context.Context, local, stage blob.Store, cache string) (measuredSizes, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.at) < sizesLast {
		return s.last, nil
	}
	var now measuredSizes
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
		return now, fmt.Errorf("look at the cache: %w", err)
	}
	s.at, s.last = time.Now(), now
	return now, nil
}

// ignoreGone drops the error of what was removed since it was listed.
func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
