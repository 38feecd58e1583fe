package store

import "movify/pkg/fault"

// ErrNetworkDisk is the fault of a data folder on a disk whose file locks cannot be trusted with a database.
var ErrNetworkDisk = fault.New(fault.Unsupported, "database_on_network_disk",
	"The data folder is on a network or FUSE disk, which would damage the database. Use a folder on a local disk.")

// checkDisk refuses a folder on a disk that SQLite must not be used on.
func checkDisk(folder string) error {
	kind, err := networkDisk(folder)
	if err != nil {
		return err
	}
	if kind != "" {
		return ErrNetworkDisk.Saying("The data folder " + folder + " is on a " + kind +
			" disk, which would damage the database. Use a folder on a local disk.")
	}
	return nil
}
