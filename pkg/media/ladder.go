// Package media holds the technical values that more than one context must construct or read: the streams of a file
// (Probe), its segment boundaries (Grid), its encoded forms (Ladder, Rendition), their packaging (Asset) and the blob
// keys of that. It does no I/O, speaks no SQL and knows neither people nor money. Values are immutable once built.
package media

import "movify/pkg/id"

// Kind is the media type of a Rendition.
type Kind string

// The kinds of rendition.
const (
	Video Kind = "video"
	Audio Kind = "audio"
)

// Rendition is one encoded form of a file. ID is a function of everything that decides the Init Section (codec, size,
// level, rate, layout, pins); preset and rate factor are details of a run and may differ between segments.
type Rendition struct {
	ID     id.Rendition `json:"id"`
	Kind   Kind         `json:"kind"`
	Name   string       `json:"name"`   // "1080p"; for audio as viewers read it: "English", "English 5.1"
	Stream int          `json:"stream"` // stream index in the file
	Codecs string       `json:"codecs"` // RFC 6381: "avc1.640028", "mp4a.40.2"
	// MaxRate is the cap of the encoder in bit/s (video) or the nominal rate (audio).
	MaxRate int `json:"maxRate"`

	// Video only.
	Width  int    `json:"width,omitempty"`  // even, after SAR and rotation
	Height int    `json:"height,omitempty"` // even
	Level  string `json:"level,omitempty"`  // "4.0"
	// Color is what the segments are labelled with, in studio range; without it they are labelled as the source is.
	Color *Color `json:"color,omitempty"`

	// Audio only.
	Channels int    `json:"channels,omitempty"`
	Language string `json:"language,omitempty"` // BCP 47, "und" when the file does not say
	Default  bool   `json:"default,omitempty"`
	// Commentary and VisualImpaired are those of the AudioTrack: such a rendition never starts by itself beside others.
	Commentary     bool `json:"commentary,omitempty"`
	VisualImpaired bool `json:"visualImpaired,omitempty"`
}

// Ladder is the set of renditions of one file: video from the tallest down, then audio in file order.
type Ladder struct {
	Renditions []Rendition `json:"renditions"`
}

// Videos gives the video renditions, tallest first.
func (l Ladder) Videos() []Rendition { return l.of(Video) }

// Audios gives the audio renditions in file order.
func (l Ladder) Audios() []Rendition { return l.of(Audio) }

// Find gives the rendition with that ID.
func (l Ladder) Find(r id.Rendition) (Rendition, bool) {
	for _, x := range l.Renditions {
		if x.ID == r {
			return x, true
		}
	}
	return Rendition{}, false
}

func (l Ladder) of(k Kind) []Rendition {
	var out []Rendition
	for _, r := range l.Renditions {
		if r.Kind == k {
			out = append(out, r)
		}
	}
	return out
}

// Asset is the packaging of one File on one Grid. Prefix is the key prefix of everything in the blob store that belongs
// to it, empty or ending in "/". Its blobs:
//
//	plan.json                         this value
//	<rendition>/init.mp4              Init Section
//	<rendition>/00000.m4s …           Media Segments, index in five digits or more
//	<rendition>/all.mp4               instead of those, when all are there: see Packing
//	<rendition>/head.mp4              a copy of the head of all.mp4, in Stage
//	whole.json                        every rendition is packed
type Asset struct {
	ID     id.Asset `json:"id"`
	Prefix string   `json:"prefix"`
	Probe  Probe    `json:"probe"` // the facts the grid was planned from
	Grid   Grid     `json:"grid"`
	Ladder Ladder   `json:"ladder"`
	// Recipe says with which arguments its segments are encoded: see Recipe. A plan that says nothing is from before there was
	// more than one.
	Recipe Recipe `json:"recipe,omitempty"`
}

// Recipe is a version of how a file becomes segments. All segments of an asset are made by one: a segment of another would
// not fit its neighbours. New plans have LatestRecipe.
type Recipe int

// The recipes.
const (
	// FirstRecipe fills holes in the sound once they add up to a tenth of a second.
	FirstRecipe Recipe = 0
	// SteadySound fills each hole of the sound, and drops each overlap, at its place.
	SteadySound Recipe = 1
	// TruePicture labels every rung with its colour, crops and keeps what the file says, maps HDR to the brightness of SDR, and
	// shows the same in a hole of the picture wherever a run begins.
	TruePicture Recipe = 2

	LatestRecipe = TruePicture
)

// Picture is the video track that the asset's video renditions are made of.
func (a Asset) Picture() (VideoTrack, bool) {
	if videos := a.Ladder.Videos(); len(videos) > 0 {
		return a.Probe.VideoTrack(videos[0].Stream)
	}
	return a.Probe.Picture()
}

// Measure is the number, the bytes and the bit rates of the stored segments of one rendition.
type Measure struct {
	Segments int   // how many are stored
	Complete bool  // all of the grid's segments are stored
	Bytes    int64 // of the stored segments
	Peak     int   // bit/s of the densest stored segment
	Average  int   // bit/s over the stored segments
}
