package library

import "movify/pkg/fault"

// Faults of requests to the library.
var (
	ErrTitleNotFound = fault.New(fault.NotFound, "title_not_found", "That title is not in the library.")
	ErrFileNotFound  = fault.New(fault.NotFound, "file_not_found", "That file is not in the library.")
	ErrNoFile        = fault.New(
		fault.Conflict, "title_without_file", "The file of this title is not there at the moment.",
	)
	ErrBadCursor     = fault.New(fault.Invalid, "bad_cursor", "This list has changed. Start again from its beginning.")
	ErrBadAge        = fault.New(fault.Invalid, "bad_age", "A title is rated with an age of 0 to 21 years.")
	ErrBadYear       = fault.New(fault.Invalid, "bad_year", "A year is one from 1870 to 2200.")
	ErrBadDay        = fault.New(fault.Invalid, "bad_day", "A day is written like 1995-12-15.")
	ErrNoName        = fault.New(fault.Invalid, "no_name", "Everybody in the list of people needs a name.")
	ErrBadAssignment = fault.New(
		fault.Invalid, "bad_assignment",
		"Say which film this is, which episode of which series, or which extra of either.",
	)
	ErrBadSort = fault.New(
		fault.Invalid, "bad_sort",
		"Titles can be sorted by added, title, year, released, rating or random, and those of a collection by place.",
	)

	ErrPersonNotFound     = fault.New(fault.NotFound, "person_not_found", "That person is not in the library.")
	ErrCollectionNotFound = fault.New(fault.NotFound, "collection_not_found", "There is no such collection or channel.")
	ErrCollectionExists   = fault.New(fault.Conflict, "collection_exists", "There is one of that name already.")
	ErrCollectionName     = fault.New(fault.Invalid, "collection_name", "Please give a name of up to 80 characters.")
	ErrBadRule            = fault.New(fault.Invalid, "bad_rule", "That rule cannot be followed.")
	ErrNotCollectable     = fault.New(
		fault.Invalid, "not_collectable", "Only movies and series are put into collections and channels.",
	)
	ErrByRule = fault.New(
		fault.Conflict, "by_rule", "A rule keeps this title here. Change the rule instead.",
	)

	ErrRootNotFound    = fault.New(fault.NotFound, "root_not_found", "That is not a library folder.")
	ErrRootNotAbsolute = fault.New(
		fault.Invalid, "folder_not_absolute", "Give the whole path of the folder, from the root of the disk.",
	)
	ErrRootExists   = fault.New(fault.Conflict, "root_exists", "This folder is in the library already.")
	ErrRootOverlaps = fault.New(
		fault.Conflict, "root_overlaps", "Two library folders must not lie one inside the other.",
	)
	ErrFolderNotFound = fault.New(fault.NotFound, "folder_not_found", "There is no such folder.")
	ErrNotAFolder     = fault.New(fault.Invalid, "not_a_folder", "This is a file, not a folder.")
	ErrNFOForeign     = fault.New(
		fault.Conflict, "nfo_foreign", "There is a description beside this title that Movify did not write.",
	)
	ErrSystemFolder = fault.New(
		fault.Invalid, "folder_of_the_system", "This folder belongs to the system. Choose the folder that holds your films.",
	)
	ErrOwnFolder = fault.New(
		fault.Invalid, "folder_of_movify",
		"Movify keeps its own data in this folder or below it. Choose the folder that holds your films.",
	)
	ErrFolderUnreadable = fault.New(fault.Forbidden, "folder_unreadable", "Movify is not allowed to read this folder.")
)

