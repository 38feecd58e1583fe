package media

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of the tags of a file that are stored.
const (
	maxTags     = 128
	maxTagName  = 128     // bytes
	maxTagValue = 4 << 10 // bytes
)

// CleanTags makes Probe.Tags of a file's tags: names in lower case, values of at most 4 KiB of UTF-8, without empty
// values and without those of the muxer. nil when no tag is left.
func CleanTags(tags map[string]string) map[string]string {
	out := make(map[string]string)
	for _, given := range slices.Sorted(maps.Keys(tags)) { // sorted, so that the same tags are left every time
		name, value := strings.ToLower(given), tags[given]
		switch name {
		case "", "major_brand", "minor_version", "compatible_brands",
			"encoder", "handler_name", "vendor_id", "duration":
			continue
		}
		value = strings.TrimSpace(strings.ToValidUTF8(value, "\uFFFD"))
		if value == "" || len(name) > maxTagName || !utf8.ValidString(given) || len(out) == maxTags {
			continue
		}
		out[name] = cut(value, maxTagValue)
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// cut shortens a text to at most limit bytes of whole characters.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}
