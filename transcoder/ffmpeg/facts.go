package ffmpeg

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"movify/pkg/media"
	"movify/pkg/sourcecheck"
)

// Measurer decodes films and assets to the facts by which they are compared: the times of their frames with a tiny
// picture of each, and how loud they are. Nothing is kept of a frame but 72 bytes, and of five milliseconds of sound one.
type Measurer struct{ ffmpeg, ffprobe string }

// NewMeasurer takes the programs' names or paths.
func NewMeasurer(ffmpeg, ffprobe string) *Measurer {
	return &Measurer{ffmpeg: ffmpeg, ffprobe: ffprobe}
}

// Film decodes a file by its full probe: its picture and every sound track that can be decoded. The recordings of a joined file are laid one
// behind another, each as long as its picture.
func (m *Measurer) Film(ctx context.Context, path string, p media.Probe) (sourcecheck.Film, error) {
	v, _ := p.Picture()
	film := sourcecheck.Film{Interlaced: v.Interlaced(), Sounds: make([]sourcecheck.Sound, len(audioIndexes(p)))}
	path, err := filepath.Abs(path)
	if err != nil {
		return film, ErrUnreadable.Because(err)
	}
	if len(p.Recordings) == 0 {
		in, err := openInput(path)
		if err != nil {
			return film, err
		}
		f, err := m.facts(ctx, reading{in: in, picture: v.Index, sounds: audioIndexes(p)})
		film.Pictures.Append(f.pictures, -v.DelayUS)
		film.Sounds = f.sounds
		return film, err
	}
	for n, r := range p.Recordings {
		v, _ := r.Probe.Picture()
		f, err := m.facts(ctx, reading{
			in: rangeInput(path, r.Offset, r.Size), picture: v.Index, sounds: audioIndexes(r.Probe),
		})
		if err != nil {
			return film, err
		}
		if len(f.pictures.TimesUS) == 0 {
			continue
		}
		shift := int64(0)
		if n > 0 {
			shift = film.Pictures.EndUS() - f.pictures.TimesUS[0]
		}
		film.Pictures.Append(f.pictures, shift)
		for k := range min(len(film.Sounds), len(f.sounds)) {
			film.Sounds[k].Append(f.sounds[k], shift)
		}
	}
	return film, nil
}

// audioIndexes are the sound tracks that can be decoded.
func audioIndexes(p media.Probe) []int {
	var out []int
	for _, a := range p.Audio {
		if !a.Undecodable {
			out = append(out, a.Index)
		}
	}
	return out
}

// Pictures decodes a video rendition: a fragmented MP4 with one track.
func (m *Measurer) Pictures(ctx context.Context, r io.Reader) (sourcecheck.Pictures, error) {
	f, err := m.facts(ctx, reading{in: pipeInput(), stdin: r, picture: 0})
	return f.pictures, err
}

// Sound decodes an audio rendition: a fragmented MP4 with one track.
func (m *Measurer) Sound(ctx context.Context, r io.Reader) (sourcecheck.Sound, error) {
	f, err := m.facts(ctx, reading{in: pipeInput(), stdin: r, picture: noStream, sounds: []int{0}})
	if err != nil {
		return sourcecheck.Sound{}, err
	}
	return f.sounds[0], nil
}

// Rung reads the colour labels of a video rendition from its beginning.
func (m *Measurer) Rung(ctx context.Context, r io.Reader) (sourcecheck.Rung, error) {
	limited, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	p := &Prober{program: m.ffprobe}
	text, err := run(limited, child{
		program: m.ffprobe, args: p.args(pipeInput(), "-show_format", "-show_streams", "-of", "json"), stdin: r,
		limits: limits{memory: probeMemory},
	}, probeOutput)
	var exit *exitError
	if err != nil && !errors.As(err, &exit) {
		return sourcecheck.Rung{}, err
	}
	var v media.VideoTrack
	if probe, err := parseProbe(text); err == nil { // a rendition that cannot be read has no labels
		v, _ = probe.Picture()
	}
	return sourcecheck.Rung{Primaries: v.ColorPrimaries, Transfer: v.ColorTransfer, Matrix: v.ColorSpace}, nil
}

// pipeInput is a fragmented MP4 on standard input, which refers to nothing else.
func pipeInput() input {
	return input{url: "pipe:0", args: map[string]any{"protocol_whitelist": "pipe", "format_whitelist": "mov", "f": "mov"}}
}

// reading is what is decoded of an input.
type reading struct {
	in      input
	stdin   io.Reader
	picture int   // stream index, or noStream
	sounds  []int // stream indexes
}

// facts are what was read of an input.
type facts struct {
	pictures sourcecheck.Pictures
	sounds   []sourcecheck.Sound
}

