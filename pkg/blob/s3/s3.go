// Package s3 keeps blobs as objects of one bucket of an S3-compatible storage, below one prefix. It owns every request
// to that storage: its signature, its timeouts, its retries and the meaning of its errors. It never caches
// (pkg/blob/cache does) and never interprets the bytes.
//
// Invariants: an object appears complete or not at all, and the first writer of a key wins: writes are conditional
// (If-None-Match), or preceded by a HEAD where the provider ignores the condition. A reader gets the bytes of one
// version of the object, all of them, or an error: a broken body is resumed where it broke, bound to the same ETag.
// Keys below ".movify/" belong to the engine; no caller can name them and no List shows them.
package s3

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"movify/pkg/blob"
)

// Style says where the bucket's name is in a URL.
type Style string

// The styles. Auto is the host for Amazon and Google and the path for all others.
const (
	StyleAuto Style = "auto"
	StylePath Style = "path" // https://host/bucket/key
	StyleHost Style = "host" // https://bucket.host/key
)

// Options of a Store.
type Options struct {
	// Endpoint is a URL or a host with an optional port; without a scheme it is https. Empty means Amazon in Region.
	Endpoint string
	// Region is part of the signature. Empty means the region in the name of an Amazon endpoint, else us-east-1.
	Region string
	Bucket string
	// Prefix is put, with a slash, before every key. Empty means the whole bucket.
	Prefix string
	// PathStyle is StyleAuto when it is empty.
	PathStyle Style

	// AccessKey and Secret sign the requests. Without them the environment (AWS_ACCESS_KEY_ID …) and then the shared
	// credentials file are asked; with InstanceRole the metadata service of the machine and nothing else.
	AccessKey    string
	Secret       Secret
	SessionToken Secret
	InstanceRole bool

	// CAFile is a PEM file with certificates to trust beside the system's.
	CAFile string
	// PartSize, in bytes, is the limit of one request; a larger object goes in parts of that size. 0 means 64 MiB.
	PartSize int64
	// Timeouts and Retry are the defaults where they are 0.
	Timeouts Timeouts
	Retry    Retry
	// Dial opens connections; nil means net.Dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Logger receives warnings about retried calls; nil discards them.
	Logger *slog.Logger
}

// Timeouts are the limits of one try.
type Timeouts struct {
	// Connect is for the connection and, again, for its TLS handshake. 0 means 5 s.
	Connect time.Duration
	// Answer is from the last byte sent to the first byte of the response. 0 means 15 s. A large body may still be in
	// the kernel's buffers when it counts as sent, and gets more.
	Answer time.Duration
	// Stall is how long a body may bring next to nothing while a reader waits for it. 0 means 15 s.
	Stall time.Duration
	// Finish is for CompleteMultipartUpload, which takes long on some providers. 0 means 2 min.
	Finish time.Duration
}

// Retry says how often a call is tried.
type Retry struct {
	// Attempts is the most tries of a call, and of a body without a byte of progress. 0 means 10.
	Attempts int
	// Wait is the longest pause before the second attempt; it doubles with each up to MaxWait, and the real pause is a
	// random part of it. 0 means 100 ms and 5 s.
	Wait, MaxWait time.Duration
}

// Store is the engine. It meets blob.Store.
type Store struct {
	client *minio.Client
	core   minio.Core
	bucket string
	prefix string // "" or ending in a slash
	part   int64
	times  Timeouts
	retry  Retry
	budget *budget
	log    *slog.Logger
	idle   func() // closes idle connections

	probing chan struct{} // a lock: held while the provider is probed for conditional writes
	known   knowledge     // its result; read and written while holding probing
}

var _ blob.Store = (*Store)(nil)

// New makes the engine. It sends no request, so an unreachable storage does not keep a server from starting; invalid
// options are reported at once, as ErrSettings.
func New(_ context.Context, o Options) (*Store, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	creds, err := o.credentials()
	if err != nil {
		return nil, err
	}
	transport, err := o.transport()
	if err != nil {
		return nil, err
	}
	endpoint, err := url.Parse(o.Endpoint)
	if err != nil {
		return nil, ErrSettings.Saying("The endpoint of the S3 storage is not a URL.").Because(err)
	}
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds: creds, Secure: endpoint.Scheme == "https", Transport: s3AnswersOnly{transport}, Region: o.Region,
		BucketLookup: o.PathStyle.lookup(), MaxRetries: 1,
	})
	if err != nil {
		return nil, ErrSettings.Saying("The settings of the S3 storage are not usable.").Because(err)
	}
	return &Store{
		client: client, core: minio.Core{Client: client}, bucket: o.Bucket, prefix: o.Prefix, part: o.PartSize,
		times: o.Timeouts, retry: o.Retry, budget: newBudget(time.Now), log: o.Logger, idle: transport.CloseIdleConnections,
		probing: make(chan struct{}, 1),
	}, nil
}