// Faults of unavailable roots and files. Each message says that no file is forgotten.
var (
	ErrRootAway = fault.New(fault.Unavailable, "root_away",
		"The folder is not there; its disk may not be mounted. Nothing is forgotten: its files come back with it.")
	ErrRootEmpty = fault.New(fault.Unavailable, "root_empty",
		"The folder is empty, as it is when its disk is not mounted. Nothing is forgotten: its files come back with it. "+
			"If they were really deleted, accept the loss.")
	ErrOtherDisk = fault.New(fault.Unavailable, "root_other_disk",
		"Another disk lies here and none of the known files is on it. Nothing is forgotten: they come back with their disk. "+
			"If this disk takes its place, accept the loss.")
	ErrRootDenied = fault.New(fault.Unavailable, "root_denied",
		"Movify is not allowed to read this folder. Nothing is forgotten: its files come back when it may.")
	ErrDiskTrouble = fault.New(fault.Unavailable, "disk_trouble",
		"The disk gives errors when it is read. Nothing is forgotten: its files come back when it can be read.")
	ErrRootChanging = fault.New(fault.Unavailable, "root_changing",
		"The disk was unmounted or mounted during the scan. Nothing is forgotten; it is scanned again soon.")
	ErrHeld = fault.New(fault.Unavailable, "root_held",
		"So many files of this folder went at once that it may be an accident. "+
			"Nothing is forgotten: they wait until they are back or the loss is accepted.")
	ErrLinkOut = fault.New(fault.Unavailable, "link_out",
		"This link leads out of the library. Nothing is forgotten. If what it leads to belongs to the library, name the "+
			"folder it lies in under library.links_into in the configuration file.")
	ErrTooDeep = fault.New(fault.Unavailable, "too_deep",
		"These folders lie so deep in one another that they are not looked into.")
	ErrTooMany = fault.New(fault.Unavailable, "too_many_entries",
		"This folder holds so many files and folders that the scan gave up. Choose the folders that hold films instead.")
	ErrPassedBy   = fault.New(fault.NotFound, "passed_by", "An ignore rule of the library excludes this file.")
	ErrSystemName = fault.New(fault.NotFound, "system_name", "This is a bin or a system folder of a disk.")
	ErrSnapshot   = fault.New(fault.NotFound, "snapshot", "This is a snapshot, which holds the same files again.")
	ErrUnpacking  = fault.New(fault.NotFound, "unpacking", "A download is unpacked here, or failed.")
	ErrUnfinished = fault.New(fault.NotFound, "unfinished", "A program still writes this file.")
	ErrHidden     = fault.New(fault.NotFound, "hidden", "This file or folder is hidden.")
	ErrSample     = fault.New(fault.NotFound, "sample", "This is the sample of a release.")
	ErrDiscRest   = fault.New(fault.NotFound, "disc_rest",
		"The library has only the main title of the disc that this is on.")
	ErrNothingLost     = fault.New(fault.Conflict, "nothing_lost", "There is no loss to accept in this folder.")
	ErrOutside         = fault.New(fault.Invalid, "path_outside", "This path is in none of the library folders.")
	ErrPathNotFound    = fault.New(fault.NotFound, "path_not_found", "There is nothing at this path, and nothing was.")
	ErrNotMissing      = fault.New(fault.Conflict, "file_not_missing", "Only a file that is missing can be forgotten.")
	ErrBadWatch        = fault.New(fault.Invalid, "bad_watch", "A folder is watched by auto, inotify, poll or hook.")
	ErrBadPoll         = fault.New(fault.Invalid, "bad_poll", "A folder is polled every 5 seconds to every 24 hours.")
	ErrWatchConfigured = fault.New(
		fault.Conflict, "watch_configured", "The configuration file says how this folder is watched. Change it there.",
	)
)

// Faults of files that need attention, besides those of the prober.
var (
	ErrUnreadable  = fault.New(fault.Unsupported, "file_unreadable", "This file cannot be read from the disk.")
	ErrNotExamined = fault.New(
		fault.Unsupported, "file_not_examined", "This file could not be examined. The log has the details.",
	)
	ErrRootRemoved = fault.New(
		fault.NotFound, "root_removed", "The folder of this file is no longer part of the library.",
	)
)
