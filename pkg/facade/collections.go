package facade

import (
	"context"

	"movify/library/catalogue"

	"movify/library"
	"movify/pkg/api"
	"movify/pkg/id"
)

// collections implements api.Collections with the catalogue.
type collections struct{ catalogue *catalogueFacade }

var _ api.Collections = (*collections)(nil)

// Collections lists those of a kind that a viewer may see.
func (c *collections) Collections(ctx context.Context, p api.Principal, kind string) ([]api.Collection, error) {
	who, err := c.catalogue.audiences.of(ctx, p.Profile)
	if err != nil {
		return nil, err
	}
	all, err := c.catalogue.titles.Collections(ctx, who, library.CollectionKind(kind))
	if err != nil {
		return nil, err
	}
	out := make([]api.Collection, 0, len(all))
	for _, x := range all {
		out = append(out, shownCollection(p, x))
	}
	return out, nil
}

// Collection gives one that a viewer may see.
func (c *collections) Collection(ctx context.Context, p api.Principal, x id.Collection) (api.Collection, error) {
	who, err := c.catalogue.audiences.of(ctx, p.Profile)
	if err != nil {
		return api.Collection{}, err
	}
	found, err := c.catalogue.titles.Collection(ctx, who, x)
	if err != nil {
		return api.Collection{}, err
	}
	return shownCollection(p, found), nil
}

// Logo gives the picture of one that a viewer may see.
func (c *collections) Logo(ctx context.Context, p api.Principal, x id.Collection) (api.Picture, error) {
	who, err := c.catalogue.audiences.of(ctx, p.Profile)
	if err != nil {
		return api.Picture{}, err
	}
	key, data, err := c.catalogue.titles.Logo(ctx, who, x)
	return api.Picture{Type: "image/png", ETag: `"` + pictureVersion(key) + `"`, Data: data}, err
}

// AddCollection makes a collection.
func (c *collections) AddCollection(ctx context.Context, p api.Principal, w api.NewCollection) (api.Collection, error) {
	made, err := c.catalogue.titles.SaveCollection(ctx, library.Collection{
		Kind: library.CollectionKind(w.Kind), Name: w.Name, Overview: w.Overview, FilledBy: library.FillMethod(w.How),
		Rule: ruleOf(w.Rule),
	})
	if err != nil {
		return api.Collection{}, err
	}
	return c.Collection(ctx, p, made.ID)
}

// ChangeCollection changes name, overview, kind or rule of a collection.
func (c *collections) ChangeCollection(
	ctx context.Context, p api.Principal, x id.Collection, w api.CollectionPatch,
) (api.Collection, error) {
	err := c.catalogue.titles.ChangeCollection(ctx, x, func(to *library.Collection) {
		if w.Kind != nil {
			to.Kind = library.CollectionKind(*w.Kind)
		}
		if w.Name != nil {
			to.Name = *w.Name
		}
		if w.Overview != nil {
			to.Overview = *w.Overview
		}
		if w.How != nil {
			to.FilledBy = library.FillMethod(*w.How)
		}
		if to.FilledBy == library.ByHand {
			to.Rule = library.Rule{}
		}
		if w.Rule != nil {
			to.Rule = ruleOf(w.Rule)
		}
	})
	if err != nil {
		return api.Collection{}, err
	}
	return c.reviewed(ctx, p, x)
}

// reviewed gives a collection after the playbacks of titles that their viewers may no longer see were ended.
func (c *collections) reviewed(ctx context.Context, p api.Principal, x id.Collection) (api.Collection, error) {
	if err := c.catalogue.player.EndHidden(ctx); err != nil {
		return api.Collection{}, err
	}
	return c.Collection(ctx, p, x)
}

// RemoveCollection forgets a collection.
func (c *collections) RemoveCollection(ctx context.Context, x id.Collection) error {
	if err := c.catalogue.titles.RemoveCollection(ctx, x); err != nil {
		return err
	}
	return c.catalogue.player.EndHidden(ctx)
}

// OrderCollections puts collections in order.
func (c *collections) OrderCollections(ctx context.Context, order []id.Collection) error {
	return c.catalogue.titles.OrderCollections(ctx, order)
}

// SetCollectionTitles replaces the titles that were added by hand.
func (c *collections) SetCollectionTitles(
	ctx context.Context, p api.Principal, x id.Collection, titles []id.Title,
) (api.Collection, error) {
	if err := c.catalogue.titles.SetMembers(ctx, x, titles); err != nil {
		return api.Collection{}, err
	}
	return c.reviewed(ctx, p, x)
}

// OrderCollectionTitles puts titles of a collection in order.
func (c *collections) OrderCollectionTitles(ctx context.Context, x id.Collection, titles []id.Title) error {
	return c.catalogue.titles.OrderMembers(ctx, x, titles)
}

// Collect puts a title into a collection.
func (c *collections) Collect(ctx context.Context, x id.Collection, t id.Title) error {
	return c.catalogue.titles.AddToCollection(ctx, x, t)
}

// Uncollect takes a title out of a collection.
func (c *collections) Uncollect(ctx context.Context, x id.Collection, t id.Title) error {
	if err := c.catalogue.titles.RemoveFromCollection(ctx, x, t); err != nil {
		return err
	}
	return c.catalogue.player.EndHidden(ctx)
}

// SetLogo gives a collection a picture.
func (c *collections) SetLogo(
	ctx context.Context, p api.Principal, x id.Collection, data []byte,
) (api.Collection, error) {
	if _, err := c.catalogue.titles.SetLogo(ctx, x, data); err != nil {
		return api.Collection{}, err
	}
	return c.Collection(ctx, p, x)
}

// RemoveLogo takes the picture away.
func (c *collections) RemoveLogo(ctx context.Context, p api.Principal, x id.Collection) (api.Collection, error) {
	if _, err := c.catalogue.titles.RemoveLogo(ctx, x); err != nil {
		return api.Collection{}, err
	}
	return c.Collection(ctx, p, x)
}

func shownCollection(p api.Principal, x catalogue.CountedCollection) api.Collection {
	out := api.Collection{
		ID: string(x.ID), Kind: string(x.Kind), Name: x.Name, Overview: x.Overview, Count: x.Count, How: string(x.FilledBy),
	}
	if x.Logo != "" { // another picture has another address
		out.Logo = api.Prefix + "/collections/" + string(x.ID) + "/logo?v=" + pictureVersion(x.Logo)
	}
	if p.Admin && x.FilledBy != library.ByHand {
		out.Rule = shownRule(x.Rule)
	}
	return out
}

func shownRule(r library.Rule) *api.Rule {
	out := &api.Rule{
		Kind: string(r.Kind), Genres: r.Genres, Tags: r.Tags, Studios: r.Studios, Countries: r.Countries, Years: r.Years,
		Age:     r.Age,
		Folders: r.Folders, Names: r.Names, Sets: r.Sets,
	}
	for _, x := range r.Roots {
		out.Roots = append(out.Roots, string(x))
	}
	return out
}

func ruleOf(r *api.Rule) library.Rule {
	if r == nil {
		return library.Rule{}
	}
	out := library.Rule{
		Kind: library.Kind(r.Kind), Genres: r.Genres, Tags: r.Tags, Studios: r.Studios, Countries: r.Countries,
		Years: r.Years, Age: r.Age,
		Folders: r.Folders, Names: r.Names, Sets: r.Sets,
	}
	for _, x := range r.Roots {
		out.Roots = append(out.Roots, id.Root(x))
	}
	return out
}
