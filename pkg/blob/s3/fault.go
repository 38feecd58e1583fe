package s3

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"

	"movify/pkg/blob"
	"movify/pkg/fault"
)

// Faults shown to an admin when the storage fails. Those of a call are Unavailable: the work waits and continues when
// the storage, or its settings, are in order again.
var (
	ErrSettings    = fault.New(fault.Invalid, "storage_settings", "The settings of the S3 storage are not usable.")
	ErrUnreachable = fault.New(
		fault.Unavailable, "storage_unreachable", "The S3 storage cannot be reached: the connection fails or breaks.",
	)
	ErrName = fault.New(
		fault.Unavailable, "storage_name_unknown", "The name of the S3 endpoint is not known to the name service.",
	)
	ErrCertificate = fault.New(
		fault.Unavailable, "storage_certificate",
		"The certificate of the S3 endpoint is not trusted: check the address, or give its authority as ca_file.",
	)
	ErrScheme = fault.New(
		fault.Unavailable, "storage_scheme",
		"The S3 endpoint does not speak https: its address begins with http://, or the port is another one.",
	)
	ErrNotS3 = fault.New(
		fault.Unavailable, "storage_not_s3",
		"What answers at the S3 endpoint is not an S3 storage: check the address and the port.",
	)
	ErrSlow        = fault.New(fault.Unavailable, "storage_slow", "The S3 storage does not answer in time.")
	ErrFailing     = fault.New(fault.Unavailable, "storage_failing", "The S3 storage answers with errors of its own.")
	ErrKeyUnknown  = fault.New(fault.Unavailable, "storage_key_unknown", "The S3 storage does not know the access key.")
	ErrSecretWrong = fault.New(
		fault.Unavailable, "storage_secret_wrong", "The S3 storage says that the secret does not belong to the access key.",
	)
	ErrExpired = fault.New(
		fault.Unavailable, "storage_credentials_expired",
		"The temporary credentials for the S3 storage have expired or are not accepted.",
	)
	ErrBucket = fault.New(fault.Unavailable, "storage_bucket_missing", "The bucket does not exist in the S3 storage.")
	ErrRegion = fault.New(
		fault.Unavailable, "storage_region_wrong", "The bucket is in another region than the settings say.",
	)
	ErrClock = fault.New(
		fault.Unavailable, "storage_clock",
		"The clock of this machine and that of the S3 storage differ too much: set the clock of this machine.",
	)
	ErrReadOnly  = fault.New(fault.Unavailable, "storage_read_only", "The S3 credentials may not write to the bucket.")
	ErrForbidden = fault.New(
		fault.Unavailable, "storage_forbidden",
		"The S3 storage refuses to read: the credentials may not, or the key or its secret is wrong.",
	)
	ErrFull    = fault.New(fault.Unavailable, "storage_full", "The S3 storage is full, or its quota is used up.")
	ErrLacking = fault.New(
		fault.Unavailable, "storage_lacking",
		"The S3 storage does not support a request that Movify needs: run the storage check.",
	)
	ErrChanged = fault.New(
		fault.Unavailable, "storage_blob_changed", "A blob in the S3 storage was replaced while it was read.",
	)
)

// Errors that callers inside the package distinguish.
var (
	errCondition = errors.New("the condition of the request does not hold")
	errNoUpload  = errors.New("there is no such multipart upload")
)

// access says which permission a call needs.
type access int

const (
	reading access = iota
	writing
)

// explain turns an error into one of the port's, or a fault.
func explain(d access, err error) error {
	if explained(err) {
		return err
	}
	if said, ok := errorOf(err); ok {
		return because(meaningOfCode(d, said.Code, said.StatusCode), err)
	}
	return because(meaningOfTransportError(err), err)
}

// explained reports whether an error was turned already.
func explained(err error) bool {
	var f *fault.Fault
	return errors.As(err, &f) || errors.Is(err, blob.ErrRange)
}

