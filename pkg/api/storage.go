package api

import (
	"context"
	"net/http"
)

// Storage is the storage of segments and pictures, for administrators.
type Storage interface {
	Storage(ctx context.Context) (StorageState, error)
	// CheckStorage tests all required features of an S3 storage: of one with these settings, or with nil of the one in use.
	// Missing features are in the answer.
	CheckStorage(ctx context.Context, s *S3Settings) (StorageCheck, error)
	// SaveS3 stores the settings of a bucket when the check succeeds; else it gives a *StorageRefusal.
	SaveS3(ctx context.Context, s S3Settings) (StorageState, error)
	// ForgetS3 deletes the settings of SaveS3.
	ForgetS3(ctx context.Context) error
	// MoveStorage requests a move of all blobs to another backend.
	MoveStorage(ctx context.Context, home string) (StorageTask, error)
	// CleanStorage requests a garbage collection, with dry a dry run.
	CleanStorage(ctx context.Context, dry bool) (StorageTask, error)
	// CancelStorage requests the end of the running task.
	CancelStorage(ctx context.Context) error
}

// StorageState is the backends, the sizes and the task of the storage.
type StorageState struct {
	Home   string       `json:"home" enum:"disk,s3" doc:"Where finished things live. During a move: where they came from."`
	Engine string       `json:"engine,omitempty" enum:"disk,s3" doc:"What the configuration demands; absent when this page decides."`
	Disk   StorageDisk  `json:"disk"`
	Stage  StorageBytes `json:"stage"`
	Cache  StorageCache `json:"cache"`
	S3     *SavedS3     `json:"s3,omitempty"`
	Task   *StorageTask `json:"task,omitempty" doc:"The last task, ended or not."`
}

// StorageDisk is the backend on this machine.
type StorageDisk struct {
	Dir       string `json:"dir"`
	Bytes     int64  `json:"bytes"`
	Blobs     int    `json:"blobs"`
	FreeBytes int64  `json:"freeBytes"`
}

// StorageBytes is the size of a folder.
type StorageBytes struct {
	Bytes int64 `json:"bytes"`
}

// StorageCache is the local cache of a remote backend.
type StorageCache struct {
	Bytes int64 `json:"bytes"`
	Limit int64 `json:"limit"`
}

// S3Settings is the connection to a bucket.
type S3Settings struct {
	Endpoint  string `json:"endpoint" maxLength:"512" doc:"https://host or https://host:port; empty = Amazon in region."`
	Region    string `json:"region" maxLength:"64"`
	Bucket    string `json:"bucket" minLength:"1" maxLength:"255"`
	Prefix    string `json:"prefix" maxLength:"512"`
	PathStyle string `json:"pathStyle" enum:"auto,true,false"`
	AccessKey string `json:"accessKey" maxLength:"255"`
	SecretKey string `json:"secretKey" maxLength:"255" doc:"Empty = the one that is saved."`
}

// SavedS3 is S3Settings without the secret.
type SavedS3 struct {
	Endpoint  string `json:"endpoint"`
	Region    string `json:"region"`
	Bucket    string `json:"bucket"`
	Prefix    string `json:"prefix"`
	PathStyle string `json:"pathStyle" enum:"auto,true,false"`
	AccessKey string `json:"accessKey"`
	From      string `json:"from" enum:"config,saved" doc:"What the configuration says cannot be changed here."`
	Delivery  string `json:"delivery" enum:"proxy,redirect,cdn"`
}

// StorageCheck is the result of testing an S3 storage.
type StorageCheck struct {
	OK    bool        `json:"ok" doc:"It can be used."`
	Items []CheckItem `json:"items"`
}

// CheckItem is one test of a StorageCheck.
type CheckItem struct {
	Name  string `json:"name"`
	OK    bool   `json:"ok"`
	Level string `json:"level" enum:"fail,warn,ok"`
	Words string `json:"words" doc:"What was found, and what it costs when it is lacking."`
}

