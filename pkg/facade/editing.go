package facade

import (
	"context"

	"movify/library/metadata"

	"movify/library"
	"movify/library/naming"
	"movify/pkg/api"
	"movify/pkg/id"
)

// editing implements api.Editing with metadata and the catalogue.
type editing struct{ catalogue *catalogueFacade }

var _ api.Editing = editing{}

// EditTitle edits a title. A new age rating ends the playbacks of viewers who may no longer see it.
func (e editing) EditTitle(
	ctx context.Context, p api.Principal, t id.Title, in api.TitlePatch,
) (api.TitleDetail, error) {
	if _, err := e.catalogue.metadata.Edit(ctx, t, func(f *library.Facts) { patch(f, in) }); err != nil {
		return api.TitleDetail{}, err
	}
	if in.Age.Set || in.Certification.Set {
		if err := e.catalogue.player.EndHidden(ctx); err != nil {
			return api.TitleDetail{}, err
		}
	}
	return e.catalogue.Title(ctx, p, t)
}

// patch changes the edited fields of a title.
func patch(f *library.Facts, in api.TitlePatch) {
	setField(&f.Name, in.Name)
	setField(&f.OriginalName, in.OriginalName)
	setField(&f.SortName, in.SortName)
	setField(&f.Year, in.Year)
	setField(&f.Released, in.Released)
	setField(&f.Overview, in.Overview)
	setField(&f.Tagline, in.Tagline)
	setField(&f.Certification, in.Certification)
	setField(&f.Genres, in.Genres)
	setField(&f.Studios, in.Studios)
	setField(&f.Countries, in.Countries)
	setField(&f.Tags, in.Tags)
	if in.Age.Set {
		f.Age = in.Age.Value
	}
	if in.Credits.Set {
		f.Credits = nil
		if in.Credits.Value != nil {
			for _, c := range *in.Credits.Value {
				f.Credits = append(f.Credits, library.Credit{Name: c.Name, Kind: library.CreditKind(c.Kind), Role: c.Role})
			}
		}
	}
}

// setField sets a field that is in a request; null clears it.
func setField[T any](field *T, in api.Optional[T]) {
	if !in.Set {
		return
	}
	var none T
	*field = none
	if in.Value != nil {
		*field = *in.Value
	}
}

// AssignFile assigns a file to a title.
func (e editing) AssignFile(
	ctx context.Context, p api.Principal, f id.File, in api.FileIdentity,
) (api.TitleCard, error) {
	t, err := e.catalogue.metadata.Assign(ctx, f, metadata.Assignment{
		Kind: library.Kind(in.Kind), Work: id.Title(in.TitleID), Title: in.Title, Year: in.Year, Season: in.Season,
		Episode: in.Episode,
		Extra:   library.ExtraKind(in.Extra), Name: in.Name,
	})
	if err != nil {
		return api.TitleCard{}, err
	}
	return e.card(ctx, p, t)
}

// ReleaseFile undoes AssignFile: the file's name decides again.
func (e editing) ReleaseFile(ctx context.Context, p api.Principal, f id.File) (api.TitleCard, error) {
	t, err := e.catalogue.metadata.Release(ctx, f)
	if err != nil {
		return api.TitleCard{}, err
	}
	return e.card(ctx, p, t)
}

// card gives the title of a file after the playbacks of viewers who may no longer see it were ended.
func (e editing) card(ctx context.Context, p api.Principal, t id.Title) (api.TitleCard, error) {
	if err := e.catalogue.player.EndHidden(ctx); err != nil {
		return api.TitleCard{}, err
	}
	card, err := e.catalogue.titles.Title(ctx, library.Unrestricted(), t)
	if err != nil {
		return api.TitleCard{}, err
	}
	cards, err := e.catalogue.cards(ctx, p, []library.Card{card})
	if err != nil {
		return api.TitleCard{}, err
	}
	return cards[0], nil
}

// Unmatched lists the titles without a match.
func (e editing) Unmatched(ctx context.Context, p api.Principal) (api.UnmatchedList, error) {
	list, total, err := e.catalogue.metadata.Unmatched(ctx)
	if err != nil {
		return api.UnmatchedList{}, err
	}
	shown := make([]library.Card, len(list))
	for i, u := range list {
		shown[i] = u.Card
	}
	cards, err := e.catalogue.cards(ctx, p, shown)
	if err != nil {
		return api.UnmatchedList{}, err
	}
	out := api.UnmatchedList{Items: make([]api.UnmatchedTitle, 0, len(list)), Total: total}
	for i, u := range list {
		item := api.UnmatchedTitle{Title: cards[i], Files: []api.UnmatchedFile{}}
		for _, f := range u.Files {
			item.Files = append(item.Files, api.UnmatchedFile{FileID: string(f.ID), Name: f.Name(),
				Path: naming.Display(f.Path)})
		}
		out.Items = append(out.Items, item)
	}
	return out, nil
}
