package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"movify/pkg/media"
)

const (
	proxyLimit  = 1.5 // CPU time of a proxied segment against the S3 server alone
	cachedLimit = 1.2 // CPU time of a cached segment against one on disk
	slowCount   = 200
	slowRate    = 64 << 10 // bytes a second of each slow reader
	slowGrowth  = 64 << 20 // what their buffers may take together, in bytes
)

// storage measures what it costs that segments lie in a bucket: as a proxy against the S3 server alone, with the read
// cache against a server whose segments lie on disk, and in memory while many read slowly.
func storage(ctx context.Context, o options) (err error) {
	source, err := film(ctx, o)
	if err != nil {
		return err
	}
	dir, remove, err := o.scratch("storage")
	if err != nil {
		return err
	}
	defer remove()
	library := filepath.Join(dir, "library")
	if err := errors.Join(os.Mkdir(library, 0o755), fill(library, source, 1)); err != nil {
		return err
	}
	b, err := openBucket(ctx, filepath.Join(dir, "bucket"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.stop()) }()

	proxy, err := packed(ctx, o, filepath.Join(dir, "proxy"), library, b.settings("0")...)
	if err != nil {
		return err
	}
	over := proxyAgainstAlone(ctx, o, proxy, b, filepath.Join(dir, "bucket", bucketName))
	if over == nil || errors.Is(over, errOver) {
		over = errors.Join(over, slow(ctx, o, proxy))
	}
	if err := proxy.stop(); err != nil || (over != nil && !errors.Is(over, errOver)) {
		return errors.Join(over, err)
	}

	cached, err := packed(ctx, o, filepath.Join(dir, "cached"), library, b.settings("1GiB")...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cached.stop()) }()
	disk, err := packed(ctx, o, filepath.Join(dir, "disk"), library, "MOVIFY_TRANSCODE_LADDER=always")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, disk.stop()) }()
	cpu := &pair{name: "CPU time of 1,000 requests", unit: "s", limit: cachedLimit}
	rate := &pair{name: "requests a second", unit: "/s"}
	if err := alternate(
		ctx, o, cpu, rate,
		side{cached.pid(), cached.url + cached.segment, nil}, side{disk.pid(), disk.url + disk.segment, nil},
	); err != nil {
		return err
	}
	if err := cached.sendfileIsUsed(ctx, o, dir, cached.segment); err != nil {
		return err
	}
	o.line("a cached segment of %d bytes against one on disk", cached.size)
	return errors.Join(over, cpu.report(o, "disk"), rate.report(o, "disk"))
}

// stored is a server whose one film is made and packed, and a full segment of its tallest rendition.
type storedFilm struct {
	*server
	segment string // its path
	size    int
}

// packed starts a server and waits until the ladder of its film is whole.
func packed(ctx context.Context, o options, data, library string, settings ...string) (f storedFilm, err error) {
	s, err := serve(ctx, o, data, library, settings...)
	if err != nil {
		return f, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.stop())
		}
	}()
	titles, err := s.titles(ctx, 1)
	if err != nil {
		return f, err
	}
	title := titles["Film 0000"]
	err = until(ctx, patience, "the ladder is whole", func() (bool, error) {
		var t struct{ ReadyPercent int }
		err := s.call(ctx, "GET", "/api/v1/titles/"+title, nil, &t)
		return t.ReadyPercent == 100, err
	})
	if err != nil {
		return f, err
	}
	err = until(
		ctx, patience, "every rendition is packed",
		func() (bool, error) { return nothingSingle(filepath.Join(data, "stage")) },
	)
	if err != nil {
		return f, err
	}
	p, err := s.play(ctx, title)
	if err != nil {
		return f, err
	}
	st, err := s.open(ctx, p.Manifest, tallest)
	if err != nil {
		return f, err
	}
	at := st.segments[st.at(10)]
	body, err := s.get(ctx, at)
	return storedFilm{s, at, len(body)}, err
}

// nothingSingle reports whether no segment stands alone in the stage.
func nothingSingle(stage string) (bool, error) {
	none := true
	err := filepath.WalkDir(stage, func(at string, d fs.DirEntry, err error) error {
		if err == nil {
			if _, segment := media.ParseSegmentName(d.Name()); segment {
				none = false
				return fs.SkipAll
			}
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // packed away this moment
		}
		return err
	})
	return none, err
}

