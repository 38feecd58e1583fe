package config

import "fmt"

// The key that ladderKey replaced, and ladderKey.
const (
	backlogKey = "transcode.backlog"
	ladderKey  = "transcode.ladder"
)

// replaceBacklog sets transcode.ladder by transcode.backlog, which it replaced, unless both are set. true was always.
// false made beginnings in the background and no whole ladders, so it is when_watched; without beginnings it made nothing,
// which is never.
func (l *Loaded) replaceBacklog() {
	backlog := l.Transcode.Backlog
	if backlog == nil {
		return
	}
	l.Transcode.Backlog = nil
	origin := l.Origin(backlogKey)
	where := origin.Name
	if origin.Layer == LayerFile {
		where = l.File
	}
	if l.Origin(ladderKey).Layer != LayerDefault {
		l.notes = append(l.notes, fmt.Sprintf(
			"%s (set by %s) has no effect beside %s, which replaced it. Please remove it.", backlogKey, where, ladderKey,
		))
		return
	}
	switch {
	case *backlog:
		l.Transcode.Ladder = "always"
	case l.Transcode.Prewarm > 0:
		l.Transcode.Ladder = "when_watched"
	default:
		l.Transcode.Ladder = "never"
	}
	l.origin[ladderKey] = origin
	l.notes = append(l.notes, fmt.Sprintf(
		"%s (set by %s) was replaced by %s: %t is taken for %s. Please write that instead.",
		backlogKey, where, ladderKey, *backlog, l.Transcode.Ladder,
	))
}
