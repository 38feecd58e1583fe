package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"movify/transcoder/original"
)

// The goals of the Original stream.
const (
	copyGoal     = 0.10                  // of the wall and CPU time of ffmpeg -c copy, for the first segment
	pressGoal    = 50 * time.Millisecond // p95 from the press to the first segment
	fileGoal     = 1.3                   // of the CPU time of nginx, for a minute watched
	viewersGoal  = 24                    // MiB for ten viewers more
	baselineGoal = 0.02                  // of the CPU time of a build that encodes, for a minute watched
)

// Sizes of the measurements.
const (
	presses     = 40 // films that are pressed, each in its two containers
	watchRounds = 8  // how often the whole film is watched for one figure
	moreViewers = 10
)

// originalDevice is a device that plays all of the films as they are.
var originalDevice = map[string]any{
	"codecs": []string{"avc1.640033", "hvc1.1.6.L153.B0", "mp4a.40.2"}, "ranges": []string{"SDR"},
	"width": 3840, "height": 2160, "engine": "mse",
}

// originalStreams measures the Original stream: its first segment against ffmpeg, the press, a minute watched against nginx, memory, a
// minute against a build that encodes, and a day of a small machine.
func originalStreams(ctx context.Context, o options) error {
	films, err := originals(ctx, o)
	if err != nil {
		return err
	}
	var over []error
	for _, measure := range []func(context.Context, options, originalFilms) error{
		firstSegments, coldPresses, minutes, minuteOfBaseline, nasDay,
	} {
		err := measure(ctx, o, films)
		if err != nil && !errors.Is(err, errOver) {
			return err // alone: joined with a goal that was missed it would pass for one
		}
		over = append(over, err)
	}
	return errors.Join(over...)
}

// pressed is a playback on Original, and the address of everything its device fetches.
type pressed struct {
	session
	picture, sound stream
}

// press starts a title as a device that plays it as it is, and fetches what is needed for the first picture, in that order. It
// gives how long session, playlists and the first segment took.
func (s *server) press(ctx context.Context, title string) (p pressed, stages [3]time.Duration, err error) {
	began := time.Now()
	var answer struct {
		ID       string
		Way      struct{ Kind, Code, Message string }
		Original struct{ Manifest string }
	}
	in := map[string]any{"titleId": title, "startMs": 0, "device": originalDevice}
	if err := s.call(ctx, http.MethodPost, "/api/v1/sessions", in, &answer); err != nil {
		return p, stages, err
	}
	stages[0] = time.Since(began)
	if answer.Way.Kind != "original" {
		return p, stages, fmt.Errorf("a playback begins with %s: %s", answer.Way.Kind, answer.Way.Message)
	}
	p.session = session{ID: answer.ID, Manifest: answer.Original.Manifest}
	if p.picture, err = s.open(ctx, p.Manifest, startVariant); err != nil {
		return p, stages, err
	}
	stages[1] = time.Since(began)
	if _, err := s.get(ctx, p.picture.init); err != nil {
		return p, stages, err
	}
	_, err = s.get(ctx, p.picture.segments[0])
	stages[2] = time.Since(began)
	return p, stages, err
}

// hear reads the playlist of the sound of a playback.
func (s *server) hear(ctx context.Context, p *pressed) error {
	text, err := s.get(ctx, p.Manifest)
	if err != nil {
		return err
	}
	_, rest, ok := strings.Cut(string(text), "#EXT-X-MEDIA:TYPE=AUDIO")
	_, rest, _ = strings.Cut(rest, `URI="`)
	uri, _, _ := strings.Cut(rest, `"`)
	if !ok || uri == "" {
		return fmt.Errorf("no sound in\n%s", text)
	}
	folder, _, _ := strings.Cut(p.Manifest, "?")
	list := path.Join(path.Dir(folder), uri)
	if text, err = s.get(ctx, list); err != nil {
		return err
	}
	p.sound, err = parseMedia(string(text), path.Dir(list))
	return err
}

// addresses are those of everything of a stream, in the order in which a player fetches it.
func (p pressed) addresses() []string {
	out := []string{p.picture.init, p.sound.init}
	for n := range max(len(p.picture.segments), len(p.sound.segments)) {
		if n < len(p.picture.segments) {
			out = append(out, p.picture.segments[n])
		}
		if n < len(p.sound.segments) {
			out = append(out, p.sound.segments[n])
		}
	}
	return out
}

