package media

import "testing"

func TestOriginalDuration(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		picture []int64
		sounds  [][]int64
		want    int64
	}{
		"nothing":                          {nil, [][]int64{{0, 5000}}, 0},
		"a picture alone":                  {[]int64{0, 1000, 4000}, nil, 4000},
		"sound that ends earlier":          {[]int64{0, 1000, 4000}, [][]int64{{0, 1000}}, 4000},
		"the last frame of a sound":        {[]int64{0, 4000}, [][]int64{{0, 4099}}, 4000},
		"sound that goes on":               {[]int64{0, 4000}, [][]int64{{0, 3990}, {0, 4100}}, 4100},
		"the longest of two that do":       {[]int64{0, 4000}, [][]int64{{0, 9000}, {0, 4100}}, 9000},
		"a sound that has no segment left": {[]int64{0, 4000}, [][]int64{nil, {0}}, 4000},
	} {
		o := Original{Picture: Copy{Bounds: c.picture}}
		for _, b := range c.sounds {
			o.Sounds = append(o.Sounds, Copy{Bounds: b})
		}
		if got := o.DurationMS(); got != c.want {
			t.Errorf("%s: %d ms, want %d", name, got, c.want)
		}
	}
}
