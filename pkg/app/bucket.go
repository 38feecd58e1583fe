package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"movify/pkg/blob/s3"
	"movify/pkg/config"
	"movify/pkg/fault"
	"movify/pkg/store"
)

// Faults of the settings of a bucket.
var (
	ErrNoS3         = fault.New(fault.Conflict, "no_s3", "No S3 storage is set up.")
	ErrS3Configured = fault.New(fault.Conflict, "s3_configured",
		"The configuration says which bucket is used; it cannot be changed here.")
	ErrS3InUse = fault.New(fault.Conflict, "s3_in_use",
		"Films are stored in this bucket. Move them to the disk before choosing another one.")
	ErrS3Check = fault.New(fault.Invalid, "storage_check_failed", "The S3 storage cannot be used like this.")
	ErrNoCDN   = fault.New(fault.Invalid, "no_cdn", "storage.delivery is cdn, but storage.cdn says nothing.")
)

// bucketSettings are the settings of a bucket, from the configuration or the admin page.
type bucketSettings struct {
	Endpoint  string `json:"endpoint"`
	Region    string `json:"region"`
	Bucket    string `json:"bucket"`
	Prefix    string `json:"prefix"`
	PathStyle string `json:"pathStyle"` // auto, true or false
	AccessKey string `json:"accessKey"`
	SecretKey string `json:"secretKey"` // plain text: stored in the database, never sent

	instanceRole bool
	caFile       string
	configured   bool // by the configuration, not by the admin page
}

// location identifies the blobs that the settings lead to.
func (s bucketSettings) location() string {
	return strings.TrimSuffix(s.Endpoint, "/") + " " + s.Bucket + " " + strings.Trim(s.Prefix, "/")
}

// bucketOf returns the settings in force: those of the configuration, else the saved ones; ErrNoS3 without any.
func bucketOf(ctx context.Context, c config.S3, records store.Storage) (bucketSettings, error) {
	if c.Bucket != "" {
		return configured(c)
	}
	text, err := records.S3(ctx)
	if err != nil {
		return bucketSettings{}, err
	}
	if len(text) == 0 {
		return bucketSettings{}, ErrNoS3
	}
	var s bucketSettings
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("read the saved bucket: %w", err)
	}
	return s, nil
}

func configured(c config.S3) (bucketSettings, error) {
	s := bucketSettings{
		Endpoint: c.Endpoint, Region: c.Region, Bucket: c.Bucket, Prefix: c.Prefix, PathStyle: string(c.PathStyle),
		AccessKey: c.AccessKey, SecretKey: string(c.SecretKey), instanceRole: c.InstanceRole, caFile: c.CAFile,
		configured: true,
	}
	if c.SecretKeyFile != "" {
		secret, err := readSecret("storage.s3.secret_key_file", c.SecretKeyFile)
		if err != nil {
			return s, err
		}
		s.SecretKey = secret
	}
	return s, nil
}

// readSecret reads a file that holds only a secret.
func readSecret(key, path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", s3.ErrSettings.Saying(fmt.Sprintf("The file %s of %s cannot be read.", path, key)).Because(err)
	}
	return strings.TrimSpace(string(text)), nil
}

// options converts the settings for the engine.
func (s bucketSettings) options(logger *slog.Logger) s3.Options {
	style := map[string]s3.Style{"true": s3.StylePath, "false": s3.StyleHost}[s.PathStyle]
	return s3.Options{
		Endpoint: s.Endpoint, Region: s.Region, Bucket: s.Bucket, Prefix: s.Prefix, PathStyle: style,
		AccessKey: s.AccessKey, Secret: s3.Secret(s.SecretKey), InstanceRole: s.instanceRole, CAFile: s.caFile,
		Logger: logger,
	}
}

// abortableUploads is the engine as a storage.UploadAborter.
type abortableUploads struct{ *s3.Store }

// AbortUploads aborts the uploads that began before a time.
func (t abortableUploads) AbortUploads(ctx context.Context, before time.Time, dry bool) (int, error) {
	found, err := t.Unfinished(ctx, before)
	if err != nil || dry {
		return len(found), err
	}
	var errs []error
	for _, u := range found {
		errs = append(errs, t.Abort(ctx, u))
	}
	return len(found), errors.Join(errs...)
}
