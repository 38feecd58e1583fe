package app

import (
	"net"
	"strings"
	"testing"

	"movify/pkg/config"
)

func TestExamineMail(t *testing.T) {
	t.Parallel()
	if f, ok := examineMail(t.Context(), config.Default().Mail); ok {
		t.Errorf("without a server: %+v", f)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	away := config.Mail{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Security: "none", From: "movify@example.org"}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if f, ok := examineMail(t.Context(), away); !ok || f.Verdict != Warn || !strings.Contains(f.Words, "connection refused") {
		t.Errorf("nobody there: %+v, %v", f, ok)
	}
	clear := config.Mail{Host: "smtp.example.org", Port: 25, Security: "none", Username: "movify", Password: "swordfish", From: "movify@example.org"}
	if f, ok := examineMail(t.Context(), clear); !ok || f.Verdict != Broken || strings.Contains(f.Words, "swordfish") {
		t.Errorf("a password in the clear: %+v, %v", f, ok)
	}
}
