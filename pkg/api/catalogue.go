package api

import (
	"context"

	"movify/pkg/id"
)

// Catalogue is the movies and series, as one viewer may see them.
type Catalogue interface {
	Home(ctx context.Context, p Principal) (Home, error)
	// Titles gives one page; an unknown cursor is an Invalid fault.
	Titles(ctx context.Context, p Principal, q TitleQuery) (TitlePage, error)
	// Title gives a NotFound fault for a title that does not exist or that this viewer may not see.
	Title(ctx context.Context, p Principal, t id.Title) (TitleDetail, error)
	// Picture gives the picture in the nearest width that is stored, or a NotFound fault.
	Picture(ctx context.Context, p Principal, t id.Title, kind PictureKind, width int) (Picture, error)
}

// PictureKind is the kind of a title's picture.
type PictureKind string

// The kinds of picture.
const (
	Still     PictureKind = "still"     // 16:9, a scene: uploaded, or a frame of the film
	Poster    PictureKind = "poster"    // 2:3
	Backdrop  PictureKind = "backdrop"  // 16:9, without words
	Landscape PictureKind = "landscape" // 16:9, with the name on it
	Logo      PictureKind = "logo"      // the name as its makers write it, transparent
	Banner    PictureKind = "banner"    // very wide
	Thumb     PictureKind = "thumb"     // 16:9, uploaded, of an episode or extra
)

// Picture is an encoded image.
type Picture struct {
	Type    string // media type
	ETag    string // quoted, as in the header
	Version string // of the picture of a title: the bytes of a version never change
	Data    []byte
}

// TitleCard is a title in a row or grid.
type TitleCard struct {
	ID            string   `json:"id"`
	Kind          string   `json:"kind" enum:"movie,series,season,episode,extra"`
	Name          string   `json:"name"`
	Year          int      `json:"year,omitempty"`
	Released      string   `json:"released,omitempty" doc:"YYYY-MM-DD"`
	Extra         string   `json:"extra,omitempty" enum:"trailer,behindthescenes,deleted,featurette,interview,scene,short,other" doc:"What an extra is."`
	Score         float64  `json:"score,omitempty" doc:"What most of those who voted think of it, of ten."`
	Genres        []string `json:"genres,omitempty" doc:"The first three."`
	Certification string   `json:"certification,omitempty" doc:"What a board says, in its own letters."`
	Overview      string   `json:"overview,omitempty" doc:"Of an episode in its season, and on a title's own page."`
	DurationMs    int64    `json:"durationMs,omitempty"`
	Age           *int     `json:"age,omitempty" doc:"From which age on, in years; absent without a rating."`
	Color         string   `json:"color" doc:"What to paint before a picture is there, #rrggbb."`
	Still         string   `json:"still,omitempty" doc:"URL of a 16:9 picture. It takes ?w=, as all pictures do: 160, 320, 480, 640, 960, 1280 or 1920 pixels."`
	Poster        string   `json:"poster,omitempty" doc:"URL of a 2:3 picture."`
	PosterIsFrame bool     `json:"posterIsFrame,omitempty" doc:"The poster is the middle of a frame of the film, without words, because there is no other."`
	Backdrop      string   `json:"backdrop,omitempty" doc:"URL of a 16:9 picture without words; of an episode, that of its series."`
	Landscape     string   `json:"landscape,omitempty" doc:"URL of a 16:9 picture with the name on it."`
	Logo          string   `json:"logo,omitempty" doc:"URL of the name as its makers write it, on nothing; of an episode, that of its series."`
	Banner        string   `json:"banner,omitempty" doc:"URL of a very wide picture with the name on it."`
	Thumbhash     string   `json:"thumbhash,omitempty" doc:"Base64 of the ThumbHash of the poster, or without one of the still: a blurred likeness to paint before a picture is there."`
	Height        int      `json:"height,omitempty" doc:"Lines of the picture: 1080."`
	PositionMs    int64    `json:"positionMs,omitempty" doc:"Where this viewer stopped."`
	Watched       bool     `json:"watched" doc:"This viewer has seen it, or says so; of a series on its own page, all its episodes."`
	Listed        bool     `json:"listed" doc:"It is on this viewer's list."`
	Rating        int      `json:"rating,omitempty" enum:"-1,1" doc:"What this viewer thinks of it."`
	ReadyPercent  int      `json:"readyPercent" minimum:"0" maximum:"100" doc:"How much of its ladder is made."`
	Filling       bool     `json:"filling,omitempty" doc:"The rest of its ladder is made in the background, or will be."`
	Playable      bool     `json:"playable"`
	Unreachable   bool     `json:"unreachable,omitempty" doc:"The disk of its file is away."`
	SeriesID      string   `json:"seriesId,omitempty" doc:"Of a season, an episode or an extra of a series."`
	SeriesName    string   `json:"seriesName,omitempty"`
	Season        *int     `json:"season,omitempty"`
	Episode       *int     `json:"episode,omitempty"`
	Airs          *Airing  `json:"airs,omitempty" doc:"Of a special: where it belongs among the other seasons. nextEpisodeId and the next title of a session follow it."`
}

// Airing is the place of a special in the order of broadcast.
type Airing struct {
	Season  int  `json:"season" minimum:"1"`
	Episode int  `json:"episode,omitempty" doc:"It airs before this episode; absent = before the first of the season."`
	After   bool `json:"after,omitempty" doc:"It airs after the last episode of the season."`
}

