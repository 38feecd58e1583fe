// Package perm owns the permissions of what the server writes into its data folder. A file that is written elsewhere,
// as an NFO file beside a film, is not its business. The umask of the process may take more away; what exists already
// keeps the permissions that it has.
package perm

import "io/fs"

// Of blobs: the group of the server may read them, so that a program that delivers or backs up files can be put into
// that group, once an administrator lets the group into the data folder. Other users of the machine may not: there are
// pictures of people among them, and films.
const (
	Folder fs.FileMode = 0o750
	File   fs.FileMode = 0o640
)

// Of a new data folder, the database and everything else that no other program needs: the server alone may read it.
const (
	OwnFolder fs.FileMode = 0o700
	OwnFile   fs.FileMode = 0o600
)

// Of a folder that is made to be published: every user of the machine may read it.
const (
	PublicFolder fs.FileMode = 0o755
	PublicFile   fs.FileMode = 0o644
)

// Others is the bit of a mode by which every user of the machine may read a file or list a folder, and OthersEnter the
// one by which they may open what is in a folder.
const (
	Others      fs.FileMode = 0o004
	OthersEnter fs.FileMode = 0o001
)
