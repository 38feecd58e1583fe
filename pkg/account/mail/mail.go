// Package mail hands letters to a mail server (SMTP, RFC 5321). It neither writes nor stores letters; text and retries are up
// to the caller. It never sends a password over an unencrypted connection, except to this machine.
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"time"

	gomail "github.com/wneessen/go-mail"

	"movify/pkg/account"
	"movify/pkg/fault"
)

// Faults of this package.
var (
	ErrAway     = fault.New(fault.Unavailable, "mail_away", "The mail server does not take letters at the moment.")
	ErrRefused  = fault.New(fault.Invalid, "mail_refused", "The mail server does not take letters for that address.")
	ErrDeferred = fault.New(fault.Limited, "mail_deferred",
		"The mail server does not take letters for that address at the moment.")
	ErrInsecure = fault.New(fault.Invalid, "mail_insecure",
		"The password for the mail server would travel in the clear. Set mail.security to starttls or tls.")
)

// Security is how the connection is protected.
type Security string

// STARTTLS (RFC 3207), TLS from the first byte (RFC 8314), no encryption.
const (
	STARTTLS Security = "starttls"
	TLS      Security = "tls"
	None     Security = "none"
)

// Options say where the mail server is. Timeout 0 = 15 s for each step.
type Options struct {
	Host     string
	Port     int
	Security Security
	Username string // empty = no authentication
	Password string
	From     string         // with or without a name
	Roots    *x509.CertPool // trusted certificates; nil = those of the system
	Timeout  time.Duration
}

// Server is a mail server. Its methods are safe for concurrent use; each call opens a connection of its own.
type Server struct {
	opts Options
	from *mail.Address
}

var _ account.Mailer = (*Server)(nil)

// New describes a mail server without connecting to it. A password that would be sent unencrypted gives ErrInsecure.
func New(o Options) (*Server, error) {
	if o.Timeout == 0 {
		o.Timeout = 15 * time.Second
	}
	from, err := mail.ParseAddress(o.From)
	if err != nil {
		return nil, fmt.Errorf("read the address that letters come from: %w", err)
	}
	if o.Security == None && o.Username != "" && !isLoopback(o.Host) {
		return nil, ErrInsecure
	}
	return &Server{opts: o, from: from}, nil
}

// isLoopback reports whether a host is this machine.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send hands over one letter. It gives ErrRefused when the server rejects the letter for good and ErrAway for errors that a
// retry may solve; it ends early with ctx. A letter may arrive twice when the connection breaks after it was sent.
func (s *Server) Send(ctx context.Context, l account.Letter) error {
	message, err := s.message(l)
	if err != nil {
		return ErrRefused.Because(err)
	}
	return s.converse(ctx, message)
}

// Check connects and authenticates without sending a letter. It gives ErrAway with the reason.
func (s *Server) Check(ctx context.Context) error { return s.converse(ctx) }

// converse opens one SMTP session and sends the messages.
func (s *Server) converse(ctx context.Context, messages ...*gomail.Msg) error {
	// go-mail neither watches ctx nor closes the connection after an error: it is closed here.
	hangUp := func() {}
	defer func() { hangUp() }()
	options := append(s.options(),
		gomail.WithDialContextFunc(func(dialling context.Context, network, address string) (net.Conn, error) {
			line, err := s.dial(dialling, network, address)
			if err == nil {
				stop := context.AfterFunc(ctx, func() { line.Close() })
				hangUp = func() { stop(); line.Close() }
			}
			return line, err
		}))
	client, err := gomail.NewClient(s.opts.Host, options...)
	if err != nil {
		return ErrAway.Because(err)
	}
	conversation, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return ErrAway.Because(err)
	}
	if err := client.SendWithSMTPClient(conversation, messages...); err != nil {
		return classify(err)
	}
	// An accepted letter stays accepted, whatever QUIT is answered with.
	_ = client.CloseWithSMTPClient(conversation)
	return nil
}

// options are the settings of a session.
func (s *Server) options() []gomail.Option {
	out := []gomail.Option{
		gomail.WithPort(s.opts.Port), gomail.WithTimeout(s.opts.Timeout), gomail.WithTLSConfig(s.tls()),
		gomail.WithTLSPolicy(gomail.NoTLS),
	}
	if s.opts.Security == STARTTLS {
		// Mandatory: an attacker on the network could strip STARTTLS from the server's capabilities.
		out = append(out, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if s.opts.Username != "" {
		out = append(out, gomail.WithUsername(s.opts.Username), gomail.WithPassword(s.opts.Password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	return out
}

func (s *Server) tls() *tls.Config {
	return &tls.Config{ServerName: s.opts.Host, RootCAs: s.opts.Roots, MinVersion: tls.VersionTLS12}
}

func (s *Server) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if s.opts.Security == TLS {
		return (&tls.Dialer{Config: s.tls()}).DialContext(ctx, network, address)
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// message formats a letter by RFC 5322.
func (s *Server) message(l account.Letter) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(s.from)
	if err := m.To(l.To); err != nil {
		return nil, fmt.Errorf("read the address of a letter: %w", err)
	}
	m.Subject(l.Subject)
	m.SetDate()
	m.SetMessageID()
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no automatic replies
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	return m, nil
}

// classify tells a rejection of the letter, for good or for now, from a failure of the server.
func classify(err error) error {
	var refused *gomail.SendError
	if !errors.As(err, &refused) {
		return ErrAway.Because(err)
	}
	ofLetter := refused.Reason == gomail.ErrSMTPRcptTo || refused.Reason == gomail.ErrSMTPDataClose ||
		refused.Reason == gomail.ErrSMTPData
	switch code := refused.ErrorCode(); {
	case ofLetter && !refused.IsTemp() && code >= 500:
		return ErrRefused.Because(err)
	case refused.Reason == gomail.ErrSMTPRcptTo && code >= 400 && code < 500 && code != serviceNotAvailable:
		return ErrDeferred.Because(err)
	}
	return ErrAway.Because(err)
}

// serviceNotAvailable is the reply of a server that closes the connection, at any command (RFC 5321 section 4.2.3).
const serviceNotAvailable = 421
