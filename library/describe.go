package library

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"movify/pkg/id"
)

// Description is what one source says of one title.
type Description struct {
	Title    id.Title
	Source   Source
	Mark     string // which state of the source was read; only the reader of that source knows what it means
	Facts    Facts
	Evidence map[string]string // field → where in the source it was read; nil = the source is all there is to say
	Notes    []string          // what was odd about the source, in plain words
	AtMS     int64             // when it was kept
}

// Empty reports whether there is nothing to keep.
func (d Description) Empty() bool {
	return d.Mark == "" && len(d.Notes) == 0 && d.Facts.Empty()
}

// same reports whether two descriptions say the same, whenever they were kept.
func (d Description) same(e Description) bool {
	return d.Mark == e.Mark && slices.Equal(d.Notes, e.Notes) && maps.Equal(d.Evidence, e.Evidence) && d.Facts.text() == e.Facts.text()
}

// Described is what a source says of a title now.
type Described struct {
	Title  id.Title
	Source Source
	Mark   string
	Facts  *Facts // nil = it says nothing, or nothing any more
	Notes  []string
}

// describe keeps what sources say now, one row of a source and title replacing the one before, and shows what follows from
// all that is known of those titles. What is the same as before is not written. A title that is not known is left out.
func (s *Service) describe(ctx context.Context, ds []Described) error {
	for part := range slices.Chunk(ds, batch) {
		if err := s.describeSome(ctx, part); err != nil {
			return fmt.Errorf("keep what is said of titles: %w", err)
		}
	}
	return nil
}

func (s *Service) describeSome(ctx context.Context, ds []Described) error {
	s.commit.Lock()
	defer s.commit.Unlock()
	said := make([]Description, 0, len(ds))
	for _, d := range ds {
		next := Description{Title: d.Title, Source: d.Source, Mark: d.Mark, Notes: d.Notes}
		if d.Facts != nil {
			next.Facts = *d.Facts
		}
		said = append(said, next)
	}
	c, err := s.merge(ctx, said)
	if err != nil || len(c.Descriptions) == 0 {
		return err
	}
	if err := s.o.Store.Apply(ctx, c); err != nil {
		return err
	}
	for _, x := range c.Shown {
		s.tell("title", map[string]string{"title": string(x.Title)})
	}
	return nil
}

// merge gives the change that said makes to titles that are known.
func (s *Service) merge(ctx context.Context, said []Description) (Change, error) {
	c := Change{AtMS: s.now()}
	titles := make([]id.Title, 0, len(said))
	for _, d := range said {
		titles = append(titles, d.Title)
	}
	slices.Sort(titles)
	titles = slices.Compact(titles)
	known, err := s.o.Store.TitlesByID(ctx, titles)
	if err != nil {
		return c, fmt.Errorf("read titles: %w", err)
	}
	all, err := s.o.Store.Descriptions(ctx, titles)
	if err != nil {
		return c, fmt.Errorf("read what is said of titles: %w", err)
	}
	changed := make(map[id.Title]bool)
	for _, d := range said {
		if _, ok := known[d.Title]; !ok {
			continue
		}
		if i := slices.IndexFunc(all[d.Title], func(k Description) bool { return k.Source == d.Source }); i >= 0 {
			if all[d.Title][i].same(d) {
				continue
			}
			all[d.Title][i] = d
		} else if d.Empty() {
			continue
		} else {
			all[d.Title] = append(all[d.Title], d)
		}
		d.AtMS = c.AtMS
		c.Descriptions = append(c.Descriptions, d)
		changed[d.Title] = true
	}
	for _, t := range slices.Sorted(maps.Keys(changed)) {
		c.Shown = append(c.Shown, shown(t, all[t]))
	}
	return c, nil
}

// shown is what follows from all that is said of a title. Where a name was read is told more exactly than "name".
func shown(t id.Title, said []Description) Shown {
	by := make(map[Source]Facts, len(said))
	read := make(map[Source]map[string]string, len(said))
	for _, d := range said {
		by[d.Source], read[d.Source] = d.Facts, d.Evidence
	}
	facts, from := Merge(by)
	evidence := make(map[string]string, len(from))
	// What the name tells beyond the facts, such as the part of a film, stays told.
	maps.Copy(evidence, read[FromName])
	for field, source := range from {
		evidence[field] = string(source)
		if where := read[source][field]; where != "" {
			evidence[field] = where
		}
	}
	return Shown{Title: t, Facts: facts, Evidence: evidence, Edited: !by[FromOwner].Empty()}
}
