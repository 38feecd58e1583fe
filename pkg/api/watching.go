package api

import (
	"context"
	"net/http"
	"time"

	"movify/pkg/id"
)

// Watching is the history, list, ratings and searches of a profile. A title that does not exist or that this viewer may not see
// is a NotFound fault; the removing methods are idempotent.
type Watching interface {
	// History gives one page, newest first; an unknown cursor is an Invalid fault.
	History(ctx context.Context, p Principal, cursor string) (HistoryPage, error)
	// ForgetHistory removes a title from it, or everything when t is empty.
	ForgetHistory(ctx context.Context, p Principal, t id.Title) error
	// MarkWatched marks a title, or every episode of a series, as watched or not. at zero = now.
	MarkWatched(ctx context.Context, p Principal, t id.Title, watched bool, at time.Time) error
	// List gives one page of "My list", newest first.
	List(ctx context.Context, p Principal, cursor string) (ListPage, error)
	SetListed(ctx context.Context, p Principal, t id.Title, listed bool) error
	// Rate stores a rating of -1 or 1; 0 removes it.
	Rate(ctx context.Context, p Principal, t id.Title, value int) error
	Searches(ctx context.Context, p Principal) ([]Search, error)
	NoteSearch(ctx context.Context, p Principal, words string) error
	// ForgetSearch removes one search, or all when x is empty.
	ForgetSearch(ctx context.Context, p Principal, x string) error
	// ReportOffline stores positions of devices that were offline. Titles that were removed are ignored.
	ReportOffline(ctx context.Context, p Principal, beats []Beat) error
}

// Visit is an entry of the history.
type Visit struct {
	ID         string    `json:"id"`
	Title      TitleCard `json:"title"`
	AtMs       int64     `json:"atMs" doc:"When the viewer was last there, Unix milliseconds."`
	PositionMs int64     `json:"positionMs" doc:"Where it was then."`
	Watched    bool      `json:"watched" doc:"The end was seen."`
}

// HistoryPage is a page of the history. A page that is not the last may be short or empty: removed titles are left out.
type HistoryPage struct {
	Items []Visit `json:"items"`
	Next  string  `json:"next,omitempty" doc:"Cursor of the next page; absent on the last."`
}

// ListPage is a page of "My list"; it may be short as a HistoryPage may.
type ListPage struct {
	Items []TitleCard `json:"items"`
	Next  string      `json:"next,omitempty" doc:"Cursor of the next page; absent on the last."`
}

// Search is a query that the profile searched for.
type Search struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	AtMs int64  `json:"atMs"`
}

// Beat is a position of a device while it was offline.
type Beat struct {
	TitleID    string `json:"titleId" maxLength:"64"`
	PositionMs int64  `json:"positionMs" minimum:"0"`
	AtMs       int64  `json:"atMs" minimum:"0" doc:"When it was there, Unix milliseconds. A time to come counts as now."`
}

type cursorInput struct {
	Cursor string `query:"cursor" maxLength:"500" doc:"next of the page before."`
}

func (a *API) registerWatching() {
	a.registerHistory()
	a.registerMarks()
	a.registerSearches()

	type beatsInputBody struct {
		Items []Beat `json:"items" maxItems:"500"`
	}
	command(a, operation{
		access: AccessAccount, kids: true, plays: true, route: "POST /progress", name: "reportLate",
		summary: "Say where playbacks were while there was no connection",
	}, func(ctx context.Context, c Caller, in *body[beatsInputBody]) error {
		return a.o.Watching.ReportOffline(ctx, c.Principal, in.Body.Items)
	})
}

func (a *API) registerHistory() {
	answer(a, operation{
		access: AccessAccount, kids: true, route: "GET /history", name: "getHistory", summary: "What this profile watched",
	}, func(ctx context.Context, c Caller, in *cursorInput) (HistoryPage, error) {
		return a.o.Watching.History(ctx, c.Principal, in.Cursor)
	})
	command(a, operation{
		access: AccessAccount, kids: true, route: "DELETE /history/{titleId}", name: "forgetVisits",
		summary: "Take a title out of the history",
	}, func(ctx context.Context, c Caller, in *byTitleID) error {
		return a.o.Watching.ForgetHistory(ctx, c.Principal, id.Title(in.TitleID))
	})
	command(a, operation{
		access: AccessAccount, kids: true, route: "DELETE /history", name: "forgetHistory",
		summary: "Forget the whole history",
	}, func(ctx context.Context, c Caller, _ *struct{}) error {
		return a.o.Watching.ForgetHistory(ctx, c.Principal, "")
	})
}

