// Package s3manager stands in for the AWS SDK's uploader; see ../../../README.md.
package s3manager

import (
	"io"

	"github.com/aws/aws-sdk-go/aws/session"
)

// UploadInput names what would be uploaded.
type UploadInput struct {
	Bucket, Key *string
	Body        io.Reader
}

// UploadOutput is never produced.
type UploadOutput struct{}

// Uploader refuses every upload.
type Uploader struct{}

// NewUploader returns an Uploader that refuses.
func NewUploader(*session.Session) *Uploader { return &Uploader{} }

// Upload always fails with session.ErrAbsent.
func (*Uploader) Upload(*UploadInput) (*UploadOutput, error) { return nil, session.ErrAbsent }
