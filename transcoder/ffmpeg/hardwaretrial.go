package ffmpeg

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"movify/pkg/media"
	"movify/pkg/queue"
	"movify/transcoder"
)

// Settings beside the names of the families.
const (
	Auto = "auto" // the fastest that is right and no slower than software
	Off  = "off"
)

// HardwareOptions configure a Hardware.
type HardwareOptions struct {
	Encoder *Encoder
	Setting string // Auto, Off or the name of a family
	Device  string // the only device that is tried, "/dev/dri/renderD128"; "" = every one
}

// Hardware finds and tries the hardware encoders of this machine, and tells its Encoder which one to use.
type Hardware struct {
	opts    HardwareOptions
	machine machine
	bounds  bounds

	mu    sync.Mutex
	tried []Tried
}

// NewHardware tries nothing yet: the Encoder has no device until Try has chosen one.
func NewHardware(o HardwareOptions) *Hardware {
	return &Hardware{opts: o, machine: thisMachine(), bounds: trialBounds()}
}

// Tried is one encoder of one device and how its trial ended.
type Tried struct {
	Family   Family
	Device   string // "" = the driver chooses
	Outcome  Outcome
	Words    string  // the reason, for people
	Group    string  // with NoPermission: the group whose members may open the device, by name or number; "" = none
	Detail   string  // what ffmpeg said first, "" = nothing
	Times    float64 // real time, of the test film; 0 = it was not made
	Software float64 // the same by software
	Used     bool

	group group
}

// Results are how the trials ended, in the order of the families; none before Try.
func (h *Hardware) Results() []Tried {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.tried)
}

// Setting is what the configuration says.
func (h *Hardware) Setting() string { return h.opts.Setting }

// Ready reports whether Try has chosen an encoder.
func (h *Hardware) Ready() bool { return h.opts.Encoder.device.Load() != nil }

// bounds are how long the parts of a trial may take.
type bounds struct {
	device   time.Duration // each run with a device
	software time.Duration // what software does before, and each comparison
}

// trialBounds are those of a server: a second of film takes a second where a device is of any use, and a first run may load a driver.
func trialBounds() bounds { return bounds{device: 10 * time.Second, software: 30 * time.Second} }

// Try encodes a second of a test film with each encoder that this machine may have, side by side where they are different devices,
// and chooses one unless the setting is Off. An encoder is right when the packager takes its segments, when its
// headers leave room for software, and when its segments, with one of software between them, decode to the film. An
// error says that nothing could be tried.
func (h *Hardware) Try(ctx context.Context) error {
	listing, stop := context.WithTimeout(ctx, h.bounds.software)
	defer stop()
	known, err := encoders(listing, h.opts.Encoder.opts.Program)
	if err != nil {
		return fmt.Errorf("ask ffmpeg for its encoders: %w", err)
	}
	candidates, results := h.machine.candidates(known, h.opts.Setting, h.opts.Device)
	if len(candidates) > 0 {
		made, err := h.tryAll(ctx, candidates)
		if err != nil {
			return err
		}
		results = append(results, made...)
	}
	for n := range results {
		results[n].Words, results[n].Group = results[n].words(), results[n].group.String()
	}
	slices.SortStableFunc(results, func(a, b Tried) int {
		return slices.Index(families[:], a.Family) - slices.Index(families[:], b.Family)
	})
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tried = results
	return nil
}

// tryAll tries candidates, one at a time on each device, and chooses among those that are right.
func (h *Hardware) tryAll(ctx context.Context, candidates []candidate) ([]Tried, error) {
	dir, err := os.MkdirTemp("", "movify-trial-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the trial: %w", err)
	}
	defer os.RemoveAll(dir)
	film, err := newTrial(ctx, h.opts.Encoder, dir, h.bounds)
	if err != nil {
		return nil, err
	}
	results, used := make([]Tried, len(candidates)), make([]candidate, len(candidates))
	var wg sync.WaitGroup
	for _, same := range byDevice(candidates) {
		wg.Go(func() {
			for _, n := range same {
				results[n], used[n] = h.tryOne(ctx, film, candidates[n])
			}
		})
	}
	wg.Wait()
	if n := choose(results, h.opts.Setting); n >= 0 && ctx.Err() == nil {
		results[n].Used = true
		h.opts.Encoder.device.Store(&used[n])
	}
	return results, ctx.Err()
}

