package s3

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestASecretIsNeverPrinted(t *testing.T) {
	t.Parallel()
	o := Options{AccessKey: "key", Secret: "hush", SessionToken: "hush"}
	encoded, err := json.Marshal(o.Secret)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("settings", "options", fmt.Sprint(o), "secret", o.Secret)
	for _, text := range []string{
		fmt.Sprint(o), fmt.Sprintf("%v %+v %#v", o, o, o), fmt.Sprintf("%s %q %x %d", o.Secret, o.Secret, o.Secret, o.Secret),
		o.Secret.String(), string(encoded), log.String(),
	} {
		if strings.Contains(text, "hush") || strings.Contains(text, fmt.Sprintf("%x", "hush")) {
			t.Errorf("the secret is in %q", text)
		}
	}
}

func TestOptionsAreCompleted(t *testing.T) {
	t.Parallel()
	type want struct{ Endpoint, Region, Prefix string }
	for name, c := range map[string]struct {
		given Options
		want  want
	}{
		"Amazon by region":   {Options{Region: "eu-central-1"}, want{"https://s3.eu-central-1.amazonaws.com", "eu-central-1", ""}},
		"Amazon by endpoint": {Options{Endpoint: "s3.eu-west-3.amazonaws.com"}, want{"https://s3.eu-west-3.amazonaws.com", "eu-west-3", ""}},
		"a host":             {Options{Endpoint: "nas:9000", Prefix: "/a/b/"}, want{"https://nas:9000", "us-east-1", "a/b/"}},
		"plain http":         {Options{Endpoint: "http://nas:9000/", Region: "garage"}, want{"http://nas:9000/", "garage", ""}},
	} {
		c.given.Bucket = "films"
		got, err := c.given.complete()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.want, want{got.Endpoint, got.Region, got.Prefix}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestSettingsThatCannotBeMeant(t *testing.T) {
	t.Parallel()
	rubbish := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(rubbish, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Options){
		"no bucket":         func(o *Options) { o.Bucket = "" },
		"nowhere":           func(o *Options) { o.Endpoint = "" },
		"a path":            func(o *Options) { o.Endpoint = "https://nas/films" },
		"another protocol":  func(o *Options) { o.Endpoint = "ftp://nas" },
		"a password":        func(o *Options) { o.Endpoint = "https://me:hush@nas" },
		"half a key":        func(o *Options) { o.Secret = "" },
		"a climbing prefix": func(o *Options) { o.Prefix = "../films" },
		"another style":     func(o *Options) { o.PathStyle = "true" },
		"tiny parts":        func(o *Options) { o.PartSize = 1 << 20 },
		"no authority":      func(o *Options) { o.CAFile = rubbish + ".not" },
		"rubbish authority": func(o *Options) { o.CAFile = rubbish },
	} {
		o := Options{Endpoint: "https://nas:9000", Bucket: "films", AccessKey: "key", Secret: "secret"}
		change(&o)
		if _, err := New(t.Context(), o); !errors.Is(err, ErrSettings) {
			t.Errorf("%s: %v, want ErrSettings", name, err)
		} else if strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: the password is in %q", name, err)
		}
	}
}

func TestCredentialsFromTheEnvironment(t *testing.T) {
	file := filepath.Join(t.TempDir(), "credentials")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", file)
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	t.Setenv("AWS_ACCESS_KEY", "")
	t.Setenv("AWS_SECRET_KEY", "")
	keyOf := func() (string, error) {
		creds, err := Options{}.credentials()
		if err != nil {
			return "", err
		}
		v, err := creds.GetWithContext(nil)
		return v.AccessKeyID, err
	}
	if _, err := keyOf(); !errors.Is(err, ErrSettings) {
		t.Errorf("without any = %v, want ErrSettings", err)
	}
	if err := os.WriteFile(file, []byte("[default]\naws_access_key_id = from-file\naws_secret_access_key = x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if key, err := keyOf(); key != "from-file" || err != nil {
		t.Errorf("with a shared file = %q, %v", key, err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "from-env")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "x")
	if key, err := keyOf(); key != "from-env" || err != nil {
		t.Errorf("with the environment = %q, %v", key, err)
	}
}

func TestBudget(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	b := newBudget(func() time.Time { return now })
	takes := func(most int) (n int) {
		for n < most && b.take() {
			n++
		}
		return n
	}
	if n := takes(1000); n != budgetSize {
		t.Errorf("an outage gets %d tries again, want %d", n, budgetSize)
	}
	now = now.Add(3 * budgetTick)
	if n := takes(1000); n != 3 {
		t.Errorf("three ticks later there are %d, want 3", n)
	}
	// Four tries of ten fail: each call that goes well has paid for those before it.
	for call := range 10_000 {
		if fails := []int{0, 1, 0, 0, 2, 0, 1, 0, 1, 1}[call%10]; takes(fails) < fails {
			t.Fatalf("call %d is refused a try although the storage answers", call)
		}
		b.earn()
	}
	now = now.Add(time.Hour)
	if n := takes(1000); n != budgetSize {
		t.Errorf("after an hour there are %d, want %d", n, budgetSize)
	}
}
