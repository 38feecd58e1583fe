package facade

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"path/filepath"
	"slices"
	"strings"

	"movify/library"
	"movify/library/artwork"
	"movify/library/catalogue"
	"movify/library/metadata"
	"movify/library/naming"
	"movify/pkg/api"
	"movify/pkg/disc"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/player"
	"movify/transcoder"
)

// catalogueFacade implements the API's reading of titles with catalogue, metadata, artwork,
// player and transcoder.
type catalogueFacade struct {
	metadata   *metadata.Service
	titles     *catalogue.Service
	artwork    *artwork.Service
	player     *player.Service
	transcoder *transcoder.Service
	art        *art
	audiences  audiences
}

var _ api.Catalogue = (*catalogueFacade)(nil)

// cards converts cards for one viewer, each with the viewer's progress, marks and rating.
func (c *catalogueFacade) cards(ctx context.Context, p api.Principal, in []library.Card) ([]api.TitleCard, error) {
	_, out, err := c.standingsAndCards(ctx, p, in)
	return out, err
}

// standingsAndCards is cards with the standings they were made of.
func (c *catalogueFacade) standingsAndCards(
	ctx context.Context, p api.Principal, in []library.Card,
) (map[id.Title]player.Standing, []api.TitleCard, error) {
	ids := make([]id.Title, 0, len(in))
	for _, card := range in {
		ids = append(ids, card.ID)
	}
	at, err := c.player.Standings(ctx, p.Profile, ids)
	if err != nil {
		return nil, nil, err
	}
	token, err := c.art.token(p)
	if err != nil {
		return nil, nil, err
	}
	pictures, err := c.artwork.Pictures(ctx, in)
	if err != nil {
		return nil, nil, err
	}
	out := make([]api.TitleCard, 0, len(in))
	for _, card := range in {
		out = append(out, c.card(card, at[card.ID], titlePictures{card.ID, token, pictures[card.ID]}))
	}
	return at, out, nil
}

// card converts a card with its viewer's standing and its pictures.
func (c *catalogueFacade) card(in library.Card, at player.Standing, pictures titlePictures) api.TitleCard {
	out := api.TitleCard{
		ID: string(in.ID), Kind: string(in.Kind), Name: in.Name, Year: in.Year, SeriesID: string(in.SeriesID),
		Color: colorOf(in), Height: in.File.Height, Age: in.AgeRating,
		PositionMs: at.Progress.ResumeMS(), Watched: at.Watched, Listed: at.Listed, Rating: at.Rating,
		ReadyPercent: c.transcoder.Percent(in.File.Fingerprint), Playable: in.File.ID != "",
		Filling:     in.File.Fingerprint != "" && c.transcoder.Filling(in.File.Fingerprint),
		Unreachable: in.File.State == library.Unreachable,
		Released:    in.Released, Extra: string(in.Extra), Score: float64(in.Title.Rating) / 10, Genres: in.Genres,
		Certification: in.Certification,
	}
	pictures.addTo(&out)
	if in.Kind != library.Series {
		out.DurationMs = in.DurationMS
	}
	if in.Kind == library.Episode {
		season, episode := in.Season, in.Episode
		out.SeriesName, out.Season, out.Episode = in.SeriesName, &season, &episode
		if in.Airs != nil {
			out.Airs = &api.Airing{Season: in.Airs.Season, Episode: in.Airs.Episode, After: in.Airs.After}
		}
	}
	return out
}

// fullName is a title's name with that of its series: "Rule Book S01E02 Thirty".
func fullName(c library.Card) string {
	if c.Kind != library.Episode {
		return c.Name
	}
	return fmt.Sprintf("%s S%02dE%02d %s", c.SeriesName, c.Season, c.Episode, c.Name)
}

