package transcoder

import (
	"slices"
	"strings"
	"unicode"

	"movify/pkg/media"
)

// Few files have the flags for it, so the titles of tracks are read too. Words are in lower case and may be parts of longer ones.
var (
	commentaryWords = []string{
		"commentary", "comentary", "commentaire", "kommentar", "comentario", "comentário", "commento", "komentarz",
		"комментари", "コメンタリー", "评论", "評論",
	}
	descriptionWords = []string{
		"audio description", "audio-description", "audiodescription", "audio descriptive", "descriptive audio",
		"descriptive video", "described video", "description for the blind", "visually impaired", "audiodeskription",
		"hörfilm", "audiodescripción", "audiodescripcion", "audiodescrição", "audiodescrizione", "audiodeskrypcja",
		"тифлокомментари",
	}
	descriptionInitials = []string{"AD", "DVS"}
)

// isCommentary reports whether people talk about the film on a track.
func isCommentary(t media.AudioTrack) bool {
	return t.Commentary || !t.Original && !describesPicture(t) && hasWord(t.Title, commentaryWords)
}

// describesPicture reports whether a voice says on a track what the picture shows.
func describesPicture(t media.AudioTrack) bool {
	if t.VisualImpaired || hasWord(t.Title, descriptionWords) {
		return true
	}
	return slices.ContainsFunc(
		strings.FieldsFunc(t.Title, func(r rune) bool { return !unicode.IsLetter(r) }),
		func(word string) bool { return slices.Contains(descriptionInitials, word) },
	)
}

func hasWord(title string, words []string) bool {
	title = strings.ToLower(title)
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(title, w) })
}