// byDevice groups the numbers of candidates by their device.
func byDevice(candidates []candidate) map[string][]int {
	out := map[string][]int{}
	for n, c := range candidates {
		key := c.device
		if key == "" {
			key = string(c.family)
		}
		out[key] = append(out[key], n)
	}
	return out
}

// tryOne tries a candidate and, where that has no encoder, the other ways to ask the same device.
func (h *Hardware) tryOne(ctx context.Context, film *trial, c candidate) (Tried, candidate) {
	result := film.try(ctx, h.opts.Encoder, c)
	if other, ok := c.otherWay(); ok && (result.Outcome == NoCodec || result.Outcome == Failed) && ctx.Err() == nil {
		if second := film.try(ctx, h.opts.Encoder, other); second.Outcome == Works || second.Outcome == Slower {
			return second, other
		}
	}
	return result, c
}

// otherWay is how the same device is asked for the same, for drivers that take only that.
func (c candidate) otherWay() (candidate, bool) {
	switch c.family {
	case VAAPI:
		c.lowPower = true
		return c, true
	case V4L2M2M:
		c.planes = true
		return c, true
	}
	return c, false
}

// choose is the number of the fastest encoder that a setting allows, -1 = none.
func choose(results []Tried, setting string) int {
	best := -1
	for n, r := range results {
		allowed := r.Outcome == Works || r.Outcome == Slower && setting == string(r.Family)
		if allowed && setting != Off && (best < 0 || r.Times > results[best].Times) {
			best = n
		}
	}
	return best
}

// trial is the test film, and what software makes of it.
type trial struct {
	dir      string
	bounds   bounds
	order    transcoder.Order
	software transcoder.Made
	times    float64 // real time, of software
}

// The test film: a second, in a size whose sides are no multiples of a macroblock, as those of most films are not.
const (
	trialWidth, trialHeight = 1272, 714
	trialRate               = 24
	trialCap                = 4_000_000 // bit/s
)

// newTrial makes the test film in a folder, plans it, and encodes it by software, as one that finishes what a device began.
func newTrial(ctx context.Context, e *Encoder, dir string, b bounds) (*trial, error) {
	ctx, stop := context.WithTimeout(ctx, b.software)
	defer stop()
	path := filepath.Join(dir, "film.mkv")
	rate := media.Ratio{Num: trialRate, Den: 1}
	asset, err := transcoder.PlanAsset("trial", media.Probe{
		Format: "matroska,webm", DurationUS: 1_000_000,
		Video: []media.VideoTrack{{
			Codec: "ffv1", Width: trialWidth, Height: trialHeight, FrameRate: rate, AverageRate: rate, FieldOrder: "progressive",
		}},
	}, transcoder.Policy{Rungs: []transcoder.Rung{{Height: 720, MaxRate: trialCap}}, SegmentSeconds: 1})
	if err != nil {
		return nil, fmt.Errorf("plan the test film: %w", err)
	}
	t := &trial{dir: dir, bounds: b, order: transcoder.Order{
		Path: path, Asset: asset, Renditions: asset.Ladder.Videos(), From: 0, To: asset.Grid.Segments(), Class: queue.JIT,
	}}
	if err := makeFilm(ctx, e.opts.Program, path); err != nil {
		return nil, err
	}
	t.software, t.times, err = t.make(ctx, e, transcoder.SoftwareBeside)
	if err != nil {
		return nil, fmt.Errorf("encode the test film by software: %w", err)
	}
	return t, nil
}

// makeFilm writes the test film without loss.
func makeFilm(ctx context.Context, program, path string) error {
	args := append(quiet("error"), "-f", "lavfi", "-i",
		fmt.Sprintf("testsrc2=s=%dx%d:r=%d:d=1", trialWidth, trialHeight, trialRate),
		"-vf", "format=yuv420p,setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709",
		"-c:v", "ffv1", "-f", "matroska", "pipe:1")
	film, err := run(ctx, child{program: program, args: args}, 64<<20)
	if err == nil {
		err = os.WriteFile(path, film, 0o600)
	}
	if err != nil {
		return fmt.Errorf("make the test film: %w", err)
	}
	return nil
}