// Close closes idle connections. Open objects stay readable.
func (s *Store) Close() error {
	s.idle()
	return nil
}

// Link returns a URL that reads the blob without credentials for life, from a second to a week. It sends no request:
// the URL of an absent key answers 404.
func (s *Store) Link(ctx context.Context, key string, life time.Duration) (string, error) {
	if err := check(ctx, key); err != nil {
		return "", fmt.Errorf("link to blob %q: %w", key, err)
	}
	u, err := s.client.PresignedGetObject(ctx, s.bucket, s.prefix+key, life, nil)
	if err != nil {
		return "", fmt.Errorf("link to blob %q: %w", key, explain(reading, err))
	}
	return u.String(), nil
}

// complete sets the defaults and refuses invalid options.
func (o Options) complete() (Options, error) {
	if o.Bucket == "" {
		return o, ErrSettings.Saying("The S3 storage needs the name of a bucket.")
	}
	amazon := o.Endpoint == ""
	if amazon && o.Region == "" {
		return o, ErrSettings.Saying("The S3 storage needs an endpoint, or for Amazon a region.")
	}
	if amazon {
		o.Endpoint = "https://s3." + o.Region + ".amazonaws.com"
	}
	if !strings.Contains(o.Endpoint, "://") {
		o.Endpoint = "https://" + o.Endpoint
	}
	u, err := url.Parse(o.Endpoint)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || strings.Trim(u.Path, "/") != "" ||
		u.Scheme != "https" && u.Scheme != "http" {
		return o, ErrSettings.Saying(
			"The endpoint of the S3 storage is not of the form https://host or https://host:port.",
		).Because(
			err,
		)
	}
	if o.Region == "" {
		o.Region = regionOf(u)
	}
	if o.Prefix = strings.Trim(o.Prefix, "/"); o.Prefix != "" {
		if err := checkKey(o.Prefix); err != nil {
			return o, ErrSettings.Saying("The prefix in the S3 bucket is not usable.").Because(err)
		}
		o.Prefix += "/"
	}
	switch o.PathStyle {
	case "":
		o.PathStyle = StyleAuto
	case StyleAuto, StylePath, StyleHost:
	default:
		return o, ErrSettings.Saying("The path style of the S3 storage is auto, path or host.")
	}
	if (o.AccessKey == "") != (o.Secret == "") {
		return o, ErrSettings.Saying("The S3 storage needs both an access key and its secret, or neither.")
	}
	o.PartSize = firstNonZero(o.PartSize, 64<<20)
	if o.PartSize < minPart {
		return o, ErrSettings.Saying("The part size of the S3 storage is at least 5 MiB.")
	}
	o.Timeouts = Timeouts{
		Connect: firstNonZero(o.Timeouts.Connect, 5*time.Second), Answer: firstNonZero(o.Timeouts.Answer, 15*time.Second),
		Stall: firstNonZero(o.Timeouts.Stall, 15*time.Second), Finish: firstNonZero(o.Timeouts.Finish, 2*time.Minute),
	}
	o.Retry = Retry{
		Attempts: firstNonZero(o.Retry.Attempts, 10),
		Wait:     firstNonZero(o.Retry.Wait, 100*time.Millisecond), MaxWait: firstNonZero(o.Retry.MaxWait, 5*time.Second),
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o, nil
}

func (s Style) lookup() minio.BucketLookupType {
	switch s {
	case StylePath:
		return minio.BucketLookupPath
	case StyleHost:
		return minio.BucketLookupDNS
	}
	return minio.BucketLookupAuto
}

func firstNonZero[T comparable](given, otherwise T) T {
	var none T
	if given == none {
		return otherwise
	}
	return given
}

// errorOf returns the error response of the storage in an error's chain.
func errorOf(err error) (minio.ErrorResponse, bool) {
	var said minio.ErrorResponse
	ok := errors.As(err, &said)
	return said, ok
}
