package api

import (
	"context"
	"net/http"

	"movify/pkg/id"
)

// Collections reads and edits collections and channels. The reading methods give a viewer only titles that the viewer may
// see; a collection that they may not see is a NotFound fault.
type Collections interface {
	Collections(ctx context.Context, p Principal, kind string) ([]Collection, error)
	Collection(ctx context.Context, p Principal, c id.Collection) (Collection, error)
	Logo(ctx context.Context, p Principal, c id.Collection) (Picture, error)

	AddCollection(ctx context.Context, p Principal, w NewCollection) (Collection, error)
	ChangeCollection(ctx context.Context, p Principal, c id.Collection, w CollectionPatch) (Collection, error)
	RemoveCollection(ctx context.Context, c id.Collection) error
	OrderCollections(ctx context.Context, order []id.Collection) error
	// SetCollectionTitles replaces the titles that were added by hand.
	SetCollectionTitles(ctx context.Context, p Principal, c id.Collection, titles []id.Title) (Collection, error)
	// OrderCollectionTitles sorts titles that were added by hand; all others keep their positions.
	OrderCollectionTitles(ctx context.Context, c id.Collection, titles []id.Title) error
	Collect(ctx context.Context, c id.Collection, t id.Title) error
	// Uncollect gives a Conflict for a title that a rule adds.
	Uncollect(ctx context.Context, c id.Collection, t id.Title) error
	SetLogo(ctx context.Context, p Principal, c id.Collection, data []byte) (Collection, error)
	RemoveLogo(ctx context.Context, p Principal, c id.Collection) (Collection, error)
}

// Collection is a named list of movies and series. Its titles are listTitles with its ID.
type Collection struct {
	ID       string `json:"id"`
	Kind     string `json:"kind" enum:"collection,channel" doc:"A channel has a page, a place among the others, and may be all that an account sees."`
	Name     string `json:"name"`
	Overview string `json:"overview,omitempty"`
	Logo     string `json:"logo,omitempty" doc:"URL of a picture that may be transparent."`
	Count    int    `json:"count" doc:"Titles in it that this viewer sees."`
	How      string `json:"how" enum:"hand,folder,rule,set" doc:"How titles come into it; by hand they always may."`
	Rule     *Rule  `json:"rule,omitempty" doc:"Administrators only."`
}

// Rule is the condition for titles of a collection: all fields that are set must match, of a list one value.
type Rule struct {
	Kind      string   `json:"kind,omitempty" enum:"movie,series"`
	Genres    []string `json:"genres,omitempty" maxItems:"100"`
	Tags      []string `json:"tags,omitempty" maxItems:"100"`
	Studios   []string `json:"studios,omitempty" maxItems:"100"`
	Countries []string `json:"countries,omitempty" maxItems:"100"`
	Years     string   `json:"years,omitempty" maxLength:"20" doc:"1999 or 1990-1999."`
	Age       *int     `json:"age,omitempty" minimum:"0" maximum:"21" doc:"Rated, and for that age or less."`
	Roots     []string `json:"roots,omitempty" maxItems:"100" doc:"IDs of library folders."`
	Folders   []string `json:"folders,omitempty" maxItems:"100" doc:"A whole path, or one below any library folder."`
	Names     []string `json:"names,omitempty" maxItems:"100" doc:"Part of a name."`
	Sets      []string `json:"sets,omitempty" maxItems:"100" doc:"What a description says that the title belongs to."`
}

// NewCollection is the body for a new collection.
type NewCollection struct {
	Kind     string `json:"kind" enum:"collection,channel"`
	Name     string `json:"name" minLength:"1" maxLength:"80"`
	Overview string `json:"overview,omitempty" maxLength:"4000"`
	How      string `json:"how,omitempty" enum:"hand,folder,rule,set" default:"hand"`
	Rule     *Rule  `json:"rule,omitempty"`
}

// CollectionPatch changes a collection; absent fields stay.
type CollectionPatch struct {
	Kind     *string `json:"kind,omitempty" enum:"collection,channel"`
	Name     *string `json:"name,omitempty" minLength:"1" maxLength:"80"`
	Overview *string `json:"overview,omitempty" maxLength:"4000"`
	How      *string `json:"how,omitempty" enum:"hand,folder,rule,set"`
	Rule     *Rule   `json:"rule,omitempty" doc:"Replaces the rule."`
}

