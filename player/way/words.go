package way

import (
	"fmt"
	"strconv"
	"strings"

	"movify/pkg/media"
)

// Lines is the height that names a picture, as a rung of the ladder is named: 1920 × 800 is 1080p, as 1080 × 1920 is.
func Lines(width, height int) int {
	long, short := max(width, height), min(width, height)
	return max((long*9+8)/16, short)
}

// Name is Lines as it is shown: "1080p".
func Name(width, height int) string { return strconv.Itoa(Lines(width, height)) + "p" }

// Rate is a bit rate in words: "8.2 Mb/s", "28 Mb/s", "640 kb/s".
func Rate(bps int64) string {
	switch {
	case bps < 1_000_000:
		return fmt.Sprintf("%d kb/s", (bps+500)/1000)
	case bps < 10_000_000:
		return fmt.Sprintf("%.1f Mb/s", float64(bps)/1e6)
	}
	return fmt.Sprintf("%d Mb/s", (bps+500_000)/1_000_000)
}

// describe is a stream in words: "H.264 High 4.1, 1080p, 8.2 Mb/s".
func describe(o media.Original) string {
	average, _ := rates(o)
	return strings.Join([]string{
		Codec(o.Picture.Codecs), Name(o.Picture.Width, o.Picture.Height), Rate(average),
	}, ", ")
}

// Codec is the CODECS string of a picture in words: "H.264 High 4.1", "HEVC Main 10 5.1". One that is not known is itself.
func Codec(text string) string {
	c, ok := parse(text)
	if !ok {
		return text
	}
	switch c.family {
	case "avc":
		return "H.264 " + named(avcProfiles, c.profile) + " " + tenths(c.level)
	case "hevc":
		return "HEVC " + named(hevcProfiles, c.profile) + " " + tenths(c.level/3) // general_level_idc is 30 times the level
	case "av1": // AV1 section A.3: seq_level_idx counts four for each whole level from 2 on
		return fmt.Sprintf("AV1 %s %d.%d, %d bit", named(av1Profiles, c.profile), 2+c.level/4, c.level%4, c.depth)
	case "vp9":
		return fmt.Sprintf("VP9 profile %d, %s, %d bit", c.profile, tenths(c.level), c.depth)
	}
	return text
}

var (
	avcProfiles = map[int]string{
		66: "Baseline", 77: "Main", 88: "Extended", 100: "High", 110: "High 10", 122: "High 4:2:2", 244: "High 4:4:4",
	}
	hevcProfiles = map[int]string{1: "Main", 2: "Main 10", 3: "Main Still Picture", 4: "Range Extensions"}
	av1Profiles  = map[int]string{0: "Main", 1: "High", 2: "Professional"}
)

func named(names map[int]string, n int) string {
	if name := names[n]; name != "" {
		return name
	}
	return "profile " + strconv.Itoa(n)
}

func tenths(n int) string { return fmt.Sprintf("%d.%d", n/10, n%10) }
