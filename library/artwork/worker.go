package artwork

import (
	"context"
	"errors"
	"fmt"
	"time"

	"movify/library"
	"movify/pkg/blob"
	"movify/pkg/media"
)

// Run stores artwork and makes stills, one at a time, until ctx is done. Its work is derived from disk and store, so a
// missed wake-up loses nothing. Artwork comes first; stills are made while no scan runs and no viewer waits
// for an encoder, because all compete for disk and processor.
func (s *Service) Run(ctx context.Context) error {
	if s.o.Blobs == nil {
		<-ctx.Done()
		return nil
	}
	var todo []job // worked off from the end
	var waiting []chan<- struct{}
	looked := make(map[string]uint64)
	for {
		waiting = append(waiting, s.takeWaiters()...)
		todo = append(todo, s.takeJobs(ctx, looked)...)
		if len(todo) == 0 && ctx.Err() == nil {
			for _, done := range waiting {
				close(done)
			}
			waiting = nil
		}
		more, later := false, false
		if n := len(todo); n > 0 {
			if err := s.runJob(ctx, todo[n-1]); err != nil {
				s.logError(ctx, "keep a picture", err)
				clear(looked) // the next scan tries again
			}
			todo, more = todo[:n-1], true
		} else {
			more, later = s.nextStill(ctx)
		}
		if ctx.Err() != nil {
			return nil
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
			return nil
		case <-s.wakeup:
		case <-again:
		}
	}
}

// busyInterval is how often Options.Busy is polled: there is no notice when viewers stop waiting.
const busyInterval = 5 * time.Second

// nextStill makes the still of the newest file without one; more reports that there may be others, later that stills
// have to wait. The end of a scan wakes the worker.
func (s *Service) nextStill(ctx context.Context) (more, later bool) {
	switch {
	case s.o.Stills == nil, s.o.Scanning():
		return false, false
	case s.o.Busy():
		return false, true
	}
	files, err := s.o.Store.FilesWithoutArt(ctx, 1) // read each time: a newer film may have been added
	if err != nil {
		s.logError(ctx, "list the files without a still", err)
		return false, false
	}
	if len(files) == 0 {
		return false, false
	}
	if err := s.makeStill(ctx, files[0]); err != nil {
		s.logError(ctx, "keep a still", err)
		return false, false
	}
	return true, false
}

// makeStill makes and stores the still (thumbnail) of one file. A film without a usable frame is not tried again while it is
// unchanged; the error is one of storing.
func (s *Service) makeStill(ctx context.Context, f library.File) error {
	art, color := library.ArtStill, ""
	got, err := s.o.Stills.Stills(ctx, f.Path, f.Probe)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		s.o.Logger.Info("no still could be extracted", "file", f.ID, "error", err)
		art = library.ArtNone
	default:
		color = got.Color
		for width, picture := range map[int][]byte{library.StillWide: got.WebP1280, library.StillSmall: got.WebP480} {
			if err := s.putBlob(ctx, media.StillKey(f.Fingerprint, width), picture); err != nil {
				return err
			}
		}
	}
	if err := s.o.Store.SaveArt(ctx, f.ID, f.Fingerprint, art, color); err != nil {
		return fmt.Errorf("note the still: %w", err)
	}
	s.o.OnChange(f.Title, f.ID)
	return nil
}

// putBlob stores a picture. An existing blob of the key has the same content.
func (s *Service) putBlob(ctx context.Context, key string, data []byte) error {
	if err := s.o.Blobs.Put(ctx, key, data); err != nil && !errors.Is(err, blob.ErrExists) {
		return fmt.Errorf("store a picture: %w", err)
	}
	return nil
}

func (s *Service) logError(ctx context.Context, doing string, err error) {
	if ctx.Err() == nil {
		s.o.Logger.Error("artwork step failed", "step", doing, "error", err)
	}
}