// originalServer starts a server on copies of two films. It plans nothing by itself.
func originalServer(
	ctx context.Context, o options, name string, sources [2]string, count int,
) (s *server, dir string, clean func() error, err error) {
	dir, remove, err := o.scratch(name)
	if err != nil {
		return nil, "", nil, err
	}
	library := filepath.Join(dir, "library")
	err = os.Mkdir(library, 0o755)
	if err == nil {
		err = copyFilms(library, sources, count)
	}
	if err == nil {
		s, err = serve(ctx, o, filepath.Join(dir, "data"), library)
	}
	if err != nil {
		remove()
		return nil, "", nil, err
	}
	return s, dir, func() error {
		defer remove()
		return s.stop()
	}, nil
}

// firstSegments compares the first segment of a film whose index was not read yet, from the press on, with ffmpeg copying the same
// part of the file.
func firstSegments(ctx context.Context, o options, f originalFilms) error {
	err := firstSegment(ctx, o, "1080p H.264 in MP4 and Matroska", [2]string{f.mp4, f.mkv})
	if err != nil && !errors.Is(err, errOver) {
		return err
	}
	return errors.Join(err, firstSegment(ctx, o, "2160p HEVC", [2]string{f.uhd, f.uhd}))
}

// inOneTurn is how many films are pressed in a turn: the kernel counts processor time in hundredths of a second.
const inOneTurn = 4

func firstSegment(ctx context.Context, o options, what string, sources [2]string) (err error) {
	turns := 2 * o.reps
	s, dir, clean, err := originalServer(ctx, o, "original-first", sources, (turns+1)*inOneTurn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, clean()) }()
	titles, err := s.titles(ctx, (turns+1)*inOneTurn)
	if err != nil {
		return err
	}
	if err := s.quiet(ctx); err != nil {
		return err
	}
	cpu := &pair{name: "index to segment, CPU time", unit: "ms", limit: copyGoal}
	wall := &pair{name: "index to segment, wall time", unit: "ms", limit: copyGoal}
	pressCPU := &pair{name: "press to segment, CPU time", unit: "ms"}
	pressWall := &pair{name: "press to segment, wall time", unit: "ms"}
	var made, ours, theirs []cost
	length := 0.0
	err = inTurns(turns+1, func(turn int) error {
		c, seconds, err := s.pressTurn(ctx, titles, turn)
		ours, length = append(ours, c), seconds
		if err != nil {
			return err
		}
		c, err = makeTurn(sources)
		made = append(made, c)
		return err
	}, func(int) error {
		c, err := copyTurn(ctx, sources, length, filepath.Join(dir, "first.mp4"))
		theirs = append(theirs, c)
		return err
	})
	if err != nil {
		return err
	}
	for n := 1; n <= turns; n++ { // the first turn of a server runs cold code
		cpu.add(inMS(made[n].cpu), inMS(theirs[n].cpu))
		wall.add(inMS(made[n].wall), inMS(theirs[n].wall))
		pressCPU.add(inMS(ours[n].cpu), inMS(theirs[n].cpu))
		pressWall.add(inMS(ours[n].wall), inMS(theirs[n].wall))
	}
	o.line("%s: the first segment against ffmpeg -c copy; a press has session and playlists too", what)
	return errors.Join(
		cpu.report(o, "ffmpeg"), wall.report(o, "ffmpeg"), pressCPU.report(o, "ffmpeg"), pressWall.report(o, "ffmpeg"),
	)
}

// makeTurn opens films and makes their first segments in this process, and gives the mean time of one.
func makeTurn(sources [2]string) (cost, error) {
	const times = 5 * inOneTurn
	before, began := ownTimeOf(), time.Now()
	for n := range times {
		if err := makeFirst(sources[n%2]); err != nil {
			return cost{}, err
		}
	}
	return cost{wall: time.Since(began) / times, cpu: (ownTimeOf() - before) / times}, nil
}

// makeFirst reads the index of a film, and makes the Init Section and the first segment of its picture.
func makeFirst(film string) error {
	f, err := os.Open(film)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	stream, err := original.Open(f, info.Size())
	if err != nil {
		return err
	}
	picture := stream.Media().Picture.ID
	if _, err := stream.Init(picture); err != nil {
		return err
	}
	segment, err := stream.Segment(picture, 0)
	if err == nil {
		_, err = segment.WriteTo(io.Discard, f)
	}
	return err
}

