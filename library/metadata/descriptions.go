package metadata

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"movify/library"

	"movify/pkg/id"
)

// MetadataUpdate is the current metadata of a title from one source.
type MetadataUpdate struct {
	Title    id.Title
	Source   library.Source
	Revision string
	Facts    *library.Facts // nil = the source has nothing on it (any more)
	Notes    []string
}

// updateMetadata stores descriptions, each replacing the earlier one of its source and title, and updates the resolved
// metadata of those titles. Unchanged descriptions are not written. Unknown titles are left out.
func (s *Service) updateMetadata(ctx context.Context, ds []MetadataUpdate) error {
	for part := range slices.Chunk(ds, batchSize) {
		if err := s.updateMetadataBatch(ctx, part); err != nil {
			return fmt.Errorf("keep what is descriptions of titles: %w", err)
		}
	}
	return nil
}

func (s *Service) updateMetadataBatch(ctx context.Context, ds []MetadataUpdate) error {
	s.writeMu.Lock()
	defer s.writeMu.Unlock()
	descriptions := make([]library.Description, 0, len(ds))
	for _, d := range ds {
		next := library.Description{Title: d.Title, Source: d.Source, Revision: d.Revision, Notes: d.Notes}
		if d.Facts != nil {
			next.Facts = d.Facts.Tidy()
		}
		descriptions = append(descriptions, next)
	}
	return s.saveDescriptions(ctx, descriptions)
}

// saveDescriptions writes descriptions and publishes the titles whose resolved metadata changed. The caller holds
// s.writeMu.
func (s *Service) saveDescriptions(ctx context.Context, descriptions []library.Description) error {
	b := newImportBatch(s)
	if err := b.mergeDescriptions(ctx, descriptions); err != nil {
		return err
	}
	c, err := b.change(ctx)
	if err != nil || len(c.Descriptions) == 0 {
		return err
	}
	if err := s.o.Store.Apply(ctx, c); err != nil {
		return err
	}
	for _, x := range c.Resolved {
		s.publish(x.Title, "")
	}
	if len(c.Resolved) > 0 {
		s.o.OnMetadata()
	}
	return nil
}

// mergeDescriptions adds descriptions of known titles to the change.
func (b *importBatch) mergeDescriptions(ctx context.Context, descriptions []library.Description) error {
	if len(descriptions) == 0 {
		return nil
	}
	var titles []id.Title
	for _, d := range descriptions {
		titles = append(titles, d.Title)
	}
	slices.Sort(titles)
	titles = slices.Compact(titles)
	if err := b.loadByID(ctx, titles); err != nil {
		return err
	}
	all, err := b.o.Store.Descriptions(ctx, titles)
	if err != nil {
		return fmt.Errorf("read what is descriptions of titles: %w", err)
	}
	for _, t := range titles {
		// A title stored without descriptions got its metadata from its name.
		if x := b.titles[t]; x != nil && len(all[t]) == 0 {
			name := library.Description{
				Title: t, Source: library.FromName, Facts: library.Facts{Name: x.Name, Year: x.Year},
				Evidence: x.Evidence, AtMS: b.at,
			}
			all[t] = []library.Description{name}
			b.descriptionWrites = append(b.descriptionWrites, name)
		}
	}
	changed := make(map[id.Title]bool)
	for _, d := range descriptions {
		if b.titles[d.Title] == nil {
			continue
		}
		if i := slices.IndexFunc(all[d.Title], func(k library.Description) bool { return k.Source == d.Source }); i >= 0 {
			if all[d.Title][i].Same(d) {
				continue
			}
			all[d.Title][i] = d
		} else if d.Empty() {
			continue
		} else {
			all[d.Title] = append(all[d.Title], d)
		}
		d.AtMS = b.at
		b.descriptionWrites = append(b.descriptionWrites, d)
		changed[d.Title] = true
	}
	for _, t := range slices.Sorted(maps.Keys(changed)) {
		x := resolveFacts(t, all[t])
		b.resolved = append(b.resolved, x)
		if err := b.moveEpisode(ctx, b.titles[t], x.Facts); err != nil {
			return err
		}
	}
	return nil
}

// moveEpisode moves an episode to the season and number that its sources give: an episode with an absolute number in
// its name may belong to the third season by its NFO. Its identity stays, so that its file is still found by name.
func (b *importBatch) moveEpisode(ctx context.Context, t *library.Title, f library.Facts) error {
	if t.Kind != library.Episode || f.Season == nil || f.Episode <= 0 || *f.Season == t.Season && f.Episode == t.Episode {
		return nil
	}
	t.EpisodeLast += f.Episode - t.Episode
	t.Episode = f.Episode
	b.markChanged(t.ID)
	if *f.Season == t.Season {
		return nil
	}
	t.Season = *f.Season
	if err := b.loadByID(ctx, []id.Title{t.Parent}); err != nil {
		return err
	}
	season := b.titles[t.Parent]
	if season == nil {
		return library.ErrTitleNotFound
	}
	if err := b.loadByID(ctx, []id.Title{season.Parent}); err != nil {
		return err
	}
	series := b.titles[season.Parent]
	if series == nil {
		return library.ErrTitleNotFound
	}
	w := work{
		Title: library.Title{
			Kind: library.Season, Identity: boundedIdentity(series.Identity + ":" + strconv.Itoa(t.Season)),
			Name: seasonName(t.Season), Season: t.Season,
		},
		facts: library.Facts{Name: seasonName(t.Season), Season: f.Season},
	}
	if err := b.loadByIdentity(ctx, []work{w}); err != nil {
		return err
	}
	t.Parent = b.ensureTitle(w, series.ID, t.AddedMS, parsedPath{})
	return nil
}

// loadByID reads titles that are not loaded yet.
func (b *importBatch) loadByID(ctx context.Context, titles []id.Title) error {
	titles = slices.DeleteFunc(slices.Clone(titles), func(t id.Title) bool { return b.titles[t] != nil })
	known, err := b.o.Store.TitlesByID(ctx, titles)
	if err != nil {
		return fmt.Errorf("read titles: %w", err)
	}
	for _, t := range known {
		b.addKnown(t)
	}
	return nil
}

// resolveFacts merges all descriptions of a title. For a field from a name the evidence is the part of the path.
func resolveFacts(t id.Title, descriptions []library.Description) library.Resolved {
	by := make(map[library.Source]library.Facts, len(descriptions))
	read := make(map[library.Source]map[string]string, len(descriptions))
	for _, d := range descriptions {
		by[d.Source], read[d.Source] = d.Facts, d.Evidence
	}
	facts, from := library.Merge(by)
	evidence := make(map[string]string, len(from))
	// Evidence of the name for fields beyond the facts, such as the part of a film, is kept.
	maps.Copy(evidence, read[library.FromName])
	for field, source := range from {
		evidence[field] = string(source)
		if where := read[source][field]; where != "" {
			evidence[field] = where
		}
	}
	return library.Resolved{Title: t, Facts: facts, Evidence: evidence, Edited: !by[library.FromOwner].Empty()}
}
