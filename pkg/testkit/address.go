package testkit

import (
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
	"syscall"
	"testing"
)

// FreeAddress chooses from ports below those that Linux gives to outgoing connections and to listeners on port 0
// (net.ipv4.ip_local_port_range, 32768 and up), so that neither takes the port before the program it is meant for does.
const (
	firstPort = 12000
	lastPort  = 32000
)

// FreeAddress returns an address on the loopback without a listener, as "127.0.0.1:12345". It is for programs that must
// be told their port; a program that listens on port 0 and reports its port needs none of this.
func FreeAddress(t testing.TB) string {
	t.Helper()
	for range 100 {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(firstPort+rand.IntN(lastPort-firstPort)))
		l, err := net.Listen("tcp", address)
		if errors.Is(err, syscall.EADDRINUSE) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		return address
	}
	t.Fatal("no free port in 100 tries")
	return ""
}
