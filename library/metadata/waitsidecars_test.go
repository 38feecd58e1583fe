package metadata_test

import (
	"context"
	"errors"
	"image/color"
	"testing"

	"movify/library/metadata"

	"movify/library"
	"movify/library/artwork"
	"movify/library/librarytest"
	"movify/library/nfo"
)

// slowNFO reads nothing before it is let.
type slowNFO struct{ asked, let chan struct{} }

func (r slowNFO) ReadNFO(path string) (library.NFODocument, error) {
	r.asked <- struct{}{}
	<-r.let
	return nfo.Reader{}.ReadNFO(path)
}

// TestDescribedWaits scans a film whose description takes its time: the scan is over before it, the wait is not.
func TestDescribedWaits(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{
		"Heat (1995)/Heat (1995).mkv":    "film heat",
		"Heat (1995)/Heat (1995).nfo":    "<movie><title>Heat!</title></movie>",
		"Heat (1995)/Heat (1995).en.srt": "1\n00:00:01,000 --> 00:00:02,000\nHi.\n",
	})
	h.Write("Heat (1995)/poster.jpg", librarytest.Picture(t, "jpeg", 40, 60, color.White))
	slow := slowNFO{make(chan struct{}), make(chan struct{})}
	h.AdjustMetadata = func(o *metadata.Options) { o.NFO = slow }
	h.Build()
	h.Start()
	<-slow.asked // it is being read, and the scan is over
	waited := make(chan error, 1)
	go func() { waited <- h.WaitForSidecars(t.Context()) }()
	given, cancel := context.WithCancel(t.Context())
	cancel()
	if err := h.WaitForSidecars(given); !errors.Is(err, context.Canceled) {
		t.Errorf("a wait that is given up: %v", err)
	}
	select {
	case err := <-waited:
		t.Errorf("it did not wait: %v", err)
	default:
	}
	close(slow.let)
	if err := <-waited; err != nil {
		t.Fatal(err)
	}
	title := h.FileAt("Heat (1995)/Heat (1995).mkv").Title
	card := h.title(title)
	if card.Name != "Heat!" {
		t.Errorf("it is called %q", card.Name)
	}
	kept, err := h.Store.SubtitlesBelow(t.Context(), h.FileAt("Heat (1995)/Heat (1995).mkv").Root, h.Dir)
	if err != nil || len(kept) != 1 {
		t.Errorf("subtitles: %v (%v)", kept, err)
	}
	if !h.ShowsPicture("Heat (1995)/Heat (1995).mkv", library.Poster) {
		t.Error("its poster is not kept")
	}
	if err := h.WaitForSidecars(t.Context()); err != nil { // nothing is left to do
		t.Error(err)
	}
}

// TestDescribedWithoutPictures waits for descriptions where no pictures are kept.
func TestDescribedWithoutPictures(t *testing.T) {
	t.Parallel()
	h := newHarness(t, map[string]string{"Heat (1995).mkv": "film heat"})
	h.AdjustMetadata = func(o *metadata.Options) {
		o.Artwork, o.NFO = artwork.New(artwork.Options{Store: h.Store}), nil
	}
	h.Build()
	h.Start()
	if err := h.WaitForSidecars(t.Context()); err != nil {
		t.Error(err)
	}
}
