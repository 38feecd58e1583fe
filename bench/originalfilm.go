package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// originalSeconds is how long the films of the part about Original streams are.
const originalSeconds = 64

// originalFilms are the films whose Original streams are measured.
type originalFilms struct {
	mp4, mkv string // 1080p, H.264 at 8 Mb/s and AAC
	uhd      string // 2160p, HEVC at 20 Mb/s and AAC
}

// originals makes the films once. A few seconds of noise, which needs its bit rate, are encoded and repeated as they are.
func originals(ctx context.Context, o options) (f originalFilms, err error) {
	noise := []string{"-vf", "noise=alls=20:allf=t,format=yuv420p"}
	hd := append([]string{"-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=" + filmRate}, noise...)
	hd = append(hd, "-t", "12", "-c:v", "libx264", "-preset", "ultrafast", "-b:v", "8M", "-maxrate", "8M",
		"-bufsize", "8M", "-g", "48")
	uhd := append([]string{"-f", "lavfi", "-i", "testsrc2=s=3840x2160:r=24"}, noise...)
	uhd = append(uhd, "-t", "4", "-c:v", "libx265", "-preset", "ultrafast", "-b:v", "20M", "-maxrate", "20M",
		"-bufsize", "20M", "-x265-params", "log-level=none:keyint=48:open-gop=0", "-tag:v", "hvc1")
	if f.mp4, err = repeated(ctx, o, "original-1080p", hd); err != nil {
		return f, err
	}
	if f.uhd, err = repeated(ctx, o, "original-2160p", uhd); err != nil {
		return f, err
	}
	f.mkv, err = once(ctx, filepath.Join(o.work, "original-1080p.mkv"), []string{
		"-i", f.mp4, "-c", "copy", "-f", "matroska",
	})
	return f, err
}

// repeated makes a film of originalSeconds out of a short picture and adds a sound.
func repeated(ctx context.Context, o options, name string, picture []string) (string, error) {
	short, err := once(ctx, filepath.Join(o.work, name+"-loop.mp4"), picture)
	if err != nil {
		return "", err
	}
	return once(ctx, filepath.Join(o.work, name+".mp4"), []string{
		"-stream_loop", "-1", "-i", short, "-f", "lavfi", "-i", "sine=440:r=48000",
		"-map", "0:v", "-map", "1:a", "-t", fmt.Sprint(originalSeconds), "-c:v", "copy",
		"-c:a", "aac", "-b:a", "160k", "-ac", "2", "-movflags", "+faststart",
	})
}

// copyFilms fills a folder with n films, "Film 0000" and so on, made of two sources in turns.
func copyFilms(dir string, sources [2]string, n int) error {
	for i := range n {
		source := sources[i%len(sources)]
		path := filepath.Join(dir, fmt.Sprintf("Film %04d (2001)%s", i, filepath.Ext(source)))
		data, err := os.ReadFile(source)
		if err == nil {
			err = os.WriteFile(path, append(data, filler(path, i)...), 0o644)
		}
		if err != nil {
			return fmt.Errorf("copy a film: %w", err)
		}
	}
	return nil
}

// forgetAll writes the films of a folder to the disk and takes them out of the page cache.
func forgetAll(ctx context.Context, dir string) error {
	films, err := filepath.Glob(filepath.Join(dir, "Film *"))
	for _, film := range films {
		if err == nil {
			_, _, err = command(ctx, "dd", "of="+film, "oflag=nocache", "conv=notrunc,fdatasync", "count=0", "status=none")
		}
	}
	return err
}
