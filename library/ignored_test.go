package library_test

import (
	"testing"

	"movify/library"
	"movify/pkg/fault"
)

func TestIgnoreReason(t *testing.T) {
	t.Parallel()
	for why, names := range map[*fault.Fault][]string{
		library.ErrSystemName: {
			"@Recycle", "#recycle", "#Recycle", "@eaDir", "@EADIR", "$RECYCLE.BIN", "$Recycle.Bin", "RECYCLER", "lost+found",
			"System Volume Information", ".Trash-1000", ".Trashes", ".recycle", ".Recycle.Bin", "Network Trash Folder", "@tmp",
			"found.000", "trashbox", ".@__thumb", ".stversions",
		},
		library.ErrSnapshot: {
			"#snapshot", "~snapshot", ".zfs", ".snapshot", ".snapshots", "@Recently-Snapshot", "@sharesnap",
			"@GMT-2024.03.15-00.00.00", ".ckpt",
		},
		library.ErrUnpacking: {
			"_UNPACK_Heat.1995", "_FAILED_Heat.1995", "_unpack_x", "_unpack", "__ADMIN__", "Heat.1995_unpackerred",
		},
		library.ErrUnfinished: {
			"Heat.mkv.part", "Heat.mkv.!qB", "Heat.mkv.!ut", "Heat.mkv.crdownload", "Heat.mkv.aria2", "Heat.mkv.filepart",
			".syncthing.Heat.mkv.tmp", "~syncthing~Heat.mkv.tmp", "Heat.mkv.~tmp", "~uTorrentPartFile_1A2B.mkv", ".Heat.mkv.a1B2c3",
			"Heat.mkv.partial", "Heat.mkv.partial~", "Heat.mkv.bc!", "Heat.mkv.!sync",
			"Heat.mp4.part-Frag12", "Heat.mkv.incomplete", "Heat.mkv.opdownload", "Heat-TdarrCacheFile-x1.mkv", "Heat.mkv.grab", "Heat.mkv.sb-1a2b-x",
			"Heat.mkv.ffs_tmp", "Heat.mkv.xltd",
		},
		library.ErrHidden: {".hidden", ".Heat.mkv", "._Heat.mkv", ".DS_Store", "..Heat.mkv"},
		nil: {
			"Heat.mkv", "Heat (1995)", "...And Justice for All (1979).mkv", "...And Justice for All (1979)", "@home (1999).mkv",
			"#Alive (2020).mkv", "Snapshot (2019)", "The Recycler (2011)", "Schubert.Unfinished", "Incomplete", "Cold.Temp",
			"U.N.C.L.E.f16.x", "F16.mkv", "Film.F1.mkv", "Unpack.mkv", "24", "", "Se7en.mkv", "_Failed.mkv",
			"The.Temp.mkv", "The.Office.S03E24.The.Temp.mkv", "Die.Serie.F01.mkv", "Tatort.F123.mkv", "Ford.F150.mkv",
			"Smash.and.Grab", "Cash.Grab.mkv", "Money.$$$", "Heat.1995.1080p.SB-GRP", "Best.of.Vol.#2",
		},
	} {
		for _, name := range names {
			if got := library.IgnoreReason(name); got != why {
				t.Errorf("%q: %v, want %v", name, got, why)
			}
		}
	}
	for name, want := range map[string]bool{
		"Heat.mkv.part": true, ".Heat.mkv.a1B2c3": true, ".Heat.mkv": true, "._Heat.mkv": false, ".DS_Store": false,
		"x.zip.part": false,
	} {
		if got := library.WouldBeVideo(name); got != want {
			t.Errorf("WouldBeVideo(%q) = %v", name, got)
		}
	}
}