// StorageTask is a move or a collection of garbage.
type StorageTask struct {
	ID         string    `json:"id"`
	Kind       string    `json:"kind" enum:"move,gc"`
	To         string    `json:"to,omitempty" enum:"disk,s3"`
	State      string    `json:"state" enum:"waiting,running,done,failed,cancelled"`
	Phase      string    `json:"phase,omitempty" enum:"copy,back,tidy,clear" doc:"Of a move: copying, bringing back after a cancel, removing what was left behind."`
	Done       int       `json:"done"`
	Total      int       `json:"total"`
	DoneBytes  int64     `json:"doneBytes"`
	TotalBytes int64     `json:"totalBytes"`
	StartedMs  int64     `json:"startedMs,omitempty"`
	FinishedMs int64     `json:"finishedMs,omitempty"`
	Error      string    `json:"error,omitempty" doc:"Why it waits or how it failed."`
	DryRun     bool      `json:"dryRun,omitempty"`
	Garbage    []Garbage `json:"garbage,omitempty" doc:"The first of what was found."`
	Speed      int64     `json:"speed,omitempty" doc:"Bytes per second."`
}

// Garbage is a blob without references.
type Garbage struct {
	Key  string `json:"key"`
	Size int64  `json:"size"`
	Why  string `json:"why"`
}

// StorageRefusal is the error of settings that failed the check.
type StorageRefusal struct {
	Err   error // the fault
	Items []CheckItem
}

// Error gives the fault's words.
func (r *StorageRefusal) Error() string { return r.Err.Error() }

// Unwrap gives the fault.
func (r *StorageRefusal) Unwrap() error { return r.Err }

func (a *API) registerStorage() {
	answer(a, operation{
		access: AccessAdmin, route: "GET /storage", name: "getStorage", summary: "Where segments and pictures live",
	}, withoutInput(a.o.Storage.Storage))
	a.registerS3()

	type moveInputBody struct {
		To string `json:"to" enum:"disk,s3"`
	}
	answer(a, operation{
		access: AccessAdmin, route: "POST /storage/move", name: "moveStorage",
		summary: "Bring everything to another home, while people watch", status: http.StatusAccepted,
	}, func(ctx context.Context, _ Caller, in *body[moveInputBody]) (StorageTask, error) {
		return a.o.Storage.MoveStorage(ctx, in.Body.To)
	})

	type cleanInputBody struct {
		DryRun bool `json:"dryRun" doc:"Only find."`
	}
	answer(a, operation{
		access: AccessAdmin, route: "POST /storage/gc", name: "cleanStorage", summary: "Remove what nobody needs",
		status: http.StatusAccepted,
	}, func(ctx context.Context, _ Caller, in *body[cleanInputBody]) (StorageTask, error) {
		return a.o.Storage.CleanStorage(ctx, in.Body.DryRun)
	})
	command(a, operation{
		access: AccessAdmin, route: "POST /storage/task/cancel", name: "cancelStorageTask",
		summary: "End the task that is under way; a move goes back",
	}, func(ctx context.Context, _ Caller, _ *struct{}) error { return a.o.Storage.CancelStorage(ctx) })
}

// registerS3 registers the operations on the settings of the bucket.
func (a *API) registerS3() {
	type checkInputBody struct {
		S3 *S3Settings `json:"s3,omitempty" doc:"Absent = the one in use."`
	}
	answer(a, operation{
		access: AccessAdmin, route: "POST /storage/check", name: "checkStorage", summary: "Try an S3 storage",
	}, func(ctx context.Context, _ Caller, in *body[checkInputBody]) (StorageCheck, error) {
		return a.o.Storage.CheckStorage(ctx, in.Body.S3)
	})
	answer(a, operation{
		access: AccessAdmin, route: "PUT /storage/s3", name: "saveS3", summary: "Keep how a bucket is reached",
	}, func(ctx context.Context, _ Caller, in *body[S3Settings]) (StorageState, error) {
		return a.o.Storage.SaveS3(ctx, in.Body)
	})
	command(a, operation{
		access: AccessAdmin, route: "DELETE /storage/s3", name: "forgetS3", summary: "Forget the saved bucket",
	}, func(ctx context.Context, _ Caller, _ *struct{}) error { return a.o.Storage.ForgetS3(ctx) })
}
