package header

import (
	"strconv"
	"time"

	"movify/pkg/mp4"
)

// mp4Names are libavformat's names of the tags of an ilst.
func mp4Name(key string) string {
	return map[string]string{
		"\xa9nam": "title", "\xa9ART": "artist", "aART": "album_artist", "\xa9alb": "album",
		"\xa9day": "date", "\xa9cmt": "comment",
		"\xa9gen": "genre", "\xa9wrt": "composer", "\xa9lyr": "lyrics", "\xa9grp": "grouping",
		"desc": "description", "ldes": "synopsis",
		"tvsh": "show", "tven": "episode_id", "tvnn": "network", "tves": "episode_sort", "tvsn": "season_number",
		"stik": "media_type",
		"hdvd": "hd_video", "purd": "purchase_date", "catg": "category", "keyw": "keywords", "cprt": "copyright",
		"sonm": "sort_name", "soal": "sort_album", "soar": "sort_artist", "sosn": "sort_show",
	}[key]
}

// mp4Tags gives the tags of the file by the names ffprobe has for them.
func mp4Tags(h mp4.Header) map[string]string {
	const (
		bytesKind  = 0
		textKind   = 1
		signedKind = 21
		epoch      = 2_082_844_800 // seconds from 1904 to 1970
	)
	tags := map[string]string{}
	if h.CreatedS >= epoch && h.CreatedS < 1<<33 {
		tags["creation_time"] = time.Unix(int64(h.CreatedS-epoch), 0).UTC().Format("2006-01-02T15:04:05.000000Z")
	}
	for _, t := range h.Tags {
		name := mp4Name(t.Key)
		if name == "" && len(t.Key) > 4 {
			name = t.Key // a name of its own
		}
		switch {
		case name == "":
		case t.Kind == textKind:
			tags[name] = trimmed(t.Value)
		case t.Kind == signedKind, t.Kind == bytesKind && isNumber(t.Key):
			if n, ok := signed(t.Value); ok {
				tags[name] = strconv.FormatInt(n, 10)
			}
		}
	}
	return tags
}

// isNumber reports whether a tag is a number although its kind does not say so.
func isNumber(key string) bool {
	switch key {
	case "tves", "tvsn", "stik", "hdvd":
		return true
	}
	return false
}

func signed(b []byte) (int64, bool) {
	if len(b) == 0 || len(b) > 4 {
		return 0, false
	}
	n := int64(int8(b[0]))
	for _, c := range b[1:] {
		n = n<<8 | int64(c)
	}
	return n, true
}
