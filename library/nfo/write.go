package nfo

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"movify/library"
)

// mark is the comment of files that Movify wrote; other programs ignore it. Removing the line protects the file from
// being replaced.
const mark = "<!-- written by Movify; it is replaced when the title is edited there, unless this line is removed -->"

// ours reports whether the text has the mark.
func ours(text string) bool { return strings.Contains(text[:min(len(text), 1000)], mark) }

// Writer writes NFO files to the disk.
type Writer struct{}

// WriteNFO writes the file at path. See library.NFOWriter.
func (Writer) WriteNFO(path string, w library.NFOWork) error {
	text, err := render(w)
	if err != nil {
		return err
	}
	old, err := own(path)
	if err != nil {
		return err
	}
	if bytes.Equal(old, text) {
		return nil
	}
	// Scans ignore names that begin with a dot.
	f, err := os.CreateTemp(filepath.Dir(path), ".movify-*.tmp")
	if err != nil {
		return fmt.Errorf("write the description: %w", err)
	}
	defer func() { _ = os.Remove(f.Name()) }() // after a rename there is none
	_, err = f.Write(text)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("write the description: %w", err)
	}
	if old == nil {
		// Unlike a rename, a link never replaces a file that was created in the meantime.
		err = os.Link(f.Name(), path)
		if err == nil {
			return nil
		}
		if errors.Is(err, fs.ErrExist) {
			return library.ErrNFOForeign
		}
		// Not every file system has hard links.
	}
	if _, err := own(path); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write the description: %w", err)
	}
	return nil
}

// own returns the text of a file with our mark at path, nil when there is no file; a foreign file gives ErrNFOForeign.
func own(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("look at the description: %w", err)
	case !info.Mode().IsRegular():
		return nil, library.ErrNFOForeign
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the description: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, readLimit))
	if err != nil {
		return nil, fmt.Errorf("read the description: %w", err)
	}
	if !ours(string(text)) {
		return nil, library.ErrNFOForeign
	}
	return text, nil
}

type xmlID struct {
	Type  string `xml:"type,attr"`
	Value string `xml:",chardata"`
}

type xmlRating struct {
	Name  string `xml:"name,attr"`
	Max   int    `xml:"max,attr"`
	Value string `xml:"value"`
	Votes int    `xml:"votes,omitempty"`
}

type xmlActor struct {
	Name  string `xml:"name"`
	Role  string `xml:"role,omitempty"`
	Order int    `xml:"order"`
	Thumb string `xml:"thumb,omitempty"`
}

type xmlSet struct {
	Name     string `xml:"name"`
	Overview string `xml:"overview,omitempty"`
}

type xmlWork struct {
	XMLName       xml.Name
	Title         string      `xml:"title,omitempty"`
	OriginalTitle string      `xml:"originaltitle,omitempty"`
	SortTitle     string      `xml:"sorttitle,omitempty"`
	ShowTitle     string      `xml:"showtitle,omitempty"`
	Season        *int        `xml:"season,omitempty"`
	SeasonNumber  *int        `xml:"seasonnumber,omitempty"`
	Episode       int         `xml:"episode,omitempty"`
	AirsAfter     int         `xml:"airsafter_season,omitempty"`
	AirsBefore    int         `xml:"airsbefore_season,omitempty"`
	AirsEpisode   int         `xml:"airsbefore_episode,omitempty"`
	Year          int         `xml:"year,omitempty"`
	Premiered     string      `xml:"premiered,omitempty"`
	Aired         string      `xml:"aired,omitempty"`
	Plot          string      `xml:"plot,omitempty"`
	Tagline       string      `xml:"tagline,omitempty"`
	Runtime       int64       `xml:"runtime,omitempty"` // minutes
	MPAA          string      `xml:"mpaa,omitempty"`
	Status        string      `xml:"status,omitempty"`
	Genres        []string    `xml:"genre,omitempty"`
	Studios       []string    `xml:"studio,omitempty"`
	Countries     []string    `xml:"country,omitempty"`
	Tags          []string    `xml:"tag,omitempty"`
	Sets          []xmlSet    `xml:"set,omitempty"`
	Ratings       []xmlRating `xml:"ratings>rating,omitempty"`
	IDs           []xmlID     `xml:"uniqueid,omitempty"`
	Directors     []string    `xml:"director,omitempty"`
	Writers       []string    `xml:"credits,omitempty"`
	Producers     []string    `xml:"producer,omitempty"`
	Actors        []xmlActor  `xml:"actor,omitempty"`
	Trailers      []string    `xml:"trailer,omitempty"`
}

// render returns the text of a file; equal facts give equal bytes.
func render(w library.NFOWork) ([]byte, error) {
	names := map[library.Kind]string{
		library.Movie: "movie", library.Series: "tvshow", library.Season: "season", library.Episode: "episodedetails",
	}
	if names[w.Kind] == "" {
		return nil, fmt.Errorf("a %s is not described by a file", w.Kind)
	}
	f := w.Facts
	x := xmlWork{
		XMLName: xml.Name{Local: names[w.Kind]}, Title: f.Name, OriginalTitle: f.OriginalName, SortTitle: f.SortName,
		Year: f.Year,
		Plot: f.Overview, Tagline: f.Tagline, Runtime: f.RuntimeMS / time.Minute.Milliseconds(), MPAA: f.Certification,
		Genres: f.Genres, Studios: f.Studios, Countries: f.Countries, Tags: f.Tags, Trailers: f.Trailers,
	}
	if x.MPAA == "" && f.Age != nil {
		x.MPAA = strconv.Itoa(*f.Age)
	}
	switch w.Kind {
	case library.Episode:
		x.ShowTitle, x.Season, x.Episode, x.Aired = f.SeriesName, f.Season, f.Episode, f.Released
		if f.Airs != nil && f.Airs.After {
			x.AirsAfter = f.Airs.Season
		} else if f.Airs != nil {
			x.AirsBefore, x.AirsEpisode = f.Airs.Season, f.Airs.Episode
		}
	case library.Season:
		x.SeasonNumber, x.Premiered = f.Season, f.Released
	default:
		x.Premiered = f.Released
	}
	switch f.Status {
	case "continuing":
		x.Status = "Continuing"
	case "ended":
		x.Status = "Ended"
	}
	for _, name := range f.Sets {
		x.Sets = append(x.Sets, xmlSet{name, f.SetOverviews[name]})
	}
	for _, r := range f.Ratings {
		x.Ratings = append(x.Ratings, xmlRating{r.By, 10, strconv.FormatFloat(r.Value, 'f', -1, 64), r.Votes})
	}
	for _, provider := range slices.Sorted(maps.Keys(f.IDs)) {
		x.IDs = append(x.IDs, xmlID{provider, f.IDs[provider]})
	}
	for _, c := range f.Credits {
		switch c.Kind {
		case library.Actor:
			x.Actors = append(x.Actors, xmlActor{c.Name, c.Role, len(x.Actors), c.Picture})
		case library.Director:
			x.Directors = append(x.Directors, c.Name)
		case library.Writer:
			x.Writers = append(x.Writers, c.Name)
		case library.Producer:
			x.Producers = append(x.Producers, c.Name)
		}
	}
	body, err := xml.MarshalIndent(x, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the description: %w", err)
	}
	return []byte(xml.Header + mark + "\n" + string(body) + "\n"), nil
}