func (a *API) registerCollections() {
	items(a, operation{
		access: AccessAccount, kids: true, route: "GET /collections", name: "listCollections",
		summary: "Collections and channels, in their order",
	}, func(ctx context.Context, c Caller, in *struct {
		Kind string `query:"kind" enum:"collection,channel" doc:"Only these."`
	}) ([]Collection, error) {
		return a.o.Collections.Collections(ctx, c.Principal, in.Kind)
	})
	answer(a, operation{
		access: AccessAccount, kids: true, route: "GET /collections/{id}", name: "getCollection",
		summary: "One collection or channel",
	}, ofCallerByID(a.o.Collections.Collection))
	answer(a, operation{
		access: AccessAdmin, route: "POST /collections", name: "addCollection", summary: "Make a collection or channel",
		status: http.StatusCreated,
	}, func(ctx context.Context, c Caller, in *body[NewCollection]) (Collection, error) {
		return a.o.Collections.AddCollection(ctx, c.Principal, in.Body)
	})
	answer(a, operation{
		access: AccessAdmin, route: "PATCH /collections/{id}", name: "changeCollection",
		summary: "Change a collection or channel",
	}, func(ctx context.Context, c Caller, in *bodyByID[CollectionPatch]) (Collection, error) {
		return a.o.Collections.ChangeCollection(ctx, c.Principal, id.Collection(in.ID), in.Body)
	})
	command(a, operation{
		access: AccessAdmin, route: "DELETE /collections/{id}", name: "removeCollection",
		summary: "Remove a collection or channel; its titles stay in the library",
	}, func(ctx context.Context, _ Caller, in *byID) error {
		return a.o.Collections.RemoveCollection(ctx, id.Collection(in.ID))
	})

	type orderCollectionsInputBody struct {
		Collections []id.Collection `json:"collections" maxItems:"5000" doc:"These come first, in this order."`
	}
	command(a, operation{
		access: AccessAdmin, route: "PUT /collections/order", name: "orderCollections",
		summary: "Put collections and channels in order", maxBody: 1 << 20,
	}, func(ctx context.Context, _ Caller, in *body[orderCollectionsInputBody]) error {
		return a.o.Collections.OrderCollections(ctx, in.Body.Collections)
	})

	a.registerCollectionTitles()
	a.registerLogos()
}

func (a *API) registerCollectionTitles() {
	type collectionTitlesInputBody struct {
		Titles []id.Title `json:"titles" maxItems:"5000" doc:"Movies and series, in this order."`
	}
	answer(a, operation{
		access: AccessAdmin, route: "PUT /collections/{id}/titles", name: "setCollectionTitles",
		summary: "Replace the titles that were put there by hand", maxBody: 1 << 20,
	}, func(ctx context.Context, c Caller, in *bodyByID[collectionTitlesInputBody]) (Collection, error) {
		return a.o.Collections.SetCollectionTitles(ctx, c.Principal, id.Collection(in.ID), in.Body.Titles)
	})

	type orderTitlesInputBody struct {
		Titles []id.Title `json:"titles" maxItems:"5000" doc:"These take each other's places, in this order; all others stay where they are."`
	}
	command(a, operation{
		access: AccessAdmin, route: "PUT /collections/{id}/titles/order", name: "orderCollectionTitles",
		summary: "Put the titles that were put there by hand in order", maxBody: 1 << 20,
	}, func(ctx context.Context, _ Caller, in *bodyByID[orderTitlesInputBody]) error {
		return a.o.Collections.OrderCollectionTitles(ctx, id.Collection(in.ID), in.Body.Titles)
	})

	type collectionTitleInput struct {
		ID    string `path:"id" maxLength:"64"`
		Title string `path:"titleId" maxLength:"64"`
	}
	command(a, operation{
		access: AccessAdmin, route: "POST /collections/{id}/titles/{titleId}", name: "collectTitle",
		summary: "Put a title into a collection",
	}, func(ctx context.Context, _ Caller, in *collectionTitleInput) error {
		return a.o.Collections.Collect(ctx, id.Collection(in.ID), id.Title(in.Title))
	})
	command(a, operation{
		access: AccessAdmin, route: "DELETE /collections/{id}/titles/{titleId}", name: "uncollectTitle",
		summary: "Take a title out of a collection",
	}, func(ctx context.Context, _ Caller, in *collectionTitleInput) error {
		return a.o.Collections.Uncollect(ctx, id.Collection(in.ID), id.Title(in.Title))
	})
}

func (a *API) registerLogos() {
	answer(a, operation{
		access: AccessAdmin, route: "PUT /collections/{id}/logo", name: "setCollectionLogo",
		summary: "Give a collection a PNG, JPEG or WebP picture", maxBody: maxPicture,
	}, func(ctx context.Context, c Caller, in *uploadByID) (Collection, error) {
		return a.o.Collections.SetLogo(ctx, c.Principal, id.Collection(in.ID), in.RawBody)
	})
	answer(a, operation{
		access: AccessAdmin, route: "DELETE /collections/{id}/logo", name: "removeCollectionLogo",
		summary: "Take the picture of a collection away",
	}, ofCallerByID(a.o.Collections.RemoveLogo))
	imageByID(a, operation{
		access: AccessAccount, kids: true, route: "GET /collections/{id}/logo", name: "getCollectionLogo",
		summary: "The picture of a collection",
	}, a.o.Collections.Logo)
}
