package store

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/media"
)

// A full probe of an older version is kept and counts as a quick one: the file is probed again before it is planned.
func TestOlderProbesCountAsQuick(t *testing.T) {
	t.Parallel()
	old, path := olderDatabase(t, "00099")
	full := media.Probe{
		Format: "avi", DurationUS: 2_000_000, Tags: map[string]string{"comment": `"quick":true`},
		Video: []media.VideoTrack{{Codec: "mpeg4"}}, Audio: []media.AudioTrack{{Index: 1, Language: "eng"}},
	}
	quick := full
	quick.Quick = true
	insert := func(name, probe string) {
		const text = `INSERT INTO files (id, root_id, title_id, path, path_hash, size, mtime_ns, fingerprint, probe, state, code, reason,
			since_ms, art, color, added_ms) VALUES (?, 'r', NULL, ?, ?, 1, 1, ?, ?, 'present', '', '', 1, '', '', 1)`
		if _, err := old.writer.ExecContext(t.Context(), text, name, name, name, name, probe); err != nil {
			t.Fatal(err)
		}
	}
	insert("none", "")
	for name, p := range map[string]media.Probe{"full": full, "quick": quick} {
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		insert(name, string(text))
	}
	if err := old.writer.Close(); err != nil {
		t.Fatal(err)
	}

	db := openAt(t, path)
	for name, want := range map[string]media.Probe{"full": quick, "quick": quick, "none": {}} {
		found, err := db.Library().FilesByFingerprint(t.Context(), name)
		if err != nil || len(found) != 1 {
			t.Fatalf("%s: %d files, %v", name, len(found), err)
		}
		if diff := cmp.Diff(want, found[0].Probe); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
