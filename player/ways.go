package player

import (
	"context"

	"movify/pkg/id"
	"movify/player/way"
)

// maxWays is of how many files of a title the way is told: the index of each may have to be read, and sixteen are kept.
const maxWays = 12

// FileWay is how a file would be played on a device.
type FileWay struct {
	File  id.File
	Way   way.Way
	First bool // a playback that names no file begins with this version
	// EncodesSound says that the picture is played as it is, and none of its sounds.
	EncodesSound bool
}

// Ways says of each of the first twelve files of a title that c may see how c's device would play it, the best version
// first. Nothing is started, probed or encoded: at most the indexes of the files are read, for two seconds in all. A file
// whose index was not read by then is left out; it goes on being read, so that the next call has it. A caller without a
// Device is answered that it is unknown.
func (s *Service) Ways(ctx context.Context, c Caller, t id.Title) ([]FileWay, error) {
	files, err := s.opts.Catalogue.Versions(ctx, c.Viewer, t)
	if err != nil {
		return nil, err
	}
	progress, err := s.Progress(ctx, c.Viewer.Profile, []id.Title{t})
	if err != nil {
		return nil, err
	}
	first := firstOf(files, progress[t])
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	out := []FileWay{}
	for _, p := range files[:min(len(files), maxWays)] {
		l := &activeSession{source: p.Source}
		l.asset.begun = p.Asset
		s.chooseWay(ctx, l, c, p.Away)
		if l.way.Params[way.ParamCause] != ErrOriginalSlow.Code {
			out = append(out, FileWay{
				File: p.File, Way: l.way, First: p.File == first,
				EncodesSound: l.way.Kind == way.Original && len(l.copies) == 0 && len(p.Asset.Ladder.Audios()) > 0,
			})
		}
	}
	return out, nil
}

// firstOf gives the file of a title that a playback begins with when none is named: the one that the viewer stopped in,
// unless its disk is away, else the best.
func firstOf(files []Playable, at Progress) id.File {
	best := id.File("")
	for _, p := range files {
		if !p.Away && p.File == at.File && at.ResumeMS() > 0 {
			return p.File
		}
		if best == "" && !p.Away {
			best = p.File
		}
	}
	if best == "" && len(files) > 0 {
		return files[0].File
	}
	return best
}
