package s3_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"movify/pkg/blob"
	"movify/pkg/blob/s3"
	"movify/pkg/blob/s3/s3test"
)

// levels gives the items that are not in order.
func levels(r s3.Report) map[string]s3.Level {
	found := map[string]s3.Level{}
	for _, i := range r.Items {
		if i.Level != s3.LevelOK {
			found[i.Name] = i.Level
		}
	}
	return found
}

func TestCheck(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	kinds := func(f s3test.Fault, of ...s3test.Kind) func(s3test.Request) s3test.Fault {
		return func(r s3test.Request) s3test.Fault {
			for _, k := range of {
				if r.Kind == k {
					return f
				}
			}
			return s3test.None
		}
	}
	for name, c := range map[string]struct {
		change func(*s3.Options)
		inject func(s3test.Request) s3test.Fault
		want   map[string]s3.Level
	}{
		"all in order":       {nil, nil, map[string]s3.Level{"browsers": s3.LevelWarn}},
		"below a prefix":     {func(o *s3.Options) { o.Prefix = "a b/é" }, nil, map[string]s3.Level{"browsers": s3.LevelWarn}},
		"wrong secret":       {func(o *s3.Options) { o.Secret = "wrong" }, nil, map[string]s3.Level{"put": s3.LevelFail}},
		"no bucket":          {func(o *s3.Options) { o.Bucket = "" }, nil, map[string]s3.Level{"settings": s3.LevelFail}},
		"nobody listens":     {func(o *s3.Options) { o.Endpoint = "http://127.0.0.1:1" }, nil, map[string]s3.Level{"reach": s3.LevelFail}},
		"read only":          {nil, kinds(s3test.Denied, s3test.Put, s3test.Multipart), map[string]s3.Level{"put": s3.LevelFail}},
		"no conditions":      {nil, kinds(s3test.Careless, s3test.Put, s3test.Multipart), map[string]s3.Level{"browsers": s3.LevelWarn, "write once": s3.LevelWarn, "write once, multipart": s3.LevelWarn}},
		"no parts":           {nil, kinds(s3test.Lacking, s3test.Multipart), map[string]s3.Level{"browsers": s3.LevelWarn, "multipart": s3.LevelFail}},
		"no list":            {nil, kinds(s3test.Denied, s3test.List), map[string]s3.Level{"browsers": s3.LevelWarn, "list": s3.LevelFail}},
		"no delete":          {nil, kinds(s3test.Denied, s3test.Delete), map[string]s3.Level{"browsers": s3.LevelWarn, "delete": s3.LevelFail}},
		"clocks an hour off": {nil, func(s3test.Request) s3test.Fault { return s3test.Late }, map[string]s3.Level{"browsers": s3.LevelWarn, "clock": s3.LevelFail}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := server.Proxy(t)
			proxy.Inject(c.inject)
			o := options(t, server)
			bucket := o.Bucket
			o.Endpoint = proxy.Endpoint
			if c.change != nil {
				c.change(&o)
			}
			r := s3.Check(t.Context(), o)
			if diff := cmp.Diff(c.want, levels(r)); diff != "" {
				t.Errorf("items that are not ok (-want +got):\n%s\n%s", diff, words(r))
			}
			fails := false
			for _, i := range r.Items {
				fails = fails || i.Level == s3.LevelFail
				if i.Words == "" || i.OK != (i.Level == s3.LevelOK) {
					t.Errorf("item %+v", i)
				}
			}
			if r.OK == fails {
				t.Errorf("OK is %v", r.OK)
			}
			if left := server.Files(t, bucket); len(left) > 0 && name != "no delete" {
				t.Errorf("the check left %q", left)
			}
		})
	}
}

func TestCheckSeesAPublicBucket(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	o := options(t, server)
	client, err := minio.New(
		server.Endpoint[len("http://"):],
		&minio.Options{Creds: credentials.NewStaticV4(server.AccessKey, server.SecretKey, ""), Region: server.Region},
	)
	if err != nil {
		t.Fatal(err)
	}
	policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::%[1]s","arn:aws:s3:::%[1]s/*"]}]}`
	if err := client.SetBucketPolicy(t.Context(), o.Bucket, fmt.Sprintf(policy, o.Bucket)); err != nil {
		t.Fatal(err)
	}
	r := s3.Check(t.Context(), o)
	want := map[string]s3.Level{"browsers": s3.LevelWarn, "private objects": s3.LevelWarn, "private list": s3.LevelWarn}
	if diff := cmp.Diff(want, levels(r)); diff != "" {
		t.Errorf("items that are not ok (-want +got):\n%s\n%s", diff, words(r))
	}
}

func TestAProviderWithoutConditions(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	for name, f := range map[string]s3test.Fault{"ignores them": s3test.Careless, "refuses them": s3test.Lacking} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, proxy := behind(t, server, nil)
			refused := 0
			proxy.Inject(func(r s3test.Request) s3test.Fault {
				if f == s3test.Careless {
					return f
				}
				if refused++; refused == 1 { // the engine's own question
					return f
				}
				return s3test.None
			})
			for _, data := range []string{"first", "second"} {
				if err := s.Put(t.Context(), "k", []byte(data)); data == "second" && !errors.Is(err, blob.ErrExists) ||
					data == "first" && err != nil {
					t.Errorf("Put of the %s = %v", data, err)
				}
			}
			if got, err := blob.ReadAll(t.Context(), s, "k"); err != nil || string(got) != "first" {
				t.Errorf("it holds %q, %v", got, err)
			}
		})
	}
}

func TestLinksDie(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	s, _ := behind(t, server, func(o *s3.Options) { o.Prefix = "p" })
	if err := s.Put(t.Context(), "a/é k", []byte("0123456789")); err != nil {
		t.Fatal(err)
	}
	link, err := s.Link(t.Context(), "a/é k", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if status, body := fetch(t, link); status != 206 || body != "234" {
		t.Errorf("a fresh link answers %d %q", status, body)
	}
	// The life is in the signature: a link from the past is what a link becomes.
	short, err := s.Link(t.Context(), "a/é k", time.Second)
	if err != nil {
		t.Fatal(err)
	}
	deadline := time.NewTimer(2 * time.Minute)
	defer deadline.Stop()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for status := 206; status != 403; {
		select {
		case <-tick.C:
			status, _ = fetch(t, short)
		case <-deadline.C:
			t.Fatalf("a link of a second still answers %d", status)
		}
	}
	if _, err := s.Link(t.Context(), "../k", time.Minute); !errors.Is(err, blob.ErrBadKey) {
		t.Errorf("Link to a bad key = %v", err)
	}
}

// fetch requests three bytes without credentials.
func fetch(t *testing.T, link string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Range", "bytes=2-4")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(got)
}

func words(r s3.Report) string {
	var b strings.Builder
	for _, i := range r.Items {
		fmt.Fprintf(&b, "%s: %s: %s\n", i.Name, i.Level, i.Words)
	}
	return b.String()
}
