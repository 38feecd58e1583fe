package library

import "movify/pkg/fault"

// What can go wrong with a request to the library.
var (
	ErrTitleNotFound = fault.New(fault.NotFound, "title_not_found", "That title is not in the library.")
	ErrFileNotFound  = fault.New(fault.NotFound, "file_not_found", "That file is not in the library.")
	ErrNoFile        = fault.New(fault.Conflict, "title_without_file", "The file of this title is not there at the moment.")
	ErrBadCursor     = fault.New(fault.Invalid, "bad_cursor", "This list has changed. Start again from its beginning.")
	ErrBadAge        = fault.New(fault.Invalid, "bad_age", "A title is rated with an age of 0 to 21 years.")
	ErrBadSort       = fault.New(fault.Invalid, "bad_sort", "Titles can be sorted by added, title, year, released, rating or random, and those of a collection by place.")

	ErrPersonNotFound     = fault.New(fault.NotFound, "person_not_found", "That person is not in the library.")
	ErrCollectionNotFound = fault.New(fault.NotFound, "collection_not_found", "There is no such collection or channel.")
	ErrCollectionExists   = fault.New(fault.Conflict, "collection_exists", "There is one of that name already.")
	ErrCollectionName     = fault.New(fault.Invalid, "collection_name", "Please give a name of up to 80 characters.")
	ErrBadRule            = fault.New(fault.Invalid, "bad_rule", "That rule cannot be followed.")
	ErrNotCollectable     = fault.New(fault.Invalid, "not_collectable", "Only movies and series are put into collections and channels.")
	ErrByRule             = fault.New(fault.Conflict, "by_rule", "A rule keeps this title here. Change the rule instead.")

	ErrRootNotFound     = fault.New(fault.NotFound, "root_not_found", "That is not a library folder.")
	ErrRootNotAbsolute  = fault.New(fault.Invalid, "folder_not_absolute", "Give the whole path of the folder, from the root of the disk.")
	ErrRootExists       = fault.New(fault.Conflict, "root_exists", "This folder is in the library already.")
	ErrRootOverlaps     = fault.New(fault.Conflict, "root_overlaps", "Two library folders must not lie one inside the other.")
	ErrFolderNotFound   = fault.New(fault.NotFound, "folder_not_found", "There is no such folder.")
	ErrNotAFolder       = fault.New(fault.Invalid, "not_a_folder", "This is a file, not a folder.")
	ErrFolderUnreadable = fault.New(fault.Forbidden, "folder_unreadable", "Movify is not allowed to read this folder.")
)

// Why a file needs attention when it is not the prober that says so.
var (
	ErrUnreadable  = fault.New(fault.Unsupported, "file_unreadable", "This file cannot be read from the disk.")
	ErrNotExamined = fault.New(fault.Unsupported, "file_not_examined", "This file could not be examined. The log has the details.")
	ErrRootRemoved = fault.New(fault.NotFound, "root_removed", "The folder of this file is no longer part of the library.")
)
