package catalogue

import (
	"context"

	"movify/library"
	"movify/pkg/id"
)

// SubtitlesOf returns all subtitles of files, external ones first. The files have their probes.
func (s *Service) SubtitlesOf(ctx context.Context, files []library.File) (map[id.File][]library.Subtitle, error) {
	ids := make([]id.File, len(files))
	for i, f := range files {
		ids[i] = f.ID
	}
	out, err := s.o.Store.SubtitlesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		out[f.ID] = append(out[f.ID], library.EmbeddedSubtitles(f.Probe)...)
	}
	return out, nil
}