// make encodes the test film and gives its speed in real time.
func (t *trial) make(
	ctx context.Context, e transcoder.Encoder, maker transcoder.Maker,
) (transcoder.Made, float64, error) {
	o := t.order
	o.Makers = []transcoder.Maker{maker}
	began := time.Now()
	made, err := transcoder.Make(ctx, e, o)
	return made, 1 / time.Since(began).Seconds(), err
}

// try tries one candidate.
func (t *trial) try(ctx context.Context, e *Encoder, c candidate) Tried {
	out := Tried{Family: c.family, Device: c.device, Software: t.times}
	encoding, stopEncoding := context.WithTimeout(ctx, t.bounds.device)
	defer stopEncoding()
	made, times, err := t.make(encoding, withDevice{e, c}, transcoder.Hardware)
	if err != nil {
		out.Outcome, out.Detail = explain(err)
		if out.Outcome == NoPermission {
			out.group = groupOf(c.device)
		}
		return out
	}
	out.Times = times
	joined, err := transcoder.JoinedInit(made, t.software)
	if err != nil {
		out.Outcome, out.Detail = explain(err)
		return out
	}
	if bits(made) > 3*trialCap { // a second at the cap, and its buffer of two
		out.Outcome = TooLarge
		return out
	}
	comparing, stopComparing := context.WithTimeout(ctx, t.bounds.software)
	defer stopComparing()
	switch err := t.compare(comparing, e.opts.Program, c, joined, made); {
	case errors.Is(err, errOtherPicture):
		out.Outcome, out.Detail = WrongPicture, err.Error()
	case err != nil:
		out.Outcome, out.Detail = NotCompared, err.Error()
	case out.Times < out.Software:
		out.Outcome = Slower
	default:
		out.Outcome = Works
	}
	return out
}

func bits(m transcoder.Made) (sum int) {
	for _, s := range m.Segments {
		sum += 8 * len(s)
	}
	return sum
}

// errOtherPicture says that pictures do not decode to those of the test film.
var errOtherPicture = errors.New("a picture is not that of the test film")

// leastLikeness is the peak signal-to-noise ratio of each picture, in dB. Encoders make the test film with more than 30; pictures that
// are decoded with the headers of another encoder were measured between 13 and 21.
const leastLikeness = 25.0

// compare decodes the segments of a device, all but the second, which is software's, and compares each picture with the film. So
// both joints are seen, from the device to software and back.
func (t *trial) compare(ctx context.Context, program string, c candidate, joined []byte, made transcoder.Made) error {
	stream := slices.Clone(joined)
	for n, data := range made.Segments {
		if n%2 == 1 {
			data = t.software.Segments[n]
		}
		stream = append(stream, data...)
	}
	path := filepath.Join(t.dir, fmt.Sprintf("%s-%s-%t-%t.mp4", c.family, filepath.Base(c.device), c.lowPower, c.planes))
	if err := os.WriteFile(path, stream, 0o600); err != nil {
		return fmt.Errorf("write what is compared: %w", err)
	}
	same := fmt.Sprintf("settb=1/%d,setpts=N", trialRate)
	args := append(quiet("error"), "-i", inputURL(path), "-i", inputURL(t.order.Path), "-lavfi",
		"[0:v]"+same+"[a];[1:v]"+same+"[b];[a][b]psnr=stats_file=-:shortest=1", "-f", "null", "/dev/null")
	text, err := run(ctx, child{program: program, args: args}, probeOutput)
	if err != nil {
		return fmt.Errorf("%w: %w", errOtherPicture, err)
	}
	return alike(text, trialRate)
}

// alike reads what the psnr filter says of each picture: "n:1 mse_avg:0.33 … psnr_avg:52.94 psnr_y:…".
func alike(text []byte, pictures int) error {
	seen := 0
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		_, after, ok := strings.Cut(lines.Text(), "psnr_avg:")
		if !ok {
			continue
		}
		seen++
		value, _, _ := strings.Cut(after, " ")
		if likeness, err := strconv.ParseFloat(value, 64); err != nil || likeness < leastLikeness {
			return fmt.Errorf("%w: picture %d has %s dB", errOtherPicture, seen, value)
		}
	}
	if seen != pictures {
		return fmt.Errorf("%w: %d pictures of %d", errOtherPicture, seen, pictures)
	}
	return nil
}
