// Package storetest holds the conformance suites of the storage ports: every engine, and every fake that stands in for
// one, passes them. It is for tests only.
package storetest
