package library

import (
	"path/filepath"
	"slices"
	"strings"

	"movify/pkg/fault"
)

// IgnoreFile is the name of a file with ignore rules for its folder and everything below.
const IgnoreFile = ".ignore"

// Names of files and folders that scans ignore, in lower case.
var (
	// Bins and system folders of Windows, Linux, macOS, Samba, and of storage by Synology, QNAP, ASUSTOR, TerraMaster,
	// Buffalo, NETGEAR, Unraid, TrueNAS, openmediavault.
	systemNames = newNames(
		"$recycle.bin", "recycler", "recycled", "recycle bin", "recycle.bin", "recyclebin", "@recycle", "#recycle",
		"@recycle_bin", "_recycle", "_recycle_bin", "trashbox", "network trash folder", "temporary items",
		"system volume information", "lost+found", "found.000", "found.001", "@eadir", "@tmp", "@sharebin", "@appstore",
		"@database", "@download", "@downloadstation", "@synologydrive", "@cloudsync", "@autoupdate", "@s2s",
		"files_trashbin", "files_versions", "_gsdata_", ".recycle", ".recycle.bin", ".recycler", ".trash", ".trashes",
		".trash-1000", ".@__thumb", ".stversions", "__macosx",
	)
	// Snapshots of ZFS, Btrfs, NetApp, Isilon, Synology and QNAP hold every film again.
	snapshotNames = newNames(
		".zfs", ".snapshot", ".snapshots", "#snapshot", "~snapshot", "@snapshot", "@recently-snapshot", "@sharesnap",
		"_snapshot", ".snap", ".ckpt", "~.snapshot",
	)
	// Extensions of files that a program still downloads, copies or synchronizes.
	partialExtensions = newNames(
		"part", "partial", "partial~", "backup~", "filepart", "download", "downloading", "crdownload",
		"opdownload", "fdmdownload", "drivedownload", "tmp", "~tmp", "!qb", "!ut", "!bt", "bc!", "az!", "ob!", "jc!",
		"xltd", "!sync", "synctmp", "dctmp", "antifrag", "aria2", "ytdl", "ffs_tmp", "gstmp", "lftp-pget-status",
	)
	// What ends titles too counts only behind the extension of a video: "Film.mkv.incomplete", not the folder "Smash.and.Grab".
	partialWords = newNames("incomplete", "unfinished", "temp", "td", "grab", "$$$")
)

func newNames(names ...string) map[string]bool {
	out := make(map[string]bool, len(names))
	for _, n := range names {
		out[n] = true
	}
	return out
}

// Ignored reports whether scans ignore a file or folder of that name.
func Ignored(name string) bool { return IgnoreReason(name) != nil }

// IgnoredPath reports whether a slash-separated path below a root is ignored, or lies in an ignored folder.
func IgnoredPath(rel string) bool { return slices.ContainsFunc(strings.Split(rel, "/"), Ignored) }

// IgnoreReason says why scans ignore a file or folder of that name: it is a bin or another system folder, a snapshot, a
// folder in which a download is unpacked, an unfinished file, or hidden. It is nil when they do not.
func IgnoreReason(name string) *fault.Fault {
	if name == "" {
		return nil
	}
	lower := strings.ToLower(name)
	ext := filepath.Ext(lower)
	switch {
	case systemNames[lower], strings.HasPrefix(lower, ".trash-"), strings.HasPrefix(lower, "found.0") && len(lower) == 9:
		return ErrSystemName
	case snapshotNames[lower], strings.HasPrefix(lower, "@gmt-2"):
		return ErrSnapshot
	case strings.HasPrefix(lower, "_unpack_"), strings.HasPrefix(lower, "_failed_"), lower == "_unpack",
		lower == "__admin__", strings.HasSuffix(lower, "_unpackerred"):
		return ErrUnpacking
	case isPartial(lower, strings.TrimPrefix(ext, ".")):
		return ErrUnfinished
	case name[0] == '.' && !strings.HasPrefix(name, "..."): // "...And Justice for All" is a title
		return ErrHidden
	}
	return nil
}

// isPartial reports whether a name in lower case with that extension is that of an unfinished or temporary file.
func isPartial(lower, ext string) bool {
	if partialExtensions[ext] || strings.HasPrefix(lower, "~utorrent") || strings.HasPrefix(lower, "~syncthing~") ||
		strings.HasPrefix(lower, ".syncthing.") || strings.HasPrefix(ext, "part-frag") {
		return true
	}
	stem := strings.TrimSuffix(lower, "."+ext)
	before := strings.TrimPrefix(filepath.Ext(stem), ".")
	if (partialWords[ext] || strings.HasPrefix(ext, "sb-")) && isVideoExtension(before) ||
		strings.Contains(lower, "-tdarrcachefile-") {
		return true
	}
	// rsync writes ".Film.mkv.a1B2c3" until it is done.
	return lower[0] == '.' && len(ext) == 6 && isVideoExtension(before)
}

// WouldBeVideo reports whether an ignored file would be a video, were it not unfinished or hidden: that is worth telling.
func WouldBeVideo(name string) bool {
	lower := strings.ToLower(name)
	for range 3 { // "film.mkv.part", ".film.mkv.a1b2c3"
		ext := strings.TrimPrefix(filepath.Ext(lower), ".")
		if isVideoExtension(ext) {
			return !strings.HasPrefix(name, "._") // what macOS keeps beside a film
		}
		lower = strings.TrimSuffix(lower, "."+ext)
	}
	return false
}
