package transcoder_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"movify/pkg/blob"
	"movify/pkg/header"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/testkit"
	"movify/transcoder"
	"movify/transcoder/original"
	"movify/transcoder/original/originaltest"
)

// copyable is a film of 3 s whose picture and sound take turns, as ffmpeg writes it.
func copyable(t testing.TB) string {
	t.Helper()
	from := testkit.Clip(t, "copyable.mp4",
		"-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=3", "-f", "lavfi", "-i", "sine=440:r=48000:d=3",
		"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10", "-bf", "2", "-b:v", "900k",
		"-c:a", "aac", "-metadata:s:a:0", "language=eng")
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "film.mp4")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// scanned is a file as a scan finds it, and the asset that is planned for it.
func scanned(t testing.TB, path string) (media.Asset, media.SourceFile) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	probe, err := header.Read(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	a, err := transcoder.PlanAsset("f00d", probe, transcoder.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	return a, media.SourceFile{Path: path, Size: info.Size(), ModTimeNS: info.ModTime().UnixNano()}
}

// all reads parts from offset at on, a part at a time.
func all(p blob.Parts, at int64) (out []byte, err error) {
	for at < p.Size {
		o, start, err := p.Open(at)
		if err != nil {
			return out, err
		}
		if start > at || at >= start+o.Size {
			return out, fmt.Errorf("the part at %d is [%d, %d)", at, start, start+o.Size)
		}
		if o.File != nil { // what the kernel would send
			b := make([]byte, o.Size)
			if _, err := o.File.ReadAt(b, o.Offset); err != nil {
				return out, err
			}
			o.Body = struct {
				io.ReadSeeker
				io.Closer
			}{bytes.NewReader(b), o.Body}
		}
		if _, err := o.Body.Seek(at-start, io.SeekStart); err != nil {
			return out, err
		}
		b, err := io.ReadAll(o.Body)
		if err != nil {
			return out, err
		}
		out, at = append(out, b...), at+int64(len(b))
		o.Body.Close()
	}
	return out, nil
}

func TestOriginalSegmentsFromAnyByte(t *testing.T) {
	t.Parallel()
	fromAnyByte(t, copyable(t))
}

// Bytes that each picture lacks in the file are between the ranges of it.
func TestOriginalSegmentsOfStrippedHeaders(t *testing.T) {
	t.Parallel()
	fromAnyByte(t, originaltest.Table()["stripped.mkv"].Make(t))
}

func fromAnyByte(t *testing.T, path string) {
	t.Helper()
	a, source := scanned(t, path)
	s, err := transcoder.NewOriginals().Open(t.Context(), a, source)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	direct, err := original.Open(f, source.Size)
	if err != nil {
		t.Fatal(err)
	}
	english := filepath.Ext(path) == ".mp4"
	if got := s.Media().Sounds[0]; english && (got.Name != "English" || got.Language != "en") || !got.Default {
		t.Errorf("the sound is %+v", got.Rendition)
	}
	var group sync.WaitGroup
	defer group.Wait()
	for _, c := range s.Media().Copies() {
		in, err := s.Init(c.ID)
		if want, _ := direct.Init(c.ID); err != nil || !bytes.Equal(in, want) {
			t.Errorf("init of %s: %v", c.ID, err)
		}
		for n := range c.Segments() {
			b, err := direct.Segment(c.ID, n)
			if err != nil {
				t.Fatal(err)
			}
			var want bytes.Buffer
			if _, err := b.WriteTo(&want, f); err != nil {
				t.Fatal(err)
			}
			group.Go(func() { sameFromAnyByte(t, s, c.ID, n, want.Bytes()) })
		}
	}
}

func sameFromAnyByte(t *testing.T, s *transcoder.OriginalStream, r id.Rendition, n int, want []byte) {
	p, err := s.Segment(r, n)
	if err != nil {
		t.Error(err)
		return
	}
	defer p.Close()
	size := int64(len(want))
	for _, at := range []int64{0, 1, 100, size / 3, size / 2, size - 1, 5} {
		got, err := all(p, at)
		if err != nil || !bytes.Equal(got, want[at:]) || p.Size != size {
			t.Errorf("segment %d of %s from byte %d: %d bytes, %v", n, r, at, len(got), err)
		}
	}
	if _, _, err := p.Open(size); !errors.Is(err, io.EOF) {
		t.Errorf("behind the end: %v", err)
	}
}

func TestOriginalPartsAreLargeOrTogether(t *testing.T) {
	t.Parallel()
	a, source := scanned(t, copyable(t))
	s, err := transcoder.NewOriginals().Open(t.Context(), a, source)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range s.Media().Copies() {
		p, err := s.Segment(c.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		parts := 0
		for at := int64(0); at < p.Size; parts++ {
			o, start, err := p.Open(at)
			if err != nil {
				t.Fatal(err)
			}
			if o.File == nil && o.Size > 320<<10 {
				t.Errorf("%d bytes of %s are in memory at once", o.Size, c.ID)
			}
			at = start + o.Size
		}
		p.Close()
		if parts > 12 { // of dozens of ranges of the file
			t.Errorf("a segment of %s of %d bytes is sent in %d parts", c.ID, p.Size, parts)
		}
	}
}

// replaced copies a file and puts the copy in its place, of the same size and time.
func replaced(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err == nil {
		err = errors.Join(os.WriteFile(path+".new", data, 0o600), os.Chtimes(path+".new", info.ModTime(), info.ModTime()),
			os.Rename(path+".new", path))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A stream that is kept is of a file that another one replaced, of the same size and time, as after a copy or a new mount.
func TestOriginalOfAFileThatWasReplacedIsOpenedAnew(t *testing.T) {
	t.Parallel()
	path := copyable(t)
	a, source := scanned(t, path)
	originals := transcoder.NewOriginals()
	if _, err := originals.Open(t.Context(), a, source); err != nil {
		t.Fatal(err)
	}
	replaced(t, path)
	s, err := originals.Open(t.Context(), a, source)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Init(s.Media().Picture.ID); err != nil {
		t.Errorf("a playback that begins now: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := originals.Open(t.Context(), a, source); !errors.Is(err, transcoder.ErrOriginalAway) {
		t.Errorf("a playback of a file that is gone: %v", err)
	}
}

func TestOriginalOfAFileThatChanges(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(t *testing.T, path string)
		want   error
	}{
		"grows": {func(t *testing.T, path string) {
			f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			if err == nil {
				_, err = f.WriteString("more")
				err = errors.Join(err, f.Close())
			}
			if err != nil {
				t.Fatal(err)
			}
		}, original.ErrChanged},
		"shrinks": {func(t *testing.T, path string) {
			if err := os.Truncate(path, 20_000); err != nil {
				t.Fatal(err)
			}
		}, original.ErrChanged},
		"is written again": {func(t *testing.T, path string) {
			if err := os.Chtimes(path, time.Time{}, time.Now().Add(-time.Hour)); err != nil {
				t.Fatal(err)
			}
		}, original.ErrChanged},
		"is another file": {replaced, original.ErrChanged},
		"vanishes": {func(t *testing.T, path string) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}, transcoder.ErrOriginalAway},
		"is moved": {func(t *testing.T, path string) {
			if err := os.Rename(path, path+".old"); err != nil {
				t.Fatal(err)
			}
		}, transcoder.ErrOriginalAway},
		"loses its folder": {func(t *testing.T, path string) {
			if err := os.Rename(filepath.Dir(path), filepath.Dir(path)+".old"); err != nil {
				t.Fatal(err)
			}
		}, transcoder.ErrOriginalAway},
		"is a FIFO": {func(t *testing.T, path string) {
			if err := errors.Join(os.Remove(path), syscall.Mkfifo(path, 0o600)); err != nil {
				t.Fatal(err)
			}
		}, original.ErrChanged},
		"is a folder": {func(t *testing.T, path string) {
			if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700)); err != nil {
				t.Fatal(err)
			}
		}, original.ErrChanged},
		"is behind a link that leads nowhere": {func(t *testing.T, path string) {
			if err := errors.Join(os.Remove(path), os.Symlink(path, path)); err != nil {
				t.Fatal(err)
			}
		}, transcoder.ErrSourceAway},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := copyable(t)
			a, source := scanned(t, path)
			s, err := transcoder.NewOriginals().Open(t.Context(), a, source)
			if err != nil {
				t.Fatal(err)
			}
			c.change(t, path)
			picture := s.Media().Picture.ID
			if _, err := s.Init(picture); !errors.Is(err, c.want) {
				t.Errorf("init: %v", err)
			}
			if _, err := s.Segment(picture, 0); !errors.Is(err, c.want) {
				t.Errorf("segment: %v", err)
			}
			if _, err := transcoder.NewOriginals().Open(t.Context(), a, source); name != "is another file" && !errors.Is(err, c.want) {
				t.Errorf("open: %v", err)
			}
		})
	}
}

