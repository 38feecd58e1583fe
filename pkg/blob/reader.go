package blob

import (
	"context"
	"io"
	"os"
)

// FileRange reads length bytes of a file from offset on; Close closes the file. It leaves the position of the file
// alone, so Object.File stays at its own.
func FileRange(f *os.File, offset, length int64) io.ReadSeekCloser {
	return fileRange{io.NewSectionReader(f, offset, length), f}
}

type fileRange struct {
	*io.SectionReader
	io.Closer
}

// ContextReader reads from r until ctx ends.
func ContextReader(ctx context.Context, r io.Reader) io.Reader { return contextReader{ctx, r} }

type contextReader struct {
	ctx context.Context
	io.Reader
}

func (c contextReader) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.Reader.Read(b)
}
