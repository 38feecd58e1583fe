package ffmpeg

import "testing"

func TestSlowerPresetsCostMore(t *testing.T) {
	t.Parallel()
	before := 0.0
	for _, p := range presets {
		if cost := p.Cost(); cost <= before || (p.Name == "veryfast") != (cost == 1) {
			t.Errorf("%s costs %.2f, the one before it %.2f", p.Name, cost, before)
		} else {
			before = cost
		}
	}
}