// pressTurn presses the films of a turn. It gives the mean time of one, on the processor that of the server alone, and how
// long a first segment lasts, seconds.
func (s *server) pressTurn(
	ctx context.Context, titles map[string]string, turn int,
) (c cost, length float64, err error) {
	for n := turn * inOneTurn; n < (turn+1)*inOneTurn; n++ {
		before, err := cpuOf(s.pid())
		if err != nil {
			return c, 0, err
		}
		p, stages, err := s.press(ctx, titles[fmt.Sprintf("Film %04d", n)])
		if err != nil {
			return c, 0, err
		}
		after, err := cpuOf(s.pid())
		if err != nil {
			return c, 0, err
		}
		c.wall, c.cpu, length = c.wall+stages[2], c.cpu+after-before, p.picture.bounds[1]
		if err := errors.Join(s.bye(ctx, p.session), s.planned(ctx, n+1)); err != nil {
			return c, 0, err
		}
	}
	return cost{c.wall / inOneTurn, c.cpu / inOneTurn}, length, nil
}

// copyTurn lets ffmpeg copy the first segments of a turn, and gives the mean time of one.
func copyTurn(ctx context.Context, sources [2]string, length float64, out string) (all cost, err error) {
	seconds := strconv.FormatFloat(length+0.001, 'f', 3, 64)
	for n := range inOneTurn {
		c, _, err := command(ctx, "ffmpeg", append(quiet(), "-i", sources[n%2], "-t", seconds, "-map", "0:v:0", "-c", "copy",
			"-f", "mp4", "-movflags", "+frag_keyframe+empty_moov+default_base_moof", out)...)
		if err != nil {
			return all, err
		}
		all.wall, all.cpu = all.wall+c.wall, all.cpu+c.cpu
	}
	return cost{all.wall / inOneTurn, all.cpu / inOneTurn}, nil
}

// coldPresses measures the press on films that were never opened: of each, first without a plan, then, after a restart, with one.
func coldPresses(ctx context.Context, o options, f originalFilms) (err error) {
	s, dir, clean, err := originalServer(ctx, o, "original-press", [2]string{f.mp4, f.mkv}, presses+1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, clean()) }()
	if err := forgetAll(ctx, filepath.Join(dir, "library")); err != nil {
		return err
	}
	unplanned, err := s.pressAll(ctx, o, "cold press, not planned")
	if err != nil {
		return err
	}
	library, data := filepath.Join(dir, "library"), s.data
	if err := s.stop(); err != nil {
		return err
	}
	if err := forgetAll(ctx, library); err != nil {
		return err
	}
	again, err := serveAgain(ctx, o, data, library)
	if err != nil {
		return err
	}
	*s = *again // what clean stops
	planned, err := s.pressAll(ctx, o, "cold press, planned")
	if err != nil {
		return err
	}
	return errors.Join(unplanned.report(o), planned.report(o))
}

// planned waits until n films are planned: the plan that follows a press in the background is not to slow down the next.
func (s *server) planned(ctx context.Context, n int) error {
	return until(ctx, patience, fmt.Sprintf("%d films are planned", n), func() (bool, error) {
		plans := 0
		err := filepath.WalkDir(filepath.Join(s.data, "stage"), func(_ string, d fs.DirEntry, err error) error {
			if err == nil && d.Name() == "plan.json" {
				plans++
			}
			return err
		})
		return plans >= n, err
	})
}

// pressAll presses each film of a library once. No program may start before a first segment is there.
func (s *server) pressAll(ctx context.Context, o options, name string) (*latencies, error) {
	titles, err := s.titles(ctx, presses+1)
	if err != nil {
		return nil, err
	}
	if err := s.quiet(ctx); err != nil {
		return nil, err
	}
	l := &latencies{name: name, limit: pressGoal, at: 0.95}
	var sessions, playlists latencies
	for n := range presses + 1 {
		before, err := cpuOfEnded(s.pid())
		if err != nil {
			return nil, err
		}
		p, stages, err := s.press(ctx, titles[fmt.Sprintf("Film %04d", n)])
		if err != nil {
			return nil, err
		}
		if after, err := cpuOfEnded(s.pid()); err != nil || after != before {
			return nil, errors.Join(fmt.Errorf("programs ran for %v before the first segment", after-before), err)
		}
		if n > 0 { // the first playback of a server runs cold code
			l.took = append(l.took, stages[2])
			sessions.took, playlists.took = append(sessions.took, stages[0]), append(playlists.took, stages[1])
		}
		if err := s.bye(ctx, p.session); err != nil {
			return nil, err
		}
		if err := s.planned(ctx, n+1); err != nil {
			return nil, err
		}
	}
	o.line("%s: p50 until the session %.1f ms, the playlists %.1f ms, the segment %.1f ms", name,
		inMS(sessions.quantile(0.5)), inMS(playlists.quantile(0.5)), inMS(l.quantile(0.5)))
	return l, nil
}
