package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
)

// The film that is measured, and its facts that the baselines need.
const (
	filmSeconds = 24
	filmRate    = "24000/1001"
	fullFrames  = 96 // of a full segment: 4.004 s
)

// film gives a 1080p film at 23.976 frames/s with AC-3 5.1: textured, moving, at 8 Mbit/s with natural keyframes. It is
// made once.
func film(ctx context.Context, o options) (string, error) {
	return once(ctx, filepath.Join(o.work, "film.mp4"), []string{
		"-f", "lavfi", "-i", fmt.Sprintf("mandelbrot=s=1920x1080:r=%s:end_scale=0.02:maxiter=200", filmRate),
		"-f", "lavfi", "-i", fmt.Sprintf("testsrc2=s=960x540:r=%s", filmRate),
		"-f", "lavfi", "-i", "aevalsrc=0.2*sin(440*2*PI*t)|0.2*sin(660*2*PI*t)|0.1*random(0)|" +
			"0.1*sin(60*2*PI*t)|0.1*sin(330*2*PI*t)|0.1*random(1):c=5.1:s=48000",
		"-filter_complex", "[0:v][1:v]overlay=x='480+300*sin(t)':y=270,noise=alls=8:allf=t,format=yuv420p[v]",
		"-map", "[v]", "-map", "2:a", "-t", fmt.Sprint(filmSeconds),
		"-c:v", "libx264", "-preset", "veryfast", "-b:v", "8M", "-maxrate", "12M", "-bufsize", "16M",
		"-c:a", "ac3", "-b:a", "448k", "-movflags", "+faststart",
	})
}

// short gives a film of two seconds, a few kilobytes: one of many in a large library.
func short(ctx context.Context, o options) (string, error) {
	return once(ctx, filepath.Join(o.work, "short.mp4"), []string{
		"-f", "lavfi", "-i", "testsrc2=s=320x180:r=24", "-f", "lavfi", "-i", "sine",
		"-t", "2", "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "64k",
	})
}

// once lets ffmpeg make a file unless it is there.
func once(ctx context.Context, path string, args []string) (string, error) {
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	unfinished := path + ".part.mp4"
	args = append([]string{"-hide_banner", "-nostdin", "-loglevel", "error", "-y"}, append(args, unfinished)...)
	if _, _, err := command(ctx, "ffmpeg", args...); err != nil {
		return "", fmt.Errorf("make %s: %w", filepath.Base(path), err)
	}
	return path, os.Rename(unfinished, path)
}

// another copies an MP4 file under a new name and appends a free box (ISO/IEC 14496-12 section 8.1.2) with a number:
// nothing that plays differs, but no two copies have the same content.
func another(from, to string, number int) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	box := binary.BigEndian.AppendUint32(nil, 16)
	box = append(box, "free"...)
	box = binary.BigEndian.AppendUint64(box, uint64(number))
	return os.WriteFile(to, append(data, box...), 0o644)
}
