package mail_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// serverBehaviour says how a mail server of the test behaves.
type serverBehaviour struct {
	starttls bool
	tls      bool              // from the first byte
	foreign  bool              // its certificate is not trusted
	password string            // that "movify" has; empty = it asks for none
	silent   bool              // it accepts connections and never answers
	answers  map[string]string // command → another answer; "" = it disconnects; "." is the end of the letter, "hello" the greeting
}

// receivedLetter is a letter that arrived.
type receivedLetter struct{ from, to, text string }

// fakeServer is a small mail server on this machine.
type fakeServer struct {
	serverBehaviour
	host   string
	port   int
	roots  *x509.CertPool
	config *tls.Config
	called chan struct{} // closed at the first call
	once   sync.Once
	close  func()

	mu  sync.Mutex
	got []receivedLetter
}

func open(t *testing.T, p serverBehaviour) *fakeServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().(*net.TCPAddr)
	s := &fakeServer{serverBehaviour: p, host: at.IP.String(), port: at.Port, called: make(chan struct{}), close: func() { l.Close() }}
	s.certify(t)
	var calls sync.WaitGroup
	var lines sync.Map
	calls.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			lines.Store(c, nil)
			calls.Go(func() {
				defer c.Close()
				s.serve(c)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		lines.Range(func(c, _ any) bool { c.(net.Conn).Close(); return true })
		calls.Wait()
	})
	return s
}

// certify gives the server a certificate, and the test the roots to trust.
func (s *fakeServer) certify(t *testing.T) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.ParseIP(s.host)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	s.roots = x509.NewCertPool()
	if !s.foreign {
		s.roots.AddCert(cert)
	}
	s.config = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func (s *fakeServer) letters() []receivedLetter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got
}

// serve handles one session (RFC 5321 section 4.1).
func (s *fakeServer) serve(c net.Conn) {
	s.once.Do(func() { close(s.called) })
	if s.tls {
		c = tls.Server(c, s.config)
	}
	in := bufio.NewReader(c)
	// say answers a command, unless the test wants another answer, and reports whether the conversation goes on.
	say := func(command, usual string) bool {
		answer, other := s.answers[command]
		if !other {
			answer = usual
		}
		if answer == "" {
			return false
		}
		fmt.Fprintf(c, "%s\r\n", answer)
		return answer == usual || command == "hello"
	}
	if s.silent {
		_, _ = in.ReadString('\n')
		return
	}
	if !say("hello", "220 post.example.org ESMTP") {
		return
	}
	var p receivedLetter
	secure := s.tls
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			fmt.Fprint(c, "250-post.example.org\r\n")
			if s.starttls && !secure {
				fmt.Fprint(c, "250-STARTTLS\r\n")
			}
			if s.password != "" && (secure || !s.starttls) {
				fmt.Fprint(c, "250-AUTH LOGIN PLAIN\r\n")
			}
			fmt.Fprint(c, "250 8BITMIME\r\n")
		case "STARTTLS":
			fmt.Fprint(c, "220 go on\r\n")
			c = tls.Server(c, s.config)
			in, secure = bufio.NewReader(c), true
		case "AUTH":
			_, proof, _ := strings.Cut(rest, " ")
			text, _ := base64.StdEncoding.DecodeString(proof)
			if string(text) != "\x00movify\x00"+s.password {
				fmt.Fprint(c, "535 5.7.8 no\r\n")
				continue
			}
			fmt.Fprint(c, "235 2.7.0 welcome\r\n")
		case "MAIL":
			p = receivedLetter{from: between(rest)}
			say("MAIL", "250 2.1.0 ok")
		case "RCPT":
			p.to = between(rest)
			say("RCPT", "250 2.1.5 ok")
		case "DATA":
			if !say("DATA", "354 go on") {
				return
			}
			if p.text, err = letterFrom(in); err != nil {
				return
			}
			if say(".", "250 2.0.0 taken") {
				s.mu.Lock()
				s.got = append(s.got, p)
				s.mu.Unlock()
			}
		case "NOOP", "RSET":
			fmt.Fprint(c, "250 2.0.0 ok\r\n")
		case "QUIT":
			say("QUIT", "221 2.0.0 bye")
			return
		default:
			fmt.Fprint(c, "502 5.5.1 what?\r\n")
		}
	}
}

// letterFrom reads a letter up to the line with a single dot, and undoes dot-stuffing (RFC 5321 section 4.5.2).
func letterFrom(in *bufio.Reader) (string, error) {
	var b strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return "", err
		}
		if line == ".\r\n" {
			return b.String(), nil
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
}

// between gives the text in angle brackets.
func between(s string) string {
	_, s, _ = strings.Cut(s, "<")
	s, _, _ = strings.Cut(s, ">")
	return s
}
