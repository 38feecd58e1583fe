package api

// Named is a genre or studio.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// TitlePerson is a person with a credit in a title.
type TitlePerson struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Kind    string `json:"kind" enum:"actor,director,writer,creator,composer,producer"`
	Role    string `json:"role,omitempty" doc:"Who is played, or what was done."`
	Picture string `json:"picture,omitempty" doc:"Where a source says that a portrait is; nothing is fetched by itself."`
}

// TitleRating is the rating of a title by a public.
type TitleRating struct {
	By    string  `json:"by" doc:"imdb, themoviedb, metacritic."`
	Value float64 `json:"value" doc:"Of ten."`
	Votes int     `json:"votes,omitempty"`
}

// TitleVersion is one file of a title: a version of it, or a part of one.
type TitleVersion struct {
	FileID     string           `json:"fileId" doc:"What startSession takes."`
	Name       string           `json:"name" doc:"What to call it in a list: Director's Cut, 2160p, HDR."`
	Edition    string           `json:"edition,omitempty"`
	Height     int              `json:"height,omitempty"`
	Part       int              `json:"part,omitempty" doc:"Of a film in several files, from 1; absent when it is whole."`
	Parts      int              `json:"parts,omitempty" doc:"How many files are played one after the other with this one, itself included."`
	DurationMs int64            `json:"durationMs"`
	Size       int64            `json:"size" doc:"Bytes."`
	Flags      []string         `json:"flags" doc:"3d-sbs, hdr, and the like."`
	Damage     string           `json:"damage,omitempty" enum:"cut,unreadable" doc:"It plays up to where its contents end."`
	State      string           `json:"state" enum:"present,unreachable"`
	Subtitles  []TitleSubtitles `json:"subtitles,omitempty"`
	Pinned     bool             `json:"pinned,omitempty" doc:"A person said which title it is. Administrators only."`
	Path       string           `json:"path,omitempty" doc:"Administrators only."`
}

// TitleSubtitles is one set of subtitles.
type TitleSubtitles struct {
	Language string `json:"language" doc:"BCP 47; empty = not known."`
	Name     string `json:"name"`
	Forced   bool   `json:"forced" doc:"Only what is not spoken in the language of the film."`
	SDH      bool   `json:"sdh" doc:"Sounds are described."`
	Embedded bool   `json:"embedded" doc:"It is a track of the film."`
}

// TitleChapter is the start of a chapter.
type TitleChapter struct {
	StartMs int64  `json:"startMs"`
	Title   string `json:"title"`
}

// TitleAdmin is the sources of a title's metadata, for administrators.
type TitleAdmin struct {
	Evidence map[string]string `json:"evidence" doc:"Field to where it was read: file name, folder name, tags, provider, nfo, owner."`
	Edited   []string          `json:"edited" doc:"Fields that were edited by hand; null in changeTitle makes one automatic again."`
	Notes    []string          `json:"notes" doc:"What was odd about the sources, in plain words."`
	Matched  string            `json:"matched,omitempty" enum:"id,name,little,checked" doc:"How sure it is that this is the work."`
	SortName string            `json:"sortName,omitempty" doc:"What it is filed under, where that is not its name."`
	Tags     []string          `json:"tags,omitempty"`
	SetAge   *int              `json:"setAge,omitempty" doc:"The age that was set by hand."`
}

// TitleCollection is a collection or channel that a title is in.
type TitleCollection struct {
	ID   string `json:"id"`
	Kind string `json:"kind" enum:"collection,channel"`
	Name string `json:"name"`
}

// TitleDetail is a title's own page.
type TitleDetail struct {
	TitleCard
	OriginalName  string            `json:"originalName,omitempty"`
	Tagline       string            `json:"tagline,omitempty"`
	Overview      string            `json:"overview,omitempty"`
	Status        string            `json:"status,omitempty" doc:"Of a series: continuing, ended."`
	AddedMs       int64             `json:"addedMs" doc:"When it was found, Unix milliseconds."`
	Genres        []Named           `json:"genres,omitempty"`
	Studios       []Named           `json:"studios,omitempty"`
	Countries     []string          `json:"countries,omitempty"`
	People        []TitlePerson     `json:"people,omitempty"`
	Ratings       []TitleRating     `json:"ratings,omitempty"`
	IDs           map[string]string `json:"ids,omitempty" doc:"What others call it: imdb to tt0113277."`
	NextEpisodeID string            `json:"nextEpisodeId,omitempty"`
	Seasons       []Season          `json:"seasons,omitempty" doc:"Of a series."`
	Extras        []TitleCard       `json:"extras,omitempty" doc:"Trailers and the like."`
	More          []TitleCard       `json:"more,omitempty" doc:"Others of the same genres."`
	Collections   []TitleCollection `json:"collections,omitempty" doc:"Collections and channels it is in, an episode with its series."`
	Versions      []TitleVersion    `json:"versions,omitempty" doc:"Its files, the best first; parts of one version follow each other."`
	Subtitles     []TitleSubtitles  `json:"subtitles,omitempty" doc:"Of the file that is played when none is chosen."`
	Chapters      []TitleChapter    `json:"chapters,omitempty" doc:"Likewise."`
	File          *TitleFile        `json:"file,omitempty"`
	Encode        *EncodeState      `json:"encode,omitempty"`
	Admin         *TitleAdmin       `json:"admin,omitempty" doc:"Administrators only."`
}

// forViewers removes the fields for administrators.
func (d *TitleDetail) forViewers() {
	d.Admin = nil
	if d.File != nil {
		d.File.Path = ""
	}
	for i := range d.Versions {
		d.Versions[i].Path, d.Versions[i].Pinned = "", false
	}
}
