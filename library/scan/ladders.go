package scan

import (
	"context"
	"fmt"

	"movify/library"
	"movify/pkg/id"
	"movify/pkg/media"
)

// LadderStore keeps which ladders are wanted, by the fingerprint of the files.
type LadderStore interface {
	// LadderWanted reports whether the ladder of a content is wanted.
	LadderWanted(ctx context.Context, fingerprint string) (bool, error)
	// WantLadders records that ladders are wanted, from a time on in Unix milliseconds. Those that are wanted already stay.
	WantLadders(ctx context.Context, fingerprints []string, atMS int64) error
	// WantLaddersOfRoot records that the ladders of all present files of a root are wanted, and counts the files.
	WantLaddersOfRoot(ctx context.Context, r id.Root, atMS int64) (files int, err error)
	// LadderFiles lists the present files of a title and of its parts, without its extras.
	LadderFiles(ctx context.Context, t id.Title) ([]library.Content, error)
	// Footage sums up the present files of each root, by the height of their picture.
	Footage(ctx context.Context) ([]library.Footage, error)
}

// SetLadder sets when the ladders of a root's files are made; "" = as Options.Ladder says. A setting of the configuration
// file cannot be changed here. Nothing that is stored is deleted.
func (s *Service) SetLadder(ctx context.Context, root id.Root, setting media.LadderSetting) (library.Root, error) {
	if setting != "" && !setting.Known() {
		return library.Root{}, library.ErrBadLadder
	}
	if _, err := s.changeRoot(ctx, root, func(r *library.Root) error {
		if _, fixed := s.o.LadderSettings[r.Path]; fixed {
			return library.ErrLadderConfigured
		}
		r.Ladder = setting
		return nil
	}); err != nil {
		return library.Root{}, err
	}
	s.o.OnChange()
	return s.Root(ctx, root)
}

// applyLadderSettings saves the ladder settings of the configuration.
func (s *Service) applyLadderSettings(ctx context.Context) error {
	roots, err := s.o.Store.Roots(ctx)
	if err != nil {
		return fmt.Errorf("list the library folders: %w", err)
	}
	for _, r := range roots {
		setting, fixed := s.o.LadderSettings[r.Path]
		if !fixed {
			continue
		}
		if !setting.Known() {
			return library.ErrBadLadder
		}
		if _, err = s.changeRoot(ctx, r.ID, func(r *library.Root) error {
			r.Ladder = setting
			return nil
		}); err != nil {
			return err
		}
	}
	s.o.OnChange() // the transcoder may have begun by the setting before
	return nil
}

// DefaultLadder is the setting of roots that have none of their own.
func (s *Service) DefaultLadder() media.LadderSetting { return s.o.Ladder.Or(media.LadderWhenWatched) }

// LadderSettings gives the setting in force of each root.
func (s *Service) LadderSettings(ctx context.Context) (map[id.Root]media.LadderSetting, error) {
	roots, err := s.o.Store.Roots(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the library folders: %w", err)
	}
	out := make(map[id.Root]media.LadderSetting, len(roots))
	for _, r := range roots {
		out[r.ID] = r.Ladder.Or(s.DefaultLadder())
	}
	return out, nil
}

// LadderOf gives the setting for the present files with a content, the one that asks for most of those of their roots,
// and whether their ladder is wanted. The setting is "" when no such file is present.
func (s *Service) LadderOf(
	ctx context.Context, fingerprint string,
) (setting media.LadderSetting, wanted bool, err error) {
	files, err := s.o.Store.FilesByFingerprint(ctx, fingerprint)
	if err != nil {
		return "", false, fmt.Errorf("find files by their content: %w", err)
	}
	settings, err := s.LadderSettings(ctx)
	if err != nil {
		return "", false, err
	}
	for _, f := range files {
		if f.State == library.Present {
			setting = setting.Most(settings[f.Root])
		}
	}
	wanted, err = s.o.Store.LadderWanted(ctx, fingerprint)
	return setting, wanted, err
}

// WantLadder records that a viewer has needed the ladder of a content.
func (s *Service) WantLadder(ctx context.Context, fingerprint string) error {
	return s.o.Store.WantLadders(ctx, []string{fingerprint}, s.now())
}

// RequestLadders asks for the ladders of all files of a root, and counts the files. It is ErrLadderNever where the root's
// setting forbids them.
func (s *Service) RequestLadders(ctx context.Context, root id.Root) (files int, err error) {
	settings, err := s.LadderSettings(ctx)
	if err != nil {
		return 0, err
	}
	switch setting, known := settings[root]; {
	case !known:
		return 0, library.ErrRootNotFound
	case setting == media.LadderNever:
		return 0, library.ErrLadderNever
	}
	if files, err = s.o.Store.WantLaddersOfRoot(ctx, root, s.now()); err != nil {
		return 0, err
	}
	s.o.OnChange()
	return files, nil
}

// RequestLadder asks for the ladders of the files of a title and of its parts, and returns their fingerprints. Files in
// roots whose setting forbids it are left out: ErrLadderNever when there are no others, and ErrNoFile when none is present.
func (s *Service) RequestLadder(ctx context.Context, title id.Title) (fingerprints []string, err error) {
	files, err := s.o.Store.LadderFiles(ctx, title)
	if err != nil {
		return nil, err
	}
	settings, err := s.LadderSettings(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if settings[f.Root] != media.LadderNever {
			fingerprints = append(fingerprints, f.Fingerprint)
		}
	}
	switch {
	case len(files) == 0:
		return nil, library.ErrNoFile
	case len(fingerprints) == 0:
		return nil, library.ErrLadderNever
	}
	if err := s.o.Store.WantLadders(ctx, fingerprints, s.now()); err != nil {
		return nil, err
	}
	s.o.OnChange()
	return fingerprints, nil
}

// Footage sums up the present files of each root, by the height of their picture.
func (s *Service) Footage(ctx context.Context) ([]library.Footage, error) {
	return s.o.Store.Footage(ctx)
}