// Row is one row of the home page.
type Row struct {
	ID    string      `json:"id" doc:"continue (titles that were begun, and the next episodes of series), new, movies, series, channel:<id> or genre:<id>"`
	Name  string      `json:"name,omitempty" doc:"Of a channel or genre."`
	Items []TitleCard `json:"items"`
}

// Home is the home page. Rows without titles are left out.
type Home struct {
	Hero *TitleCard `json:"hero"`
	Rows []Row      `json:"rows"`
}

// TitleQuery is the query of a page of titles.
type TitleQuery struct {
	Kind string `query:"kind" enum:"movie,series" doc:"Only this kind."`
	Sort string `query:"sort" enum:"added,title,year,released,rating,random,place" default:"added" doc:"random is the same on all pages; place is the order of the collection."`

	Genre      string `query:"genre" maxLength:"64" doc:"ID of a genre."`
	Studio     string `query:"studio" maxLength:"64" doc:"ID of a studio."`
	Person     string `query:"person" maxLength:"64" doc:"ID of somebody who had a part in it."`
	Collection string `query:"collection" maxLength:"64" doc:"ID of a collection or channel."`
	Year       string `query:"year" pattern:"^([0-9]{1,4})?(-[0-9]{0,4})?$" doc:"1999 or 1990-1999."`
	Minutes    string `query:"minutes" pattern:"^([0-9]{1,4})?(-[0-9]{0,4})?$" doc:"How long a movie takes: -45, 90-120 or 120-."`
	Watched    string `query:"watched" enum:"yes,no,begun" doc:"What this viewer saw of it; of a series, of its episodes."`
	Q          string `query:"q" maxLength:"100" doc:"Part of a name; accents and case do not matter."`

	Cursor string `query:"cursor" maxLength:"500" doc:"next of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"60"`
}

// TitlePage is a page of titles.
type TitlePage struct {
	Items []TitleCard `json:"items"`
	Next  string      `json:"next,omitempty" doc:"Cursor of the next page; absent on the last."`
	Total int         `json:"total" doc:"Titles on all pages."`
}

// Season is one season of a series.
type Season struct {
	ID       string      `json:"id"`
	Number   int         `json:"number"`
	Name     string      `json:"name"`
	Poster   string      `json:"poster,omitempty" doc:"URL of a 2:3 picture of its own."`
	Episodes []TitleCard `json:"episodes"`
}

// TitleFile is the file of a title, described for a viewer.
type TitleFile struct {
	Name      string   `json:"name"`
	Size      int64    `json:"size" doc:"Bytes."`
	Container string   `json:"container"`
	Video     string   `json:"video,omitempty" doc:"H.264 1920×1080 23.976"`
	Audio     []string `json:"audio" doc:"All audio tracks, in file order."`
	// AudioLeftOut counts the tracks of Audio that have no rendition, so that a viewer cannot choose them.
	AudioLeftOut int `json:"audioLeftOut,omitempty" doc:"Audio tracks that cannot be chosen: a file has too many, or see notes."`
	// Notes say what of the file is not played, or not as it says.
	Notes  []string `json:"notes,omitempty" enum:"audio-undecodable,audio-disabled,ordered-chapters,stereo" doc:"Audio tracks without a decoder, or that the file says are not to be used, are left out; a file with a list of chapters to play in an order of their own is played from its beginning to its end; of a 3D film both pictures are shown."`
	Damage string   `json:"damage,omitempty" enum:"cut,unreadable" doc:"It plays up to where its contents end: it is cut off there, or its end cannot be read."`
	Path   string   `json:"path,omitempty" doc:"Administrators only."`
}

// EncodeState is the encoding progress of a title's ladder.
type EncodeState struct {
	Percent    int              `json:"percent"`
	Running    bool             `json:"running"`
	Paused     bool             `json:"paused"`
	Speed      float64          `json:"speed,omitempty" doc:"Times real time."`
	EtaMs      int64            `json:"etaMs,omitempty"`
	Renditions []RenditionState `json:"renditions"`
	Error      string           `json:"error,omitempty"`
}

// RenditionState is the encoding progress of a rendition.
type RenditionState struct {
	ID       string `json:"id"`
	Kind     string `json:"kind" enum:"video,audio"`
	Name     string `json:"name"`
	Percent  int    `json:"percent"`
	Complete bool   `json:"complete"`
	Height   int    `json:"height,omitempty"`
	Language string `json:"language,omitempty"`
}

func (a *API) registerCatalogue() {
	answer(a, operation{
		access: AccessAccount, kids: true, route: "GET /home", name: "home", summary: "The rows of the home page",
	}, ofCaller(a.o.Catalogue.Home))
	answer(a, operation{
		access: AccessAccount, kids: true, route: "GET /titles", name: "listTitles",
		summary: "Movies and series, page by page",
	}, func(ctx context.Context, c Caller, in *TitleQuery) (TitlePage, error) {
		return a.o.Catalogue.Titles(ctx, c.Principal, *in)
	})
	answer(a, operation{
		access: AccessAccount, kids: true, route: "GET /titles/{id}", name: "getTitle", summary: "One title",
	}, func(ctx context.Context, c Caller, in *byID) (TitleDetail, error) {
		d, err := a.o.Catalogue.Title(ctx, c.Principal, id.Title(in.ID))
		if !c.Admin {
			d.forViewers()
		}
		return d, err
	})
}
