package app

import (
	"net"
	"strconv"
	"strings"
	"testing"

	"movify/pkg/config"
	"movify/pkg/testkit"
)

func TestExamineMail(t *testing.T) {
	t.Parallel()
	if f, ok := checkMail(t.Context(), config.Default().Mail); ok {
		t.Errorf("without a server: %+v", f)
	}
	host, port, err := net.SplitHostPort(testkit.FreeAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	away := config.Mail{Host: host, Port: number, Security: "none", From: "movify@example.org"}
	if f, ok := checkMail(t.Context(), away); !ok || f.Verdict != Warn || !strings.Contains(f.Words, "connection refused") {
		t.Errorf("nobody there: %+v, %v", f, ok)
	}
	clear := config.Mail{Host: "smtp.example.org", Port: 25, Security: "none", Username: "movify", Password: "swordfish", From: "movify@example.org"}
	if f, ok := checkMail(t.Context(), clear); !ok || f.Verdict != Broken || strings.Contains(f.Words, "swordfish") {
		t.Errorf("a password in the clear: %+v, %v", f, ok)
	}
}
