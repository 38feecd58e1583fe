package hlscheck

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// Media gives a rendition as one file: its Init Section and, in order, those of its segments for which chosen is true
// (n of total, from 0 on). playlist is the path of its Media Playlist, as in Report. Files are opened one after another
// while it is read; a segment that is not there is passed over, because Check reports it. The caller closes it.
func Media(ctx context.Context, src Source, playlist string, chosen func(n, total int) bool) (io.ReadCloser, error) {
	j := &judge{ctx: ctx, src: src}
	text, err := j.read(playlist, maxPlaylist)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", playlist, err)
	}
	m := j.mediaPlaylist(playlist, text)
	out := &joined{judge: j}
	if m.init.path != "" {
		out.rest = append(out.rest, m.init)
	}
	for n, e := range m.segments {
		if e.path != "" && chosen(n, len(m.segments)) {
			out.rest = append(out.rest, e.span)
		}
	}
	return out, nil
}

// joined reads spans one behind another.
type joined struct {
	judge *judge
	now   io.ReadCloser // nil between two spans
	rest  []span
}

func (s *joined) Read(p []byte) (int, error) {
	for {
		if s.now == nil {
			if len(s.rest) == 0 {
				return 0, io.EOF
			}
			if err := s.next(); err != nil {
				return 0, err
			}
			continue
		}
		n, err := s.now.Read(p)
		if errors.Is(err, io.EOF) {
			err = s.Close()
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

func (s *joined) next() error {
	at := s.rest[0]
	s.rest = s.rest[1:]
	var r io.ReadCloser
	var err error
	if at.part {
		r, err = s.judge.src.OpenRange(s.judge.ctx, at.path, at.offset, at.length)
	} else {
		r, err = s.judge.src.Open(s.judge.ctx, at.path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	s.now = r
	return err
}

// Close closes the file that is being read.
func (s *joined) Close() error {
	if s.now == nil {
		return nil
	}
	err := s.now.Close()
	s.now = nil
	return err
}
