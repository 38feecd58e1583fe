package media_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/media"
)

func TestCleanTags(t *testing.T) {
	t.Parallel()
	got := media.CleanTags(map[string]string{
		"TITLE": "  A film ", "major_brand": "isom", "ENCODER": "Lavf", "show": "", "comment": "bad \xff byte",
		"synopsis": strings.Repeat("é", 4<<10), strings.Repeat("n", 200): "long name", "bad \xff": "x",
	})
	want := map[string]string{"title": "A film", "comment": "bad \uFFFD byte", "synopsis": strings.Repeat("é", 2<<10)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := media.CleanTags(map[string]string{"encoder": "x"}); got != nil {
		t.Errorf("nothing is left, but %v", got)
	}
	many := map[string]string{}
	for n := range 1000 {
		many[fmt.Sprint(n)] = "x"
	}
	if got := media.CleanTags(many); len(got) != 128 {
		t.Errorf("%d tags are kept", len(got))
	}
}