func (a *API) registerMarks() {
	type watchedInputBody struct {
		AtMs int64 `json:"atMs,omitempty" minimum:"0" doc:"When that was so, Unix milliseconds; absent = now."`
	}
	for method, watched := range map[string]bool{http.MethodPut: true, http.MethodDelete: false} {
		name, summary := "markWatched", "Say that a title, or every episode of a series, was watched"
		if !watched {
			name, summary = "markUnwatched", "Say that a title, or every episode of a series, was not watched"
		}
		command(a, operation{
			access: AccessAccount, kids: true, plays: true, route: method + " /titles/{id}/watched", name: name,
			summary: summary,
		}, func(ctx context.Context, c Caller, in *bodyByID[*watchedInputBody]) error {
			var at time.Time
			if in.Body != nil && in.Body.AtMs > 0 {
				at = time.UnixMilli(in.Body.AtMs).UTC()
			}
			return a.o.Watching.MarkWatched(ctx, c.Principal, id.Title(in.ID), watched, at)
		})
	}

	answer(a, operation{
		access: AccessAccount, kids: true, route: "GET /list", name: "getList", summary: "My list, newest first",
	}, func(ctx context.Context, c Caller, in *cursorInput) (ListPage, error) {
		return a.o.Watching.List(ctx, c.Principal, in.Cursor)
	})
	for method, listed := range map[string]bool{http.MethodPut: true, http.MethodDelete: false} {
		name, summary := "addToList", "Put a title on my list"
		if !listed {
			name, summary = "removeFromList", "Take a title off my list"
		}
		command(a, operation{
			access: AccessAccount, kids: true, plays: true, route: method + " /list/{titleId}", name: name, summary: summary,
		}, func(ctx context.Context, c Caller, in *byTitleID) error {
			return a.o.Watching.SetListed(ctx, c.Principal, id.Title(in.TitleID), listed)
		})
	}

	type ratingInputBody struct {
		Value int `json:"value" minimum:"-1" maximum:"1" doc:"-1, 1, or 0 for none."`
	}
	command(a, operation{
		access: AccessAccount, kids: true, plays: true, route: "PUT /titles/{id}/rating", name: "rateTitle",
		summary: "Say what this profile thinks of a title",
	}, func(ctx context.Context, c Caller, in *bodyByID[ratingInputBody]) error {
		return a.o.Watching.Rate(ctx, c.Principal, id.Title(in.ID), in.Body.Value)
	})
}

func (a *API) registerSearches() {
	items(a, operation{
		access: AccessAccount, kids: true, route: "GET /searches", name: "getSearches",
		summary: "What this profile looked for last",
	}, ofCaller(a.o.Watching.Searches))

	type searchInputBody struct {
		Text string `json:"text" minLength:"1" maxLength:"100"`
	}
	command(a, operation{
		access: AccessAccount, kids: true, plays: true, route: "POST /searches", name: "noteSearch",
		summary: "Remember a search",
	}, func(ctx context.Context, c Caller, in *body[searchInputBody]) error {
		return a.o.Watching.NoteSearch(ctx, c.Principal, in.Body.Text)
	})
	command(a, operation{
		access: AccessAccount, kids: true, route: "DELETE /searches/{id}", name: "forgetSearch", summary: "Forget a search",
	}, commandOfCaller(a.o.Watching.ForgetSearch))
	command(a, operation{
		access: AccessAccount, kids: true, route: "DELETE /searches", name: "forgetSearches", summary: "Forget all searches",
	}, func(ctx context.Context, c Caller, _ *struct{}) error {
		return a.o.Watching.ForgetSearch(ctx, c.Principal, "")
	})
}