// colorOf is the average colour of a title's picture; without one, a dark colour derived from its name.
func colorOf(c library.Card) string {
	if c.File.Color != "" {
		return c.File.Color
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(c.SeriesName + c.Name)) // a hash never fails
	n := h.Sum32()
	return fmt.Sprintf("#%02x%02x%02x", 0x20+n&0x3f, 0x20+n>>8&0x3f, 0x28+n>>16&0x3f)
}

// fileOf describes the file of a title, with what planning its asset has found out.
func fileOf(f library.File, a media.Asset) *api.TitleFile {
	out := &api.TitleFile{
		Name: f.Name(), Size: f.Size, Container: container(f), Path: naming.Display(f.Path),
		Damage: string(cmp.Or(a.Probe.Damage, f.Probe.Damage)),
	}
	if v, ok := f.Probe.Picture(); ok {
		out.Video = fmt.Sprintf("%s %d×%d", codec(v.Codec), v.Width, v.Height)
		if often := cmp.Or(v.FrameRate, v.AverageRate); often.Known() {
			out.Video += " " + rate(often)
		}
	}
	names := make(map[int]string)
	for _, r := range a.Ladder.Audios() {
		names[r.Stream] = r.Name
	}
	for _, t := range f.Probe.Audio {
		if names[t.Index] == "" && len(a.Ladder.Renditions) > 0 {
			out.AudioLeftOut++
		}
		words := []string{cmp.Or(names[t.Index], t.Language), codec(t.Codec), strings.TrimSuffix(t.Layout, "(side)")}
		out.Audio = append(out.Audio, strings.Join(strings.Fields(strings.Join(words, " ")), " "))
	}
	planned := f.Probe
	if len(a.Probe.Video) > 0 {
		planned = a.Probe // a full one
	}
	out.Notes = fileNotes(planned, names)
	return out
}

// fileNotes says what of a file is not played, or not as it says. played are the streams with a rendition.
func fileNotes(p media.Probe, played map[int]string) (notes []string) {
	note := func(code string, holds bool) {
		if holds && !slices.Contains(notes, code) {
			notes = append(notes, code)
		}
	}
	for _, a := range p.Audio {
		note("audio-undecodable", a.Undecodable)
		note("audio-disabled", a.Disabled && !a.Undecodable && played[a.Index] == "")
	}
	note("ordered-chapters", p.OrderedChapters)
	picture, _ := p.Picture()
	note("stereo", picture.Stereo)
	return notes
}

func rate(r media.Ratio) string {
	return strings.TrimSuffix(fmt.Sprintf("%.3f", r.Float()), ".000")
}

// codec gives the common name for a codec of ffprobe.
func codec(name string) string {
	known := map[string]string{
		"h264": "H.264", "hevc": "HEVC", "av1": "AV1", "vp8": "VP8", "vp9": "VP9", "mpeg4": "MPEG-4", "mpeg2video": "MPEG-2",
		"mpeg1video": "MPEG-1", "mjpeg": "Motion JPEG", "aac": "AAC", "ac3": "Dolby Digital", "eac3": "Dolby Digital Plus",
		"truehd": "Dolby TrueHD", "dts": "DTS", "flac": "FLAC", "mp3": "MP3", "opus": "Opus", "vorbis": "Vorbis",
	}
	if words, ok := known[name]; ok {
		return words
	}
	return strings.ToUpper(name)
}

// container gives the common name for the first of ffprobe's format names, and that of the disc for a title of one.
func container(f library.File) string {
	first, _, _ := strings.Cut(f.Probe.Format, ",")
	if disc.IsIndex(f.Path) {
		first = strings.ToLower(filepath.Ext(f.Path))
	}
	known := map[string]string{
		"matroska": "Matroska", "mov": "MP4", "avi": "AVI", "mpegts": "MPEG-TS", "mpeg": "MPEG",
		".ifo": "DVD", ".mpls": "Blu-ray",
		"asf": "Windows Media", "flv": "Flash Video", "ogg": "Ogg"}
	if words, ok := known[first]; ok {
		return words
	}
	return strings.ToUpper(first)
}
