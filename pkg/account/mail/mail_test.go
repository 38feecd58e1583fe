package mail_test

import (
	"context"
	"errors"
	"io"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"

	"movify/pkg/account"
	"movify/pkg/account/mail"
)

func letter() account.Letter {
	return account.Letter{
		To: "anna@example.org", Subject: "Choisissez un nouveau mot de passe",
		Text: "Bonjour Åsa,\n\nici : https://movies.example.org/reset/" + strings.Repeat("x", 90) + "\n.\nfin\n",
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		security mail.Security
		with     serverBehaviour // the server's behaviour
		username string
		want     error
	}{
		"plain on this machine":    {mail.None, serverBehaviour{}, "", nil},
		"plain with a password":    {mail.None, serverBehaviour{password: "swordfish"}, "movify", nil},
		"starttls":                 {mail.STARTTLS, serverBehaviour{starttls: true}, "", nil},
		"starttls and a password":  {mail.STARTTLS, serverBehaviour{starttls: true, password: "swordfish"}, "movify", nil},
		"tls from the first byte":  {mail.TLS, serverBehaviour{tls: true, password: "swordfish"}, "movify", nil},
		"starttls is not offered":  {mail.STARTTLS, serverBehaviour{}, "", mail.ErrAway},
		"starttls is a lie":        {mail.STARTTLS, serverBehaviour{starttls: true, foreign: true}, "", mail.ErrAway},
		"a certificate of others":  {mail.TLS, serverBehaviour{tls: true, foreign: true}, "", mail.ErrAway},
		"another password":         {mail.STARTTLS, serverBehaviour{starttls: true, password: "else"}, "movify", mail.ErrAway},
		"no authentication there":  {mail.STARTTLS, serverBehaviour{starttls: true}, "movify", mail.ErrAway},
		"no such mailbox":          {mail.None, serverBehaviour{answers: map[string]string{"RCPT": "550 5.1.1 no such mailbox"}}, "", mail.ErrRefused},
		"mailbox full for now":     {mail.None, serverBehaviour{answers: map[string]string{"RCPT": "452 4.2.2 full"}}, "", mail.ErrDeferred},
		"letter is spam":           {mail.None, serverBehaviour{answers: map[string]string{".": "554 5.7.1 spam"}}, "", mail.ErrRefused},
		"we may not send":          {mail.None, serverBehaviour{answers: map[string]string{"MAIL": "550 5.7.1 not you"}}, "", mail.ErrAway},
		"greylisted":               {mail.None, serverBehaviour{answers: map[string]string{"RCPT": "451 4.7.1 later"}}, "", mail.ErrDeferred},
		"shutting down meanwhile":  {mail.None, serverBehaviour{answers: map[string]string{"RCPT": "421 4.3.2 shutting down"}}, "", mail.ErrAway},
		"busy at the door":         {mail.None, serverBehaviour{answers: map[string]string{"hello": "421 4.3.2 shutting down"}}, "", mail.ErrAway},
		"hangs up at the letter":   {mail.None, serverBehaviour{answers: map[string]string{"DATA": ""}}, "", mail.ErrAway},
		"hangs up at the good-bye": {mail.None, serverBehaviour{answers: map[string]string{"QUIT": ""}}, "", nil},
		"speaks another language":  {mail.None, serverBehaviour{answers: map[string]string{"hello": "HTTP/1.1 400 Bad Request"}}, "", mail.ErrAway},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			there := open(t, c.with)
			s, err := mail.New(mail.Options{Host: there.host, Port: there.port, Security: c.security, Username: c.username, Password: "swordfish",
				From: "Movify <movify@example.org>", Roots: there.roots})
			if err != nil {
				t.Fatal(err)
			}
			err = s.Send(t.Context(), letter())
			if !errors.Is(err, c.want) || (c.want == nil && err != nil) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "swordfish") {
				t.Errorf("the error tells the password: %v", err)
			}
			if c.want == nil {
				there.check(t)
			} else if got := there.letters(); len(got) != 0 {
				t.Errorf("it arrived all the same: %v", got)
			}
		})
	}
}

// check reads the one letter that arrived as a mail program would.
func (s *fakeServer) check(t *testing.T) {
	t.Helper()
	got := s.letters()
	if len(got) != 1 {
		t.Fatalf("%d letters arrived", len(got))
	}
	m, err := netmail.ReadMessage(strings.NewReader(got[0].text))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	want := letter()
	if text := strings.TrimRight(strings.ReplaceAll(string(body), "\r\n", "\n"), "\n"); text != strings.TrimRight(want.Text, "\n") {
		t.Errorf("text:\n%s", text)
	}
	if got[0].from != "movify@example.org" || got[0].to != want.To {
		t.Errorf("from %s to %s", got[0].from, got[0].to)
	}
	for header, want := range map[string]string{
		"From": `"Movify" <movify@example.org>`, "To": "<anna@example.org>", "Subject": want.Subject, "Auto-Submitted": "auto-generated",
	} {
		if got := m.Header.Get(header); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
	if m.Header.Get("Date") == "" || m.Header.Get("Message-Id") == "" {
		t.Errorf("headers %v", m.Header)
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	there := open(t, serverBehaviour{})
	there.close()
	s, err := mail.New(mail.Options{Host: there.host, Port: there.port, Security: mail.None, From: "movify@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{"send": s.Send(t.Context(), letter()), "check": s.Check(t.Context())} {
		if !errors.Is(err, mail.ErrAway) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// A server that says nothing must not hold up the end of the process.
func TestSendEndsWithItsContext(t *testing.T) {
	t.Parallel()
	there := open(t, serverBehaviour{silent: true})
	s, err := mail.New(mail.Options{Host: there.host, Port: there.port, Security: mail.None, From: "movify@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Send(ctx, letter()) }()
	<-there.called
	cancel()
	if err := <-ended; !errors.Is(err, mail.ErrAway) {
		t.Errorf("got %v", err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	there := open(t, serverBehaviour{starttls: true, password: "swordfish"})
	for password, want := range map[string]error{"swordfish": nil, "wrong": mail.ErrAway} {
		s, err := mail.New(mail.Options{Host: there.host, Port: there.port, Security: mail.STARTTLS, Username: "movify", Password: password,
			From: "movify@example.org", Roots: there.roots})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Check(t.Context()); !errors.Is(err, want) || (want == nil && err != nil) {
			t.Errorf("%s: %v", password, err)
		}
	}
	if got := there.letters(); len(got) != 0 {
		t.Errorf("a check sent %v", got)
	}
}

func TestPasswordsDoNotTravelInTheClear(t *testing.T) {
	t.Parallel()
	o := mail.Options{Host: "smtp.example.org", Port: 25, Security: mail.None, Username: "movify", Password: "swordfish", From: "movify@example.org"}
	if _, err := mail.New(o); !errors.Is(err, mail.ErrInsecure) {
		t.Errorf("got %v", err)
	}
	o.Host = "localhost"
	if _, err := mail.New(o); err != nil {
		t.Errorf("on this machine: %v", err)
	}
}
