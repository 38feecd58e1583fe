package account

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"movify/pkg/id"
)

// Purpose is what a code gives the right to.
type Purpose string

// The purposes.
const (
	ToReset   Purpose = "reset"   // to choose a new password
	ToReceive Purpose = "receive" // to take a new address
)

// Code is what is kept of a code, beside its hash.
type Code struct {
	Hash    string // hex SHA-256 of the code
	Purpose Purpose
	Account id.Account
	Email   string // the new address of ToReceive
	Created time.Time
	Expires time.Time
}

const (
	codeLife     = time.Hour
	maxOpenCodes = 3 // open at once for one purpose of an account: letters that strangers ask for must not flood a mailbox
)

// JoinPath is where the web app takes the code of an invitation.
func JoinPath(code string) string { return "/signup/" + code }

// ResetPath is where the web app takes the code of ResetCode.
func ResetPath(code string) string { return "/reset/" + code }

// addressPath is where it takes the code that confirms an address.
func addressPath(code string) string { return "/account/email/" + code }

// newCode makes a code of 130 bits that can stand in a URL.
func newCode() string { return strings.ToLower(rand.Text()) }

// hashCode is what is kept of a code. It is random and long, so it needs no salt and no slow hash.
func hashCode(code string) string {
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}
