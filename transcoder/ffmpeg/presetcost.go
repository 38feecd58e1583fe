package ffmpeg

// Cost is how many times longer the preset takes than veryfast, with which Calibrate measures. Measured on 720p (x264 in
// ffmpeg 5.1, three rate factors).
func (p Preset) Cost() float64 {
	switch p.Name {
	case "superfast":
		return 0.68
	case "faster":
		return 1.78
	case "fast":
		return 2.26
	case "medium":
		return 2.8
	case "slow":
		return 3.6
	}
	return 1
}
