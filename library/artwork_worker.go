package library

import (
	"context"
	"errors"
	"fmt"
	"time"

	"movify/pkg/blob"
	"movify/pkg/media"
)

// artworkWorker keeps pictures and makes stills, one at a time, until ctx is done. What is wanted is read from disk and store, so
// nothing that was missed stays missed. The owner's pictures come first, stills while no scan runs and nobody waits for an
// encoder: those are what people look at, and all want the same disk and processor.
func (s *Service) artworkWorker(ctx context.Context) error {
	if s.o.Blobs == nil {
		return nil
	}
	var todo []artworkJob // the last is the first to be done
	var waiting []chan<- struct{}
	looked := make(map[string]uint64)
	for {
		waiting = append(waiting, s.takeWaiters(&s.artworkWaiters)...)
		todo = append(todo, s.artworkJobs(ctx, looked)...)
		if len(todo) == 0 && ctx.Err() == nil {
			closeAll(waiting)
			waiting = nil
		}
		more, later := false, false
		if n := len(todo); n > 0 {
			if err := s.runArtworkJob(ctx, todo[n-1]); err != nil {
				s.logArtworkError(ctx, "keep a picture", err)
				clear(looked) // the next scan tries again
			}
			todo, more = todo[:n-1], true
		} else {
			more, later = s.nextStill(ctx)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if more {
			continue
		}
		var again <-chan time.Time
		if later {
			again = time.After(busyInterval)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.artworkWake:
		case <-again:
		}
	}
}

// busyInterval is how often it is asked whether somebody still waits for the machine: nobody tells.
const busyInterval = 5 * time.Second

// nextStill makes the still of the newest file that wants one; more says that there may be others, later that it is not
// the time for any. A scan tells when it is over.
func (s *Service) nextStill(ctx context.Context) (more, later bool) {
	switch {
	case s.o.Stills == nil, s.ScanState().Running:
		return false, false
	case s.o.Busy():
		return false, true
	}
	files, err := s.o.Store.FilesWithoutArt(ctx, 1) // each time anew: somebody may have added a film
	if err != nil {
		s.logArtworkError(ctx, "list the files without a still", err)
		return false, false
	}
	if len(files) == 0 {
		return false, false
	}
	if err := s.makeStill(ctx, files[0]); err != nil {
		s.logArtworkError(ctx, "keep a still", err)
		return false, false
	}
	return true, false
}

// makeStill makes and keeps the stills of one file. A film that gives none is not tried again while it is the same; the error
// is one of keeping.
func (s *Service) makeStill(ctx context.Context, f File) error {
	art, color := ArtStill, ""
	got, err := s.o.Stills.Stills(ctx, f.Path, f.Probe)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		s.o.Logger.Info("no still could be made", "file", f.ID, "error", err)
		art = ArtNone
	default:
		color = got.Color
		for width, picture := range map[int][]byte{StillWide: got.WebP1280, StillSmall: got.WebP480} {
			if err := s.putBlob(ctx, media.StillKey(f.Fingerprint, width), picture); err != nil {
				return err
			}
		}
	}
	if err := s.o.Store.SaveArt(ctx, f.ID, f.Fingerprint, art, color); err != nil {
		return fmt.Errorf("note the still: %w", err)
	}
	s.publish("title", map[string]string{"title": string(f.Title), "file": string(f.ID)})
	return nil
}

// putBlob stores a picture. One that is there already is of the same content.
func (s *Service) putBlob(ctx context.Context, key string, data []byte) error {
	if err := s.o.Blobs.Put(ctx, key, data); err != nil && !errors.Is(err, blob.ErrExists) {
		return fmt.Errorf("store a picture: %w", err)
	}
	return nil
}

func (s *Service) logArtworkError(ctx context.Context, doing string, err error) {
	if ctx.Err() == nil {
		s.o.Logger.Error("pictures could not be made", "doing", doing, "error", err)
	}
}
