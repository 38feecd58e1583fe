// Package storetest proves storage engines: one suite for each port that pkg/store meets, run on every engine and on the
// fakes that other tests use instead. It never reads a table: it knows the ports only.
package storetest
