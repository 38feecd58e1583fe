// Package aws stands in for the AWS SDK that ffmpeg-go links; see ../README.md.
package aws

// Config is accepted and ignored.
type Config struct{}
