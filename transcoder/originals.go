package transcoder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"sync"
	"syscall"

	"movify/pkg/blob"
	"movify/pkg/disc"
	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/transcoder/original"
)

// Files that have no Original stream for reasons beside those of package original.
var (
	ErrOriginalDisc = fault.New(
		fault.Unsupported, "original_disc", "A copied disc is several files, which are not copied yet.",
	)
	ErrOriginalJoined = fault.New(
		fault.Unsupported, "original_joined", "Several recordings were joined in this file, which are not copied yet.",
	)
	ErrOriginalOther = fault.New(
		fault.Unsupported, "original_other_picture",
		"There are several videos in this file, and another one would be copied.",
	)
	// ErrOriginalAway is returned for a file that was deleted or moved since it was scanned, also while it plays.
	ErrOriginalAway = fault.New(
		fault.Unsupported, "original_away", "The file is not where it was any more.",
	)
)

const (
	// maxOriginals is how many Original streams are kept: each is a line for each segment of a film.
	maxOriginals = 16
	// maxOpening is how many files are read at once to open their streams; an index is some megabytes while it is read.
	maxOpening = 2
)

// Originals opens the Original streams of files and keeps those that were used last. It keeps no file open: each request opens
// the file anew and insists that it is still the one whose index was read. It is safe for concurrent use.
type Originals struct {
	opening chan struct{}
	indexes *OriginalIndexes // nil = files without an index are not played

	mu   sync.Mutex
	kept []*OriginalStream // the last used one first
}

// NewOriginals gives an Originals that keeps nothing yet.
func NewOriginals() *Originals { return &Originals{opening: make(chan struct{}, maxOpening)} }

// NewIndexedOriginals gives one that opens files without an index of their own by those of x.
func NewIndexedOriginals(x *OriginalIndexes) *Originals {
	o := NewOriginals()
	o.indexes = x
	return o
}

