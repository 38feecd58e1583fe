package config_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"movify/pkg/config"
)

// A secret must not reach a terminal, a log or a document by whatever way a Config is printed.
func TestSecretsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	l, err := config.Load(config.Sources{Env: map[string]string{"MOVIFY_STORAGE_S3_SECRET_KEY": "hunter2"}})
	if err != nil {
		t.Fatal(err)
	}
	if l.Storage.S3.SecretKey != "hunter2" {
		t.Fatal("the secret was not read")
	}
	text, err := json.Marshal(l.Config)
	if err != nil {
		t.Fatal(err)
	}
	for _, printed := range []string{l.Print(), string(text), fmt.Sprintf("%v %+v %#v", l.Config, l.Config, l.Config)} {
		if strings.Contains(printed, "hunter2") {
			t.Errorf("printed:\n%s", printed)
		}
	}
	if !strings.Contains(l.Print(), "set but never shown") ||
		!strings.Contains(l.Print(), "# env MOVIFY_STORAGE_S3_SECRET_KEY") {
		t.Errorf("print does not say that it is set:\n%s", l.Print())
	}
}

func TestBytes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]config.Bytes{"0": 0, "1500": 1500, "1KiB": 1024, "1536 MiB": 1536 << 20, "5GiB": 5 << 30, "2TiB": 2 << 40} {
		var got config.Bytes
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want {
			t.Errorf("%s: %d, %v", text, got, err)
		}
		var again config.Bytes
		if err := again.UnmarshalText([]byte(got.String())); err != nil || again != want {
			t.Errorf("%s is written as %s", text, got)
		}
	}
	for _, text := range []string{"", "GiB", "-1", "1GB", "1.5GiB", "99999999999TiB"} {
		var got config.Bytes
		if err := got.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is taken as %d", text, got)
		}
	}
}