// A segment that is being sent when its file changes is not finished with other bytes.
func TestOriginalOfAFileThatChangesWhileItIsSent(t *testing.T) {
	t.Parallel()
	path := copyable(t)
	a, source := scanned(t, path)
	s, err := transcoder.NewOriginals().Open(t.Context(), a, source)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Segment(s.Media().Picture.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := os.Truncate(path, 30_000); err != nil {
		t.Fatal(err)
	}
	if got, err := all(p, 0); !errors.Is(err, original.ErrChanged) || int64(len(got)) == p.Size {
		t.Errorf("%d of %d bytes: %v", len(got), p.Size, err)
	}
}

// A part that was read when the file is written to, without getting longer or shorter, is not taken for whole.
func TestOriginalOfAFileThatIsWrittenToWhileItIsSent(t *testing.T) {
	t.Parallel()
	path := copyable(t)
	a, source := scanned(t, path)
	s, err := transcoder.NewOriginals().Open(t.Context(), a, source)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range s.Media().Copies() {
		p, err := s.Segment(c.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		if _, _, err := p.Open(0); err != nil {
			t.Fatal(err)
		}
		if err := p.Check(); err != nil {
			t.Errorf("%s of a file that is the same: %v", c.ID, err)
		}
		defer func() {
			if err := p.Check(); !errors.Is(err, original.ErrChanged) {
				t.Errorf("%s: %v", c.ID, err)
			}
			if _, _, err := p.Open(p.Size - 1); !errors.Is(err, original.ErrChanged) {
				t.Errorf("the next part of %s: %v", c.ID, err)
			}
		}()
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte("other bytes"), source.Size/2); err != nil {
		t.Fatal(err)
	}
}

func TestFilesWithoutOriginal(t *testing.T) {
	t.Parallel()
	path := copyable(t)
	a, source := scanned(t, path)
	disc, joined, other := source, a, a
	disc.Path = filepath.Join(filepath.Dir(path), "VIDEO_TS", "VTS_01_0.IFO")
	joined.Probe.Recordings = make([]media.Recording, 2)
	other.Probe.Video = append([]media.VideoTrack{}, a.Probe.Video...)
	other.Probe.Video[0].Index = 7
	other.Ladder = media.Ladder{}
	broken := filepath.Join(t.TempDir(), "broken.mp4")
	if err := os.WriteFile(broken, []byte(strings.Repeat("no film ", 4000)), 0o600); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(broken)
	if err != nil {
		t.Fatal(err)
	}
	none := media.SourceFile{Path: broken, Size: info.Size(), ModTimeNS: info.ModTime().UnixNano()}
	originals := transcoder.NewOriginals()
	for name, c := range map[string]struct {
		asset media.Asset
		file  media.SourceFile
		want  error
	}{
		"a disc":          {a, disc, transcoder.ErrOriginalDisc},
		"joined":          {joined, source, transcoder.ErrOriginalJoined},
		"another picture": {other, source, transcoder.ErrOriginalOther},
		"no film":         {a, none, original.ErrContainer},
	} {
		for range 2 { // the second time it is known
			if _, err := originals.Open(t.Context(), c.asset, c.file); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
			a.ID += "-" // an asset of its own, as another packaging of the file
			c.asset.ID = a.ID
		}
	}
}

// A film of which a segment turned out to have parameter sets of its own has no Original stream any more.
func TestOriginalOfAFilmThatTurnsOutToChange(t *testing.T) {
	t.Parallel()
	take := func(name, seconds, more string) []byte {
		path := testkit.Clip(t, name, "-f", "lavfi", "-i", "testsrc2=r=25:s=160x96:d="+seconds, "-pix_fmt", "yuv420p", "-preset", "ultrafast",
			"-c:v", "libx264", "-x264-params", "repeat-headers=1:keyint=10:min-keyint=10:scenecut=0:bframes=0"+more)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	two, short, other := take("two.h264", "2", ""), take("short.h264", "0.4", ""), take("other.h264", "0.4", ":ref=3")
	dir := t.TempDir()
	raw, path := filepath.Join(dir, "raw.h264"), filepath.Join(dir, "film.mp4")
	if err := os.WriteFile(raw, slices.Concat(two, short, other, two), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(testkit.Need(t, "ffmpeg"), "-v", "error", "-framerate", "25", "-f", "h264", "-i", raw, "-c", "copy", path)
	if words, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, words)
	}
	a, source := scanned(t, path)
	originals := transcoder.NewOriginals()
	s, err := originals.Open(t.Context(), a, source)
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; err == nil && n < s.Media().Picture.Segments(); n++ {
		var p blob.Parts
		if p, err = s.Segment(s.Media().Picture.ID, n); err == nil {
			p.Close()
		}
	}
	if !errors.Is(err, original.ErrChanging) {
		t.Fatalf("its segments: %v", err)
	}
	if _, err := originals.Open(t.Context(), a, source); !errors.Is(err, original.ErrChanging) {
		t.Errorf("a playback that begins now: %v", err)
	}
}

// No descriptor of a film stays open, however many are opened, and an open stream that was forgotten goes on.
func TestOriginalsKeepNoFileOpen(t *testing.T) {
	t.Parallel()
	path := copyable(t)
	a, source := scanned(t, path)
	originals := transcoder.NewOriginals()
	first, err := originals.Open(t.Context(), a, source)
	if err != nil {
		t.Fatal(err)
	}
	again, err := originals.Open(t.Context(), a, source)
	if err != nil || again != first {
		t.Errorf("a stream that is kept was opened again: %v", err)
	}
	for n := range 20 {
		a.ID = id.Asset(fmt.Sprint("asset", n))
		if _, err := originals.Open(t.Context(), a, source); err != nil {
			t.Fatal(err)
		}
	}
	p, err := first.Segment(first.Media().Picture.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := all(p, 0); err != nil || int64(len(got)) != p.Size {
		t.Errorf("%d bytes: %v", len(got), err)
	}
	if n := descriptors(t, path); n != 1 {
		t.Errorf("%d descriptors while a segment is sent", n)
	}
	p.Close()
	if n := descriptors(t, path); n != 0 {
		t.Errorf("%d descriptors are open", n)
	}
}

// descriptors counts those of this process that are open on a file.
func descriptors(t *testing.T, path string) (n int) {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if to, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && to == path {
			n++
		}
	}
	return n
}

// A caller that cannot wait gets its stream the next time.
func TestOriginalsDoNotMakeACallerWait(t *testing.T) {
	t.Parallel()
	a, source := scanned(t, copyable(t))
	originals := transcoder.NewOriginals()
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for {
		_, err := originals.Open(over, a, source)
		if err == nil {
			return // it was opened in the background meanwhile
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if _, err := originals.Open(t.Context(), a, source); err != nil {
			t.Fatal(err)
		}
	}
}