// side is one of two servers under load. also is a further process whose CPU time is noted beside it.
type side struct {
	pid  int
	url  string
	args []string // of wrk
}

// alternate loads two servers in turns.
func alternate(ctx context.Context, o options, cpu, rate *pair, ours, theirs side) error {
	var a, b []delivery
	err := inTurns(o.reps, func(int) error {
		d, err := hammer(ctx, ours.pid, ours.url, ours.args...)
		a = append(a, d)
		return err
	}, func(int) error {
		d, err := hammer(ctx, theirs.pid, theirs.url, theirs.args...)
		b = append(b, d)
		return err
	})
	for n := range min(len(a), len(b)) {
		cpu.add(a[n].cpuPerThousand(), b[n].cpuPerThousand())
		rate.add(a[n].rate, b[n].rate)
	}
	return err
}

// proxyAgainstAlone compares a segment through movify with the same bytes of the same object from the S3 server itself.
func proxyAgainstAlone(ctx context.Context, o options, f storedFilm, b *bucket, folder string) error {
	key, offset, err := within(folder, path.Base(path.Dir(f.segment)), f)
	if err != nil {
		return err
	}
	link, err := b.link(ctx, key)
	if err != nil {
		return err
	}
	alone := side{b.pid(), link, []string{"-H", fmt.Sprintf("Range: bytes=%d-%d", offset, offset+int64(f.size)-1)}}
	cpu := &pair{name: "CPU time of 1,000 requests", unit: "s", limit: proxyLimit}
	rate := &pair{name: "requests a second", unit: "/s"}
	before, err := cpuOf(b.pid())
	if err != nil {
		return err
	}
	if err := alternate(ctx, o, cpu, rate, side{f.pid(), f.url + f.segment, nil}, alone); err != nil {
		return err
	}
	after, err := cpuOf(b.pid())
	if err != nil {
		return err
	}
	o.line(
		"a segment of %d bytes of a packed object, as a proxy without cache against the S3 server alone (wrk %s)",
		f.size, strings.Join(load(), " "),
	)
	o.line("the S3 server took %.1f s of CPU time in all, for both sides", (after - before).Seconds())
	return errors.Join(cpu.report(o, "S3  "), rate.report(o, "S3  "))
}

// within finds the packed object of a rendition in the bucket's folder, and where a served segment begins in it.
func within(folder, rendition string, f storedFilm) (key string, offset int64, err error) {
	body, err := f.get(context.Background(), f.segment)
	if err != nil {
		return "", 0, err
	}
	err = filepath.WalkDir(folder, func(at string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != media.PackedName || filepath.Base(filepath.Dir(at)) != rendition {
			return err
		}
		object, err := os.ReadFile(at)
		if err != nil {
			return err
		}
		if n := strings.Index(string(object), string(body)); n >= 0 {
			offset = int64(n)
			if key, err = filepath.Rel(folder, at); err == nil {
				err = fs.SkipAll
			}
			return err
		}
		return nil
	})
	if err == nil && key == "" {
		err = fmt.Errorf("no packed object of %s below %s holds what was served", rendition, folder)
	}
	return filepath.ToSlash(key), offset, err
}

// slow holds many slow readers and looks at the server's memory.
func slow(ctx context.Context, o options, f storedFilm) error {
	before, err := residentOf(f.pid())
	if err != nil {
		return err
	}
	release, err := slowReaders(ctx, f.url+f.segment, slowCount, slowRate)
	if err != nil {
		release()
		return err
	}
	most := int64(0)
	ends := time.Now().Add(5 * time.Second)
	err = until(ctx, patience, "the readers have read for a while", func() (bool, error) {
		now, err := residentOf(f.pid())
		most = max(most, now)
		return time.Now().After(ends), err
	})
	release()
	if err != nil {
		return err
	}
	verdict := "kept"
	if most-before > slowGrowth {
		verdict, err = "OVER", fmt.Errorf("memory under slow readers: %w", errOver)
	}
	o.line("%d readers of %d KiB/s: resident %.1f MiB before, at most %.1f MiB under them; %d MiB more allowed: %s",
		slowCount, slowRate>>10, float64(before)/(1<<20), float64(most)/(1<<20), slowGrowth>>20, verdict)
	return err
}
