// Package session stands in for the AWS SDK's sessions; see ../../README.md.
package session

import (
	"errors"

	"github.com/aws/aws-sdk-go/aws"
)

// ErrAbsent says that this build has no AWS SDK.
var ErrAbsent = errors.New("aws sdk is not part of this build")

// Session carries nothing.
type Session struct{}

// NewSession always fails with ErrAbsent.
func NewSession(...*aws.Config) (*Session, error) { return nil, ErrAbsent }
