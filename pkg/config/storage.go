package config

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Storage configures the backend of finished segments and pictures, and the delivery to viewers.
type Storage struct {
	Engine   string        `yaml:"engine" env:"ENGINE" validate:"omitempty,oneof=disk s3"`
	Cache    Bytes         `yaml:"cache" env:"CACHE" validate:"min=0"`
	Stage    Bytes         `yaml:"stage" env:"STAGE" validate:"min=0"`
	Delivery string        `yaml:"delivery" env:"DELIVERY" validate:"oneof=proxy redirect cdn"`
	LinkLife time.Duration `yaml:"link_life" env:"LINK_LIFE" validate:"min=1s,max=168h"`
	S3       S3            `yaml:"s3" envPrefix:"S3_"`
	CDN      CDN           `yaml:"cdn" envPrefix:"CDN_"`
}

// S3 is a bucket and its credentials. Without a bucket the admin page may set one.
type S3 struct {
	Endpoint      string `yaml:"endpoint" env:"ENDPOINT"`
	Region        string `yaml:"region" env:"REGION"`
	Bucket        string `yaml:"bucket" env:"BUCKET"`
	Prefix        string `yaml:"prefix" env:"PREFIX"`
	PathStyle     Choice `yaml:"path_style" env:"PATH_STYLE" validate:"oneof=auto true false"`
	AccessKey     string `yaml:"access_key" env:"ACCESS_KEY"`
	SecretKey     Secret `yaml:"secret_key" env:"SECRET_KEY"`
	SecretKeyFile string `yaml:"secret_key_file" env:"SECRET_KEY_FILE"`
	InstanceRole  bool   `yaml:"instance_role" env:"INSTANCE_ROLE"`
	CAFile        string `yaml:"ca_file" env:"CA_FILE"`
}

// CDN is a content delivery network in front of the bucket.
type CDN struct {
	Kind         string `yaml:"kind" env:"KIND" validate:"omitempty,oneof=cloudfront cloudfront-cookies secure-link hmac-sha256"`
	BaseURL      string `yaml:"base_url" env:"BASE_URL" validate:"omitempty,http_url"`
	KeyID        string `yaml:"key_id" env:"KEY_ID"`
	KeyFile      string `yaml:"key_file" env:"KEY_FILE"`
	SecretFile   string `yaml:"secret_file" env:"SECRET_FILE"`
	CookieDomain string `yaml:"cookie_domain" env:"COOKIE_DOMAIN"`
}

// Secret is a value that is never printed.
type Secret string

// hidden stands for a secret that is set.
const hidden = "(secret)"

// String hides it.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// GoString hides it.
func (s Secret) GoString() string { return strconv.Quote(s.String()) }

// MarshalText hides it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue hides it.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Choice is text that also takes the words that YAML reads as booleans: true and false.
type Choice string

// UnmarshalYAML takes the scalar as it is written.
func (c *Choice) UnmarshalYAML(text []byte) error {
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		return err
	}
	*c = Choice(fmt.Sprint(v))
	return nil
}

// Bytes is a size, written as 512MiB or 5GiB.
type Bytes int64

// units are the multiples of Bytes, largest first.
func units() []struct {
	name string
	size Bytes
} {
	return []struct {
		name string
		size Bytes
	}{{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}}
}

// UnmarshalText reads a whole number with or without a unit.
func (b *Bytes) UnmarshalText(text []byte) error {
	digits, size := strings.TrimSpace(string(text)), Bytes(1)
	for _, u := range units() {
		if rest, ok := strings.CutSuffix(digits, u.name); ok {
			digits, size = strings.TrimSpace(rest), u.size
			break
		}
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n > (1<<62)/int64(size) || n < 0 {
		return fmt.Errorf("%q is not a size such as 512MiB or 5GiB", text)
	}
	*b = Bytes(n) * size
	return nil
}

// UnmarshalYAML reads the same from a YAML scalar.
func (b *Bytes) UnmarshalYAML(text []byte) error {
	return b.UnmarshalText([]byte(strings.Trim(strings.TrimSpace(string(text)), `"'`)))
}

// String writes the size with the largest unit that fits.
func (b Bytes) String() string {
	for _, u := range units() {
		if b >= u.size && b%u.size == 0 {
			return strconv.FormatInt(int64(b/u.size), 10) + u.name
		}
	}
	return strconv.FormatInt(int64(b), 10)
}

// MarshalText is String.
func (b Bytes) MarshalText() ([]byte, error) { return []byte(b.String()), nil }