// Open gives the Original stream of a file that asset a was planned for. A file without one is a fault that says why. When
// ctx is done before the index is read, Open gives its error and the reading goes on for the next call. A stream that is kept is
// given only while its file is the one that was read.
func (o *Originals) Open(ctx context.Context, a media.Asset, f media.SourceFile) (*OriginalStream, error) {
	if disc.IsIndex(f.Path) {
		return nil, ErrOriginalDisc
	}
	if len(a.Probe.Recordings) > 0 {
		return nil, ErrOriginalJoined
	}
	s, err := o.opened(ctx, a, f)
	if err != nil {
		return nil, err
	}
	if err := s.stream.Unfit(); err != nil {
		return nil, err
	}
	err = s.check(ctx)
	if errors.Is(err, original.ErrChanged) { // its disk was mounted anew, or a copy took its place: that is read
		o.drop(s)
		s, err = o.opened(ctx, a, f)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// opened waits for the stream of a file to be open.
func (o *Originals) opened(ctx context.Context, a media.Asset, f media.SourceFile) (*OriginalStream, error) {
	s := o.find(a, f)
	select {
	case <-s.opened:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if s.err != nil && !staysUnfit(s.err) {
		o.drop(s)
	}
	return s, s.err
}

// staysUnfit reports whether a file that could not be opened will not be opened the next time either.
func staysUnfit(err error) bool {
	return fault.Of(err).Kind == fault.Unsupported && !errors.Is(err, original.ErrChanged) &&
		!errors.Is(err, ErrOriginalAway)
}

// find gives the stream of a file, which is opened in the background when it is not kept.
func (o *Originals) find(a media.Asset, f media.SourceFile) *OriginalStream {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := slices.IndexFunc(o.kept, func(s *OriginalStream) bool { return s.file == f && s.asset == a.ID })
	if n >= 0 {
		s := o.kept[n]
		copy(o.kept[1:n+1], o.kept[:n])
		o.kept[0] = s
		return s
	}
	s := &OriginalStream{asset: a.ID, file: f, indexes: o.indexes, opened: make(chan struct{})}
	o.kept = append([]*OriginalStream{s}, o.kept[:min(len(o.kept), maxOriginals-1)]...)
	go func() {
		o.opening <- struct{}{}
		defer func() { <-o.opening }()
		defer close(s.opened)
		s.err = s.load(a)
	}()
	return s
}

func (o *Originals) drop(s *OriginalStream) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.kept = slices.DeleteFunc(o.kept, func(other *OriginalStream) bool { return other == s })
}

// OriginalStream is the Original stream of a file. It is safe for concurrent use.
type OriginalStream struct {
	asset   id.Asset
	file    media.SourceFile
	indexes *OriginalIndexes
	opened  chan struct{} // closed when the fields below are set
	err     error
	info    fs.FileInfo // of the file whose index was read
	media   media.Original
	stream  *original.Stream
	indexed bool // by an index that was made of the file
	reader  openFiles

	buffers sync.Pool // of *[]byte, for short ranges that are sent together
}

// load reads the index of the file.
func (s *OriginalStream) load(a media.Asset) error {
	f, err := s.open()
	if err != nil {
		return err
	}
	defer f.Close()
	if s.info, err = f.Stat(); err != nil {
		return ErrSourceAway.Because(err)
	}
	s.reader.with(f, func() { err = s.read(a) })
	if err != nil {
		return asSourceFault(err)
	}
	if err := s.same(f); err != nil { // it was written to while it was read
		return err
	}
	s.media = DescribeCopies(s.stream.Media(), a.Probe)
	if s.indexed && !listedAlike(s.media, a.Probe) {
		return ErrOriginalOther
	}
	if s.media.EndsInZeros, err = endsInZeros(f, s.file.Size); err != nil {
		return asSourceFault(err)
	}
	if v, ok := a.Picture(); ok && v.Index != s.media.Picture.Stream {
		return ErrOriginalOther
	}
	return nil
}

// read opens the stream by the index that the file has, or by one that was made of it.
func (s *OriginalStream) read(a media.Asset) (err error) {
	s.stream, err = original.Open(&s.reader, s.file.Size)
	if s.indexes != nil && errors.Is(err, original.ErrIndexPending) {
		s.indexed = true
		s.stream, err = s.indexes.open(a, s.file, &s.reader)
	}
	return err
}

// endsInZeros reports whether the last 4 KiB of a file are zeros.
func endsInZeros(f io.ReaderAt, size int64) (bool, error) {
	var end [4 << 10]byte
	if size < int64(len(end)) {
		return false, nil
	}
	_, err := f.ReadAt(end[:], size-int64(len(end)))
	return err == nil && end == [len(end)]byte{}, err
}

// asSourceFault makes a fault of an error of the disk.
func asSourceFault(err error) error {
	var f *fault.Fault
	if errors.As(err, &f) {
		return err
	}
	return ErrSourceAway.Because(err)
}

// open opens the file and insists that it is the one that the scan found, and later the one whose index was read.
func (s *OriginalStream) open() (*os.File, error) {
	// O_NONBLOCK: what stands in the file's place may be a FIFO, whose opening would wait for a writer.
	f, err := os.OpenFile(s.file.Path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrOriginalAway.Because(err)
	}
	if err != nil {
		return nil, ErrSourceAway.Because(err)
	}
	if err := s.same(f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// same reports by an error that an open file is another one, or has changed.
func (s *OriginalStream) same(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return ErrSourceAway.Because(err)
	}
	if !info.Mode().IsRegular() || info.Size() != s.file.Size || info.ModTime().UnixNano() != s.file.ModTimeNS ||
		s.info != nil && !os.SameFile(s.info, info) {
		return original.ErrChanged.Because(fmt.Errorf("%d bytes of %v", info.Size(), info.ModTime()))
	}
	return nil
}

// check looks whether the file is still the one whose index was read. A disk that does not answer is not waited for longer than ctx.
func (s *OriginalStream) check(ctx context.Context) error {
	checked := make(chan error, 1)
	go func() {
		f, err := s.open()
		if err == nil {
			f.Close()
		}
		checked <- err
	}()
	select {
	case err := <-checked:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Media describes the stream, with the names that the ladder's renditions have.
func (s *OriginalStream) Media() media.Original { return s.media }

// Init gives the Init Section of a copied track.
func (s *OriginalStream) Init(r id.Rendition) ([]byte, error) {
	f, err := s.open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return s.stream.Init(r)
}

// Segment gives segment n of a copied track. A file that has changed is a fault.
func (s *OriginalStream) Segment(r id.Rendition, n int) (blob.Parts, error) {
	f, err := s.open()
	if err != nil {
		return blob.Parts{}, err
	}
	var b original.Bytes
	s.reader.with(f, func() { b, err = s.stream.Segment(r, n) })
	if err != nil {
		f.Close()
		return blob.Parts{}, asSourceFault(err)
	}
	c := newCopiedParts(s, f, b)
	return blob.Parts{Size: b.Size, Open: c.open, Check: c.check, Close: c.close}, nil
}

// openFiles reads a file through any of the descriptors of it that are open.
type openFiles struct {
	mu    sync.RWMutex
	files []*os.File
}

// with lends a descriptor while do runs.
func (o *openFiles) with(f *os.File, do func()) {
	o.mu.Lock()
	o.files = append(o.files, f)
	o.mu.Unlock()
	defer func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.files = slices.DeleteFunc(o.files, func(other *os.File) bool { return other == f })
	}()
	do()
}

// ReadAt implements io.ReaderAt. A descriptor is not taken back while it is read.
func (o *openFiles) ReadAt(b []byte, offset int64) (int, error) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	if len(o.files) == 0 {
		return 0, fs.ErrClosed
	}
	return o.files[0].ReadAt(b, offset)
}
