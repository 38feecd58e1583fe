// Package fault holds the errors that a viewer or an admin may see: a kind that decides the HTTP status and the exit
// code, a stable code that documents and log lines share, and words that are safe to show. It knows nothing of HTTP.
// Every other error is wrapped with the failed operation and stays inside.
package fault

import "errors"

// Kind says which family of errors a fault belongs to.
type Kind int

// The kinds, from the caller's mistakes to ours.
const (
	Internal        Kind = iota // a defect or a broken machine: the words are not shown
	Invalid                     // the request cannot be understood or breaks a rule of form
	Unauthenticated             // the request has no valid credential
	Forbidden                   // signed in, but this may not be done
	NotFound                    // the thing is not there, or may not be known to be there
	Conflict                    // the present state does not allow it
	Limited                     // too many, too fast
	Unsupported                 // the file or device cannot do this
	Unavailable                 // a part we depend on is away; trying again may help
)

// Fault is an error with words for people. Declare them as package variables of the context that raises them.
type Fault struct {
	Kind    Kind
	Code    string // stable, snake_case, unique in the product: "title_not_found"
	Message string // one sentence in plain words
	cause   error
}

// New declares a fault.
func New(kind Kind, code, message string) *Fault {
	return &Fault{Kind: kind, Code: code, Message: message}
}

// Error gives the code and the words, and the cause when there is one: it is for logs.
func (f *Fault) Error() string {
	if f.cause != nil {
		return f.Code + ": " + f.Message + ": " + f.cause.Error()
	}
	return f.Code + ": " + f.Message
}

// Is reports whether target is the same declared fault, whatever cause or words either carries.
func (f *Fault) Is(target error) bool {
	var t *Fault
	return errors.As(target, &t) && t.Code == f.Code
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.cause }

// Because returns the same fault with err as its cause; the cause goes to the log, never to the viewer.
func (f *Fault) Because(err error) *Fault {
	c := *f
	c.cause = err
	return &c
}

// Saying returns the same fault with other words, for a message that names the thing at hand.
func (f *Fault) Saying(message string) *Fault {
	c := *f
	c.Message = message
	return &c
}

// Of returns the fault in an error's chain. An error without one gives an Internal fault with neutral words and err as
// cause.
func Of(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return &Fault{Kind: Internal, Code: "internal", Message: "Something went wrong on the server.", cause: err}
}
