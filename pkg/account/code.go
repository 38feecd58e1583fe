package account

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"movify/pkg/id"
)

// Purpose is the action that a code permits.
type Purpose string

// The purposes.
const (
	ToReset   Purpose = "reset"   // to choose a new password
	ToReceive Purpose = "receive" // to take a new address
)

// Code is a stored code: its hash with purpose, account and lifetime.
type Code struct {
	Hash    string // hex SHA-256 of the code
	Purpose Purpose
	Account id.Account
	Email   string // the address it was sent to; "" when a person handed it on
	Created time.Time
	Expires time.Time
}

const (
	codeLife     = time.Hour
	maxOpenCodes = 3 // open for one purpose of an account: reset requests by strangers must not flood a mailbox
)

// JoinPath is the page of the web app for the code of an invitation.
func JoinPath(code string) string { return "/signup/" + code }

// ResetPath is the page of the web app for the code of ResetCode.
func ResetPath(code string) string { return "/reset/" + code }

// addressPath is the page for the code that confirms an address.
func addressPath(code string) string { return "/account/email/" + code }

// registrationPath is the page for the code that finishes a registration.
func registrationPath(code string) string { return "/signup/confirm/" + code }

// signInPath is the page to sign in.
const signInPath = "/login"

// newCode makes a code of 130 bits that can stand in a URL.
func newCode() string { return strings.ToLower(rand.Text()) }

// hashCode is the hash that is stored for a code. Codes are random and long, so neither salt nor a slow hash is needed.
func hashCode(code string) string {
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}
