package library

import (
	"movify/library/naming"
	"movify/pkg/id"
	"movify/pkg/media"
)

// Examined is what a scan read from a video file.
type Examined struct {
	Root        Root
	Video       VideoFile
	Named       naming.Identity // what its path says
	Fingerprint string
	SameContent []File // known files with this fingerprint, with their probes: duplicates, or the file before it moved
	Probe       media.Probe
	Err         error // why it cannot be played; nil = it can
}

// Imported is what became of examined files.
type Imported struct {
	Files   []File           // as they were written; files of a root that was removed are left out
	Added   int              // how many of them are new
	Claimed map[id.File]bool // known files that were recognized at another path
}

// MovedFrom picks, among files of the same content, the one that is no longer at its path and not yet claimed. A
// missing file goes before one whose disk is unavailable: the new file may be a copy of that one, and when the disk
// returns its file becomes another version of the title. The file is empty when all are at their paths.
func MovedFrom(disk FileSystem, candidates []File, claimed map[id.File]bool) File {
	var elsewhere File
	for _, twin := range candidates {
		if claimed[twin.ID] {
			continue
		}
		if _, there, err := StatVideo(disk, twin.Path); there || err != nil {
			continue // after an I/O error it is unknown whether the file exists
		}
		if twin.State != Unreachable || twin.Code == ErrHeld.Code {
			return twin
		}
		if elsewhere.ID == "" {
			elsewhere = twin
		}
	}
	return elsewhere
}
