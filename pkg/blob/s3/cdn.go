package s3

import (
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/cloudfront/sign"
)

// Signing says how a CDN verifies that Movify made a URL.
type Signing string

// The ways to sign.
const (
	// CloudFrontURL adds Expires, Signature and Key-Pair-Id to the address: a signed URL with a canned policy.
	CloudFrontURL Signing = "cloudfront"
	// CloudFrontCookies leaves the address bare and gives the viewer the three cookies of a custom policy, which is for
	// all blobs below one prefix.
	CloudFrontCookies Signing = "cloudfront-cookies"
	// SecureLink adds expires and md5: the unpadded URL-safe base64 of the MD5 sum of expires, path, a space and the
	// secret. nginx checks it with
	//
	//	secure_link $arg_md5,$arg_expires;
	//	secure_link_md5 "$secure_link_expires$uri SECRET";
	SecureLink Signing = "secure-link"
	// HMAC adds expires and signature: the unpadded URL-safe base64 of the HMAC-SHA256, keyed with the secret, of path, a
	// line feed and expires.
	HMAC Signing = "hmac-sha256"
)

// CDNOptions configure a CDN.
type CDNOptions struct {
	// URL is the address of the bucket's root at the CDN: https://media.example.org. Prefix is the bucket's, as in
	// Options.
	URL    string
	Prefix string
	Sign   Signing

	// KeyPair names the public key at CloudFront; KeyFile is a PEM file with the private RSA key.
	KeyPair string
	KeyFile string
	// CookieDomain is a parent domain of both Movify's and the CDN's name, for CloudFrontCookies: example.org.
	CookieDomain string
	// Secret is shared with the origin, for SecureLink and HMAC.
	Secret Secret

	// Clock is time.Now unless said otherwise.
	Clock func() time.Time
}

// CDN makes URLs at a CDN or an origin in front of the bucket that refuses requests without a signature. It sends no
// request; expires is in whole seconds since 1970 and is inclusive.
type CDN struct {
	o    CDNOptions
	base *url.URL // its path ends in a slash
	key  *rsa.PrivateKey
}

// NewCDN reads the key. Invalid options are reported as ErrSettings.
func NewCDN(o CDNOptions) (*CDN, error) {
	base, err := url.Parse(o.URL)
	if err != nil || base.Host == "" || base.User != nil || base.RawQuery != "" || base.Fragment != "" ||
		base.Scheme != "https" && base.Scheme != "http" {
		return nil, ErrSettings.Saying("The address of the CDN is not of the form https://host or https://host/path.")
	}
	if base.Path == "" {
		base.Path = "/" // JoinPath would leave out the slash, and signed paths begin with it
	}
	base = base.JoinPath(o.Prefix, "/")
	if o.Clock == nil {
		o.Clock = time.Now
	}
	c := &CDN{o: o, base: base}
	switch o.Sign {
	case CloudFrontURL, CloudFrontCookies:
		if o.KeyPair == "" {
			return nil, ErrSettings.Saying("CloudFront needs the id of a key pair.")
		}
		if c.key, err = readKey(o.KeyFile); err != nil {
			return nil, ErrSettings.Saying(
				"The private key for CloudFront cannot be read: it is an RSA key in a PEM file.",
			).Because(
				err,
			)
		}
		if o.Sign == CloudFrontCookies && (o.CookieDomain == "" || !within(base.Hostname(), o.CookieDomain)) {
			return nil, ErrSettings.Saying("Cookies for CloudFront need a domain that holds the name of the CDN.")
		}
	case SecureLink, HMAC:
		if o.Secret == "" {
			return nil, ErrSettings.Saying("The signed origin needs a secret.")
		}
	default:
		return nil, ErrSettings.Saying("The CDN is signed by cloudfront, cloudfront-cookies, secure-link or hmac-sha256.")
	}
	return c, nil
}

// Link returns a URL that reads the blob for life.
func (c *CDN) Link(ctx context.Context, key string, life time.Duration) (string, error) {
	if err := check(ctx, key); err != nil {
		return "", fmt.Errorf("link to blob %q: %w", key, err)
	}
	at := c.base.JoinPath(key)
	expires := c.o.Clock().Add(life)
	stamp := strconv.FormatInt(expires.Unix(), 10)
	secret := string(c.o.Secret)
	switch c.o.Sign {
	case CloudFrontURL:
		signed, err := sign.NewURLSigner(c.o.KeyPair, c.key).Sign(at.String(), expires)
		if err != nil {
			return "", fmt.Errorf("link to blob %q: %w", key, err)
		}
		return signed, nil
	case SecureLink:
		sum := md5.Sum([]byte(stamp + at.Path + " " + secret))
		at.RawQuery = "expires=" + stamp + "&md5=" + base64.RawURLEncoding.EncodeToString(sum[:])
	case HMAC:
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(at.Path + "\n" + stamp))
		at.RawQuery = "expires=" + stamp + "&signature=" + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	}
	return at.String(), nil
}

// Cookies returns the cookies that a viewer needs beside the URL to read the blobs below prefix for life; none unless
// Signing is CloudFrontCookies.
func (c *CDN) Cookies(_ context.Context, prefix string, life time.Duration) ([]*http.Cookie, error) {
	if c.o.Sign != CloudFrontCookies {
		return nil, nil
	}
	expires := c.o.Clock().Add(life)
	below := c.base.JoinPath(prefix)
	cookies, err := sign.NewCookieSigner(
		c.o.KeyPair, c.key,
	).SignWithPolicy(
		sign.NewCannedPolicy(below.String()+"*", expires),
		func(o *sign.CookieOptions) {
			o.Domain, o.Path, o.Expires = c.o.CookieDomain, below.Path, expires
			o.Secure, o.SameSite = c.base.Scheme == "https", http.SameSiteLaxMode
		},
	)
	if err != nil {
		return nil, fmt.Errorf("cookies for blobs below %q: %w", prefix, err)
	}
	return cookies, nil
}

func within(host, domain string) bool { return host == domain || strings.HasSuffix(host, "."+domain) }

// readKey reads an RSA key in the form OpenSSL writes today (PKCS #8) or used to (PKCS #1).
func readKey(file string) (*rsa.PrivateKey, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("not a PEM file")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	private, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("a key of type %T", key)
	}
	return private, nil
}
