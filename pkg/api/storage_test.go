package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/api"
	"movify/pkg/fault"
)

var (
	errStorageBusy  = fault.New(fault.Conflict, "storage_busy", "Another task is at work on the storage.")
	errStorageCheck = fault.New(fault.Invalid, "storage_check_failed", "The storage cannot be used.")
)

func (f *fakeServer) Storage(context.Context) (api.StorageState, error) {
	return api.StorageState{
		Home:  "disk",
		Disk:  api.StorageDisk{Dir: "/data/blobs", Bytes: 5, Blobs: 1, FreeBytes: 100},
		Cache: api.StorageCache{Bytes: 1, Limit: 2},
		S3:    &api.SavedS3{Bucket: "films", PathStyle: "auto", AccessKey: "key", From: "saved", Delivery: "proxy"},
		Task:  &api.StorageTask{ID: "task", Kind: "gc", State: "done", Garbage: []api.Garbage{{Key: "k", Size: 1, Why: "old"}}},
	}, nil
}

func (f *fakeServer) CheckStorage(_ context.Context, s *api.S3Settings) (api.StorageCheck, error) {
	if s == nil {
		return api.StorageCheck{}, nil
	}
	f.note("check " + s.Bucket)
	return api.StorageCheck{OK: true, Items: []api.CheckItem{{Name: "put", OK: true, Level: "ok"}}}, nil
}

func (f *fakeServer) SaveS3(ctx context.Context, s api.S3Settings) (api.StorageState, error) {
	if s.Bucket == "refused" {
		return api.StorageState{}, &api.StorageRefusal{Err: errStorageCheck, Items: []api.CheckItem{{Name: "put", Level: "fail", Words: "No."}}}
	}
	f.note("save " + s.Bucket + " " + s.SecretKey)
	return f.Storage(ctx)
}

func (f *fakeServer) ForgetS3(context.Context) error { f.note("forget s3"); return nil }

func (f *fakeServer) MoveStorage(_ context.Context, to string) (api.StorageTask, error) {
	f.note("move " + to)
	return api.StorageTask{ID: "task", Kind: "move", To: to, State: "waiting"}, nil
}

func (f *fakeServer) CleanStorage(_ context.Context, dry bool) (api.StorageTask, error) {
	if !dry {
		return api.StorageTask{}, errStorageBusy
	}
	return api.StorageTask{ID: "task", Kind: "gc", State: "waiting", DryRun: true}, nil
}

func (f *fakeServer) CancelStorage(context.Context) error { f.note("cancel"); return nil }

func TestStorageOperations(t *testing.T) {
	t.Parallel()
	settings := func(bucket string) string {
		return `{"endpoint":"https://s3.example.org","region":"","bucket":"` + bucket + `","prefix":"","pathStyle":"auto","accessKey":"key","secretKey":"hunter2"}`
	}
	fake := &fakeServer{}
	h := newAPI(t, fake, nil).Handler()
	for name, c := range map[string]struct{ method, path, body string }{
		"state":     {"GET", "/storage", ""},
		"check":     {"POST", "/storage/check", `{"s3":` + settings("films") + `}`},
		"check-now": {"POST", "/storage/check", `{}`},
		"save":      {"PUT", "/storage/s3", settings("films")},
		"refused":   {"PUT", "/storage/s3", settings("refused")},
		"no-bucket": {"PUT", "/storage/s3", settings("")},
		"forget":    {"DELETE", "/storage/s3", ""},
		"move":      {"POST", "/storage/move", `{"to":"s3"}`},
		"move-away": {"POST", "/storage/move", `{"to":"moon"}`},
		"find":      {"POST", "/storage/gc", `{"dryRun":true}`},
		"busy":      {"POST", "/storage/gc", `{"dryRun":false}`},
		"cancel":    {"POST", "/storage/task/cancel", ""},
	} {
		res := ask(h, c.method, "/api/v1"+c.path, c.body, boss)
		body := text(t, res)
		if strings.Contains(body, "hunter2") {
			t.Errorf("%s: the secret came back: %s", name, body)
		}
		var pretty bytes.Buffer
		if body != "" {
			if err := json.Indent(&pretty, []byte(strings.TrimSpace(body)), "", "  "); err != nil {
				t.Fatal(err)
			}
		}
		golden(t, "storage-"+name+".txt", res.Status+"\n"+pretty.String()+"\n")
		if res := ask(h, c.method, "/api/v1"+c.path, c.body, "Authorization: Bearer kid"); res.StatusCode != 403 {
			t.Errorf("%s by a member: %d", name, res.StatusCode)
		}
	}
	for _, want := range []string{"save films hunter2", "forget s3", "move s3", "cancel", "check films"} {
		if !strings.Contains(strings.Join(fake.calls, "\n"), want) {
			t.Errorf("the fake did not hear %q: %q", want, fake.calls)
		}
	}
	if diff := cmp.Diff(5, len(fake.calls)); diff != "" {
		t.Errorf("calls %q", fake.calls)
	}
}
