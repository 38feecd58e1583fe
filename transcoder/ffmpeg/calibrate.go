package ffmpeg

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"movify/transcoder"
)

// calibrated are the sizes that are measured, smallest first.
var calibrated = []int{480, 720, 1080}

// notWorthIt: a size this slow makes the larger ones certain to be slower still.
const notWorthIt = 1.5

// Calibrate measures how fast this machine encodes, two seconds of a test picture for each size. It takes a few
// seconds.
func (e *Encoder) Calibrate(ctx context.Context) ([]transcoder.Speed, error) {
	const seconds = 2
	preset, _ := PresetNamed("veryfast")
	var out []transcoder.Speed
	for _, height := range calibrated {
		size := fmt.Sprintf("testsrc2=s=%dx%d:r=24:d=%d", even(height*16/9), height, seconds)
		args := append(quiet("error"), "-f", "lavfi", "-i", size, "-pix_fmt", "yuv420p", "-c:v", "libx264",
			"-preset", preset.Name, "-crf", strconv.Itoa(preset.CRF), "-f", "null", "-")
		began := time.Now()
		if _, err := run(ctx, child{program: e.opts.Program, args: args}, 0); err != nil {
			return nil, fmt.Errorf("measure %d lines: %w", height, err)
		}
		times := seconds / time.Since(began).Seconds()
		out = append(out, transcoder.Speed{Height: height, Times: times})
		if times < notWorthIt {
			break
		}
	}
	return out, nil
}

// Version is the first line ffmpeg says of itself.
func (e *Encoder) Version(ctx context.Context) (string, error) { return version(ctx, e.opts.Program) }

func version(ctx context.Context, program string) (string, error) {
	text, err := run(ctx, child{program: program, args: []string{"-version"}}, 64<<10)
	if err != nil {
		return "", fmt.Errorf("ask %s for its version: %w", program, err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return line, nil
}
