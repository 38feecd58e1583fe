package api

import (
	"context"

	"movify/pkg/id"
)

// Editing edits titles and files by hand. Scans do not undo these edits.
type Editing interface {
	// EditTitle sets or resets fields of a title.
	EditTitle(ctx context.Context, p Principal, t id.Title, in TitlePatch) (TitleDetail, error)
	// AssignFile assigns a file to a title, and gives that title.
	AssignFile(ctx context.Context, p Principal, f id.File, in FileIdentity) (TitleCard, error)
	// ReleaseFile undoes AssignFile: the file's name decides again. It gives the title.
	ReleaseFile(ctx context.Context, p Principal, f id.File) (TitleCard, error)
	// Unmatched lists the titles without a match.
	Unmatched(ctx context.Context, p Principal) (UnmatchedList, error)
}

// TitlePatch edits a title by hand. A field that is absent stays; null makes it automatic again.
type TitlePatch struct {
	Name          Optional[string]         `json:"name" required:"false" maxLength:"300"`
	OriginalName  Optional[string]         `json:"originalName" required:"false" maxLength:"300"`
	SortName      Optional[string]         `json:"sortName" required:"false" maxLength:"300" doc:"What it is filed under."`
	Year          Optional[int]            `json:"year" required:"false" minimum:"1870" maximum:"2200"`
	Released      Optional[string]         `json:"released" required:"false" maxLength:"10" doc:"YYYY-MM-DD"`
	Overview      Optional[string]         `json:"overview" required:"false" maxLength:"20000"`
	Tagline       Optional[string]         `json:"tagline" required:"false" maxLength:"2000"`
	Certification Optional[string]         `json:"certification" required:"false" maxLength:"40" doc:"As a board says it: FSK 16."`
	Age           Optional[int]            `json:"age" required:"false" minimum:"0" maximum:"21" doc:"From which age on, in years. That of a series is also that of its episodes without one."`
	Genres        Optional[[]string]       `json:"genres" required:"false" maxItems:"50"`
	Studios       Optional[[]string]       `json:"studios" required:"false" maxItems:"50"`
	Countries     Optional[[]string]       `json:"countries" required:"false" maxItems:"50"`
	Tags          Optional[[]string]       `json:"tags" required:"false" maxItems:"100"`
	Credits       Optional[[]EditedCredit] `json:"credits" required:"false" maxItems:"300"`
}

// EditedCredit is an edited credit of a title.
type EditedCredit struct {
	Name string `json:"name" minLength:"1" maxLength:"300"`
	Kind string `json:"kind" enum:"actor,director,writer,creator,composer,producer"`
	Role string `json:"role,omitempty" maxLength:"300"`
}

// FileIdentity is the title that an administrator assigns a file to.
type FileIdentity struct {
	Kind    string `json:"kind" enum:"movie,episode,extra"`
	TitleID string `json:"titleId,omitempty" maxLength:"64" doc:"The movie it is, the series it is of, or what the extra belongs to; without it title and year say so."`
	Title   string `json:"title,omitempty" maxLength:"300" doc:"Of the movie or series."`
	Year    int    `json:"year,omitempty" minimum:"0" maximum:"2200"`
	Season  int    `json:"season,omitempty" minimum:"0" maximum:"9999" doc:"0 is the season of specials."`
	Episode int    `json:"episode,omitempty" minimum:"0" maximum:"99999"`
	Extra   string `json:"extra,omitempty" enum:"trailer,behindthescenes,deleted,featurette,interview,scene,short,other"`
	Name    string `json:"name,omitempty" maxLength:"300" doc:"Of the episode or extra."`
}

// UnmatchedList is the titles without a match.
type UnmatchedList struct {
	Items []UnmatchedTitle `json:"items"`
	Total int              `json:"total" doc:"All there are; the latest 200 are given."`
}

// UnmatchedTitle is a title without a match.
type UnmatchedTitle struct {
	Title TitleCard       `json:"title"`
	Files []UnmatchedFile `json:"files" doc:"Of a series one of them."`
}

// UnmatchedFile is a file of such a title.
type UnmatchedFile struct {
	FileID string `json:"fileId"`
	Name   string `json:"name"`
	Path   string `json:"path"`
}

func (a *API) registerTitleEdit() {
	answer(a, operation{
		access: AccessAdmin, route: "PATCH /titles/{id}", name: "changeTitle",
		summary: "Edit a title by hand; no scan undoes it",
	}, func(ctx context.Context, c Caller, in *bodyByID[TitlePatch]) (TitleDetail, error) {
		return a.o.Editing.EditTitle(ctx, c.Principal, id.Title(in.ID), in.Body)
	})
	answer(a, operation{
		access: AccessAdmin, route: "PUT /files/{id}/identity", name: "identifyFile", summary: "Say what a file is",
	}, func(ctx context.Context, c Caller, in *bodyByID[FileIdentity]) (TitleCard, error) {
		return a.o.Editing.AssignFile(ctx, c.Principal, id.File(in.ID), in.Body)
	})
	answer(a, operation{
		access: AccessAdmin, route: "DELETE /files/{id}/identity", name: "identifyFileByName",
		summary: "Let a file be what its name says",
	}, ofCallerByID(a.o.Editing.ReleaseFile))
	answer(a, operation{
		access: AccessAdmin, route: "GET /library/unmatched", name: "listUnmatched",
		summary: "Titles of which little is known",
	}, ofCaller(a.o.Editing.Unmatched))
}
