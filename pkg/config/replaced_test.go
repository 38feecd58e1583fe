package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/config"
)

func TestBacklogIsTakenForALadderSetting(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		file   string
		env    map[string]string
		want   string
		origin string
		note   string // words of the one note; "" = there is none
	}{
		"neither": {"", nil, "when_watched", "default", ""},
		"true in the file": {
			"transcode:\n  backlog: true\n", nil, "always", "file", "was replaced by transcode.ladder: true is taken for always",
		},
		"false in the file": {
			"transcode:\n  backlog: false\n", nil, "when_watched", "file", "false is taken for when_watched",
		},
		"false without beginnings": {
			"transcode:\n  backlog: false\n  prewarm: 0s\n", nil, "never", "file", "false is taken for never",
		},
		"false by a variable": {
			"transcode:\n  prewarm: 0s\n", map[string]string{"MOVIFY_TRANSCODE_BACKLOG": "false"}, "never",
			"env MOVIFY_TRANSCODE_BACKLOG", "(set by MOVIFY_TRANSCODE_BACKLOG)",
		},
		"a variable goes before the file": {
			"transcode:\n  backlog: false\n", map[string]string{"MOVIFY_TRANSCODE_BACKLOG": "true"}, "always",
			"env MOVIFY_TRANSCODE_BACKLOG", "true is taken for always",
		},
		"both": {
			"transcode:\n  backlog: true\n  ladder: never\n", nil, "never", "file", "has no effect beside transcode.ladder",
		},
		"both, in two layers": {
			"transcode:\n  backlog: true\n", map[string]string{"MOVIFY_TRANSCODE_LADDER": "never"}, "never",
			"env MOVIFY_TRANSCODE_LADDER", "has no effect beside transcode.ladder",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "movify.yaml")
			if err := os.WriteFile(file, []byte(test.file), 0o600); err != nil {
				t.Fatal(err)
			}
			l, err := config.Load(config.Sources{File: file, Env: test.env})
			if err != nil {
				t.Fatal(err)
			}
			got := []string{l.Transcode.Ladder, l.Origin("transcode.ladder").String()}
			if diff := cmp.Diff([]string{test.want, test.origin}, got); diff != "" {
				t.Errorf("the setting and its origin (-want +got):\n%s", diff)
			}
			notes := strings.Join(l.Notes(), "\n")
			if (test.note == "") != (notes == "") || !strings.Contains(notes, test.note) || len(l.Notes()) > 1 {
				t.Errorf("the notes are %q, want one with %q", notes, test.note)
			}
			if strings.Contains(l.Print(), "backlog") {
				t.Errorf("it is printed:\n%s", l.Print())
			}
		})
	}
}
