package s3_test

import (
	"testing"

	"movify/pkg/blob"
	"movify/pkg/blob/blobtest"
	"movify/pkg/blob/s3"
	"movify/pkg/blob/s3/s3test"
)

// options give a fresh bucket on the server.
func options(t *testing.T, server *s3test.Server) s3.Options {
	t.Helper()
	return s3.Options{
		Endpoint: server.Endpoint, Region: server.Region, Bucket: server.NewBucket(t), PathStyle: s3.StylePath,
		AccessKey: server.AccessKey, Secret: s3.Secret(server.SecretKey), PartSize: 5 << 20, Dial: s3test.Dial,
	}
}

func open(t *testing.T, o s3.Options) *s3.Store {
	t.Helper()
	s, err := s3.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestStore(t *testing.T) {
	t.Parallel()
	suite(t, s3test.Start(t))
}

// TestStoreElsewhere proves that the engine speaks S3 and not the dialect of one server.
func TestStoreElsewhere(t *testing.T) {
	t.Parallel()
	suite(t, s3test.StartOther(t))
}

func suite(t *testing.T, server *s3test.Server) {
	for name, change := range map[string]func(*s3.Options){
		"path style":         func(*s3.Options) {},
		"virtual-host style": func(o *s3.Options) { o.Endpoint, o.PathStyle = server.HostEndpoint, s3.StyleHost },
		"below a prefix":     func(o *s3.Options) { o.Prefix = "/house/é/" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			blobtest.Run(t, func(t *testing.T) blob.Store {
				o := options(t, server)
				change(&o)
				return open(t, o)
			})
		})
	}
}