// because wraps err in its meaning.
func because(meaning, err error) error {
	var f *fault.Fault
	if errors.As(meaning, &f) {
		return f.Because(err)
	}
	return errors.Join(meaning, err)
}

// meaningOfCode is the meaning of an error response. The codes are those of "Error responses" in the Amazon S3 API
// reference and those that MinIO, Ceph and Garage add.
func meaningOfCode(d access, code string, status int) error {
	switch code {
	case "NoSuchKey":
		return blob.ErrNotFound
	case "InvalidRange":
		return blob.ErrRange
	case "PreconditionFailed":
		return errCondition
	case "NoSuchUpload":
		return errNoUpload
	case "NoSuchBucket", "InvalidBucketName":
		return ErrBucket
	case "InvalidAccessKeyId", "InvalidAccessKey", "NoSuchAccessKey", "XAdminUserNotFound":
		return ErrKeyUnknown
	case "SignatureDoesNotMatch":
		return ErrSecretWrong
	case "ExpiredToken", "InvalidToken", "TokenRefreshRequired", "ExpiredTokenException":
		return ErrExpired
	case "AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException", "InvalidRegion",
		"IncorrectEndpoint":
		return ErrRegion
	case "RequestTimeTooSkewed", "RequestExpired":
		return ErrClock
	case "QuotaExceeded", "XMinioAdminBucketQuotaExceeded", "XMinioStorageFull", "InsufficientCapacity", "NoSpaceLeft",
		"ServiceQuotaExceeded":
		return ErrFull
	case "NotImplemented", "MethodNotAllowed", "InvalidArgument", "InvalidRequest":
		return ErrLacking
	case "AccessDenied", "AllAccessDisabled", "AccountProblem", "Forbidden":
		if d == writing {
			return ErrReadOnly
		}
		return ErrForbidden
	}
	switch {
	case status == http.StatusInsufficientStorage:
		return ErrFull
	case status == http.StatusNotImplemented:
		return ErrLacking
	case status == http.StatusRequestedRangeNotSatisfiable:
		return blob.ErrRange
	case status == http.StatusMovedPermanently:
		return ErrRegion
	}
	return ErrFailing
}

// meaningOfTransportError is the meaning of an error without a response.
func meaningOfTransportError(err error) error {
	var (
		name      *net.DNSError
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		invalid   x509.CertificateInvalidError
		verify    *tls.CertificateVerificationError
		timeout   net.Error
	)
	switch {
	case errors.Is(err, errNotS3):
		return ErrNotS3
	case errors.Is(err, errStalled), errors.As(err, &timeout) && timeout.Timeout():
		return ErrSlow
	case errors.As(err, &name) && name.IsNotFound:
		return ErrName
	case errors.As(err, &authority), errors.As(err, &host), errors.As(err, &invalid), errors.As(err, &verify):
		return ErrCertificate
	case strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"),
		strings.Contains(err.Error(), "first record does not look like a TLS handshake"):
		return ErrScheme
	}
	return ErrUnreachable
}

// retryable reports whether an error may be gone at the next attempt.
func retryable(err error) bool {
	if explained(err) {
		return false
	}
	if said, ok := errorOf(err); ok {
		switch said.Code {
		case "RequestTimeout", "SlowDown", "SlowDownRead", "SlowDownWrite", "InternalError", "ServiceUnavailable",
			"Throttling", "BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody":
			return true
		case "QuotaExceeded", "NotImplemented":
			return false
		}
		return said.StatusCode >= 500 && said.StatusCode != http.StatusNotImplemented &&
			said.StatusCode != http.StatusInsufficientStorage ||
			said.StatusCode == http.StatusConflict || // two at the same key, or a folder of a gateway's that is being removed
			said.StatusCode == http.StatusTooManyRequests ||
			said.StatusCode == http.StatusRequestTimeout
	}
	switch meaningOfTransportError(err) {
	case ErrNotS3, ErrCertificate, ErrScheme:
		return false
	}
	return true
}
