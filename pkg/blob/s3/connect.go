package s3

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/s3utils"
)

// Secret is a string that is hidden when it is printed, logged or encoded.
type Secret string

const hidden = "(secret)"

// String hides it.
func (Secret) String() string { return hidden }

// Format hides it from every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// LogValue hides it from slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides it from encoders.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// credentials returns the credentials for signing. Only the instance role, which may appear later and expires, is
// requested when it is needed.
func (o Options) credentials() (*credentials.Credentials, error) {
	switch {
	case o.AccessKey != "":
		return credentials.NewStaticV4(o.AccessKey, string(o.Secret), string(o.SessionToken)), nil
	case o.InstanceRole:
		return credentials.NewIAM(""), nil
	}
	found := credentials.NewChainCredentials(
		[]credentials.Provider{&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}},
	)
	v, err := found.GetWithContext(&credentials.CredContext{Client: http.DefaultClient})
	if err != nil || v.AccessKeyID == "" {
		return nil, ErrSettings.Saying(
			"No credentials for the S3 storage: neither in the settings, " +
				"nor in the environment, nor in the shared credentials file.",
		).Because(
			err,
		)
	}
	return found, nil
}

// transport makes keep-alive connections. HTTP/2 would share one connection's flow-control window among all viewers.
func (o Options) transport() (*http.Transport, error) {
	roots, err := o.roots()
	if err != nil {
		return nil, err
	}
	dial := o.Dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: o.Timeouts.Connect, KeepAlive: 15 * time.Second}).DialContext
	}
	t := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: dial, TLSHandshakeTimeout: o.Timeouts.Connect,
		TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		MaxIdleConns:    128, MaxIdleConnsPerHost: 64, IdleConnTimeout: 30 * time.Second,
		DisableCompression: true, ReadBufferSize: 32 << 10, WriteBufferSize: 32 << 10,
		Protocols: new(http.Protocols),
	}
	t.Protocols.SetHTTP1(true)
	return t, nil
}

func (o Options) roots() (*x509.CertPool, error) {
	if o.CAFile == "" {
		return nil, nil // the system's
	}
	pem, err := os.ReadFile(o.CAFile)
	if err != nil {
		return nil, ErrSettings.Saying("The file with the certificates of the S3 storage cannot be read.").Because(err)
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, ErrSettings.Saying("The file with the certificates of the S3 storage holds no certificate in PEM form.")
	}
	return roots, nil
}

// regionOf reads the region out of an Amazon endpoint's name.
func regionOf(endpoint *url.URL) string {
	return firstNonZero(s3utils.GetRegionFromURL(*endpoint), "us-east-1")
}

// errNotS3 marks a 404 that did not come from an S3 storage.
var errNotS3 = errors.New("the answer is not one of S3")

// s3AnswersOnly refuses a 404 that is not S3's own: another server at a wrong address (a router, an error page) must
// never look like a missing blob.
type s3AnswersOnly struct{ next http.RoundTripper }

func (g s3AnswersOnly) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := g.next.RoundTrip(r)
	if err != nil || res.StatusCode != http.StatusNotFound || r.Method == http.MethodHead ||
		!strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-") {
		return res, err
	}
	if !strings.Contains(res.Header.Get("Content-Type"), "xml") {
		return nil, errors.Join(errNotS3, res.Body.Close())
	}
	return res, nil
}