// facts decodes an input once. One that cannot be decoded to its end has given what it could.
func (m *Measurer) facts(ctx context.Context, r reading) (facts, error) {
	args, pipes := r.args()
	proc, err := start(ctx, child{
		program: m.ffmpeg, args: args, dir: r.in.dir, reads: r.in.reads, pipes: pipes, stdin: r.stdin,
		limits: limits{nice: niceness},
	})
	if err != nil {
		return facts{}, fmt.Errorf("measure a film: %w", err)
	}
	out := facts{sounds: make([]sourcecheck.Sound, len(r.sounds))}
	var wg sync.WaitGroup
	next := 0
	if r.picture != noStream {
		marks, times := proc.Output(0), proc.Output(1)
		// The fields of Pictures that each of them writes are its own.
		wg.Go(func() { readMarks(marks, &out.pictures) })
		wg.Go(func() { readTimes(times, &out.pictures) })
		next = 2
	}
	for n := range r.sounds {
		levels := proc.Output(next + n)
		wg.Go(func() { readLevels(levels, &out.sounds[n]) })
	}
	wg.Wait()
	_, err = proc.Wait()
	var exit *exitError
	if ctx.Err() != nil {
		return facts{}, ctx.Err()
	}
	if err != nil && !errors.As(err, &exit) {
		return facts{}, fmt.Errorf("measure a film: %w", err)
	}
	out.pictures.Finish()
	return out, nil
}

// args are the arguments of a reading, and how many pipes it writes to: the marks and the times of its pictures, then the
// levels of each sound. The width is made small first, so that all lines stay for the filter that looks for fields.
func (r reading) args() (args []string, pipes int) {
	args = append(quiet("error"), "-copyts")
	allowed := r.in.whitelisted()
	for _, name := range slices.Sorted(maps.Keys(allowed)) {
		args = append(args, "-"+name, fmt.Sprint(allowed[name]))
	}
	args = append(args, "-i", r.in.url)
	var chains, outputs []string
	pipe := firstPipe
	if r.picture != noStream {
		side := strconv.Itoa(sourcecheck.MarkSide)
		chains = append(chains, fmt.Sprintf(
			"[0:%d]settb=expr=1/%d,scale=160:ih:flags=area,format=gray,idet,metadata=mode=print:key=%s:file='pipe\\:%d',"+
				"scale=%s:%s:flags=area[v]", r.picture, measuredClock, fieldsKey, pipe+1, side, side))
		outputs = append(outputs, "-map", "[v]", "-vsync", "passthrough", "-c:v", "rawvideo", "-f", "rawvideo",
			"pipe:"+strconv.Itoa(pipe))
		pipe += 2
	}
	for n, stream := range r.sounds {
		chains = append(chains, fmt.Sprintf(
			"[0:%d]aformat=channel_layouts=stereo:sample_rates=%d,asetnsamples=n=%d:p=0,"+
				"astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=RMS_level,"+
				"ametadata=mode=print:key=%s:file='pipe\\:%d'[a%d]",
			stream, measuredRate, measuredRate*sourcecheck.HopUS/1_000_000, levelKey, pipe, n))
		outputs = append(outputs, "-map", fmt.Sprintf("[a%d]", n), "-c:a", "pcm_s16le", "-f", "null", "-")
		pipe++
	}
	return append(append(args, "-filter_complex", strings.Join(chains, ";")), outputs...), pipe - firstPipe
}

const (
	measuredClock = 90_000 // ticks a second of pictures
	measuredRate  = 8000   // Hz; the clock of sound too
	fieldsKey     = "lavfi.idet.single.current_frame"
	levelKey      = "lavfi.astats.Overall.RMS_level"
)

func readMarks(r io.Reader, p *sourcecheck.Pictures) {
	in := bufio.NewReader(r)
	var mark [sourcecheck.MarkSize]byte
	for {
		if _, err := io.ReadFull(in, mark[:]); err != nil {
			return
		}
		p.AddMark(mark)
	}
}

func readTimes(r io.Reader, p *sourcecheck.Pictures) {
	printed(r, measuredClock, func(atUS int64, value string) {
		p.Add(atUS)
		p.Fields.Frames++
		switch value {
		case "tff":
			p.Fields.TopFirst++
		case "bff":
			p.Fields.BottomFirst++
		}
	})
}

func readLevels(r io.Reader, s *sourcecheck.Sound) {
	printed(r, measuredRate, func(atUS int64, value string) {
		if decibels, err := strconv.ParseFloat(value, 64); err == nil { // "-inf" is one
			s.Add(atUS, decibels)
		}
	})
}

// printed reads what ffmpeg's filter metadata prints, two lines for each frame:
//
//	frame:3    pts:1536    pts_time:0.12
//	lavfi.idet.single.current_frame=progressive
//
// pts counts ticks of the clock. pts_time has six digits in all: at three hours it knows tenths of a second only. A frame
// without a time has that of the one before.
func printed(r io.Reader, clock int64, each func(atUS int64, value string)) {
	in := bufio.NewScanner(r)
	at := int64(0)
	for in.Scan() {
		if _, text, ok := strings.Cut(in.Text(), " pts:"); ok {
			text, _, _ = strings.Cut(text, " ")
			if ticks, err := strconv.ParseInt(text, 10, 64); err == nil && max(ticks, -ticks) < maxTicks {
				at = ticks * 1_000_000 / clock
			}
		} else if _, value, ok := strings.Cut(in.Text(), "="); ok {
			each(at, value)
		}
	}
	_, _ = io.Copy(io.Discard, r) // a line that is too long: the child must not wait
}

// maxTicks is more than any clock counts that is believed; microseconds of it fit into 63 bits.
const maxTicks = 1 << 42
