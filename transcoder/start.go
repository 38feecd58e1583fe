package transcoder

import (
	"movify/pkg/id"
	"movify/pkg/media"
)

// fastEnough is how many times realtime a rung must be made for playing to start on it.
const fastEnough = 2.5

// StartRung is the rendition to begin on: the tallest that this machine makes fast enough or that is complete already,
// and otherwise the smallest.
func (s *Service) StartRung(a media.Asset) id.Rendition {
	var m map[id.Rendition]media.Measure
	if x := s.cachedIndex(a.ID); x != nil {
		m = x.Measures()
	}
	videos := a.Ladder.Videos()
	for _, r := range videos {
		if m[r.ID].Complete || s.estimate(r, a.Grid.Rate) >= fastEnough {
			return r.ID
		}
	}
	return videos[len(videos)-1].ID
}

// estimate is how many times realtime this machine encodes a rendition.
func (s *Service) estimate(r media.Rendition, rate media.Ratio) float64 {
	return estimateSpeed(s.opts.Speeds, r.Width, r.Height, rate.Float())
}

// estimateSpeed is how many times realtime a machine encodes pictures of a size: from the nearest measured size, by pixels
// a second, less what decoding and scaling a larger source takes (measured on 1080p H.264).
func estimateSpeed(speeds []Speed, width, height int, rate float64) float64 {
	const decoding = 0.55
	return decoding * pixelSpeed(speeds, height) / (float64(width*height) * rate)
}

// pixelSpeed is how many pixels a second a machine encodes at the measured size nearest to a height; 0 when none was
// measured.
func pixelSpeed(speeds []Speed, height int) float64 {
	best, distance := 0.0, 1<<30
	for _, m := range speeds {
		if d := abs(m.Height - height); d < distance {
			pixels := float64(m.Height*m.Height) * 16 / 9 * 24 * m.Times
			best, distance = pixels, d
		}
	}
	return best
}
