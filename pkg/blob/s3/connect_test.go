package s3_test

import (
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"movify/pkg/blob"
	"movify/pkg/blob/s3"
	"movify/pkg/blob/s3/s3test"
	"movify/pkg/testkit"
)

func TestAnAuthorityOfOnesOwn(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	secure := httptest.NewUnstartedServer(server.Proxy(t))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	o := options(t, server)
	o.Endpoint = secure.URL
	if err := open(t, o).Put(t.Context(), "k", []byte("x")); !errors.Is(err, s3.ErrCertificate) {
		t.Errorf("Put to a stranger = %v, want ErrCertificate", err)
	}
	o.CAFile = ca
	s := open(t, o)
	large := bytesOf(1, 6<<20) // in parts
	if err := s.Put(t.Context(), "k", large); err != nil {
		t.Fatal(err)
	}
	if got, err := blob.ReadAll(t.Context(), s, "k"); err != nil || string(got) != string(large) {
		t.Errorf("over TLS came %d bytes, %v", len(got), err)
	}
}

// It is not parallel: the role's address is in the environment.
func TestInstanceRole(t *testing.T) {
	server := s3test.Start(t)
	asked := 0
	role := testkit.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		fmt.Fprintf(
			w, `{"AccessKeyId": %q, "SecretAccessKey": %q, "Expiration": %q}`, server.AccessKey, server.SecretKey,
			time.Now().Add(time.Hour).UTC().Format(time.RFC3339),
		)
	}))
	t.Setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", role.URL)
	o := options(t, server)
	o.AccessKey, o.Secret, o.InstanceRole, o.Dial = "", "", true, nil
	s := open(t, o)
	if asked != 0 {
		t.Error("the role was asked for before it was needed")
	}
	for _, key := range []string{"k", "l"} {
		if err := s.Put(t.Context(), key, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	if asked != 1 {
		t.Errorf("the role was asked for %d times, want once", asked)
	}
}

// A router's error page must not look like a blob that is gone.
func TestWhatIsNotS3(t *testing.T) {
	t.Parallel()
	page := testkit.Serve(t, http.NotFoundHandler())
	s := open(t, s3.Options{Endpoint: page.URL, Bucket: "films", AccessKey: "k", Secret: "s"})
	_, openErr := s.Open(t.Context(), "k")
	_, rangeErr := s.OpenRange(t.Context(), "k", 0, 1)
	_, statErr := s.Stat(t.Context(), "k")
	for call, err := range map[string]error{"Open": openErr, "OpenRange": rangeErr, "Stat": statErr, "Put": s.Put(t.Context(), "k", nil)} {
		if !errors.Is(err, s3.ErrNotS3) || errors.Is(err, blob.ErrNotFound) {
			t.Errorf("%s = %v, want ErrNotS3", call, err)
		}
	}
}
