package testkit

import (
	"flag"
	"hash/fnv"
	"iter"
	"strconv"
	"testing"
)

// Rows gives the rows of a table that costs much to run. All of them, but under -short a third, which the seed of -shuffle
// chooses: runs with seeds that follow one another take each row once in three.
func Rows[T any](table map[string]T) iter.Seq2[string, T] {
	turn := func(string) bool { return true }
	if testing.Short() {
		// "off" and "on" are no numbers, and are like 0.
		seed, _ := strconv.ParseUint(flag.Lookup("test.shuffle").Value.String(), 10, 32)
		turn = func(name string) bool {
			sum := fnv.New32a()
			sum.Write([]byte(name))
			return sum.Sum32()%3 == uint32(seed%3)
		}
	}
	return func(yield func(string, T) bool) {
		for name, row := range table {
			if turn(name) && !yield(name, row) {
				return
			}
		}
	}
}
