// Package config turns defaults, a YAML file, the environment and the command line into one validated Config, and
// records the origin of each value. A later layer wins: default < file < environment < flag. A key that is unknown,
// doubled or out of range is an error that names the place. It is imported by pkg/app and cmd only: every other package
// receives its own Options.
package config

import (
	"net/netip"
	"time"
)

// Config is everything an operator can set. The struct's order is the order of config.example.yaml.
type Config struct {
	Server    Server    `yaml:"server" envPrefix:"SERVER_"`
	Data      Data      `yaml:"data" envPrefix:"DATA_"`
	Library   Library   `yaml:"library" envPrefix:"LIBRARY_"`
	Accounts  Accounts  `yaml:"accounts" envPrefix:"ACCOUNTS_"`
	Mail      Mail      `yaml:"mail" envPrefix:"MAIL_"`
	Transcode Transcode `yaml:"transcode" envPrefix:"TRANSCODE_"`
	Storage   Storage   `yaml:"storage" envPrefix:"STORAGE_"`
	Playback  Playback  `yaml:"playback" envPrefix:"PLAYBACK_"`
	Log       Log       `yaml:"log" envPrefix:"LOG_"`
}

// Server configures the listeners and the public address.
type Server struct {
	Listen         string   `yaml:"listen" env:"LISTEN" validate:"listen"`
	PublicURL      string   `yaml:"public_url" env:"PUBLIC_URL" validate:"omitempty,http_url"`
	Hosts          []string `yaml:"hosts" env:"HOSTS" validate:"unique,dive,hostname_rfc1123"`
	TrustedProxies []string `yaml:"trusted_proxies" env:"TRUSTED_PROXIES" validate:"dive,ip|cidr"`
	ProxyHeader    string   `yaml:"proxy_header" env:"PROXY_HEADER" validate:"oneof=X-Forwarded-For Forwarded X-Real-IP"`
	AdminListen    string   `yaml:"admin_listen" env:"ADMIN_LISTEN" validate:"omitempty,listen"`
}

// Data is the folder of all files that Movify makes: database, segments, artwork, keys.
type Data struct {
	Dir string `yaml:"dir" env:"DIR" validate:"required"`
}

// Library configures the library folders and their scans.
type Library struct {
	Roots   []Root        `yaml:"roots" env:"ROOTS" validate:"unique=Path,dive"`
	Rescan  time.Duration `yaml:"rescan" env:"RESCAN" validate:"min=10s"`
	Settle  time.Duration `yaml:"settle" env:"SETTLE" validate:"min=100ms,max=10m"`
	PollMin time.Duration `yaml:"poll_min" env:"POLL_MIN" validate:"min=5s,ltefield=PollMax"`
	PollMax time.Duration `yaml:"poll_max" env:"POLL_MAX" validate:"max=24h"`
	Quiet   []string      `yaml:"quiet" env:"QUIET" validate:"dive,window"`
	Ignore  []string      `yaml:"ignore" env:"IGNORE" validate:"dive,required"`
	// LinksInto are folders outside of Roots that symbolic links may lead into.
	LinksInto []string `yaml:"links_into" env:"LINKS_INTO" validate:"unique,dive,folder"`
	BinDays   int      `yaml:"bin_days" env:"BIN_DAYS" validate:"min=0,max=3650"`
	WriteNFO  bool     `yaml:"write_nfo" env:"WRITE_NFO"`
	// CollectSets makes a collection for each set of films that descriptions name.
	CollectSets bool `yaml:"collect_sets" env:"COLLECT_SETS"`
	TMDB        TMDB `yaml:"tmdb" envPrefix:"TMDB_"`
}

// TMDB configures The Movie Database, which is asked only when the owner enables it.
type TMDB struct {
	Enabled  bool   `yaml:"enabled" env:"ENABLED"`
	Key      Secret `yaml:"key" env:"KEY"`
	KeyFile  string `yaml:"key_file" env:"KEY_FILE"`
	Language string `yaml:"language" env:"LANGUAGE" validate:"bcp47_language_tag"`
}

// Accounts configures registration and sign-in.
type Accounts struct {
	Registration   string `yaml:"registration" env:"REGISTRATION" validate:"oneof=closed invite open"`
	MinPassword    int    `yaml:"min_password" env:"MIN_PASSWORD" validate:"min=8,max=64"`
	ConsentVersion string `yaml:"consent_version" env:"CONSENT_VERSION" validate:"max=64"`
	OIDC           OIDC   `yaml:"oidc" envPrefix:"OIDC_"`
}

// OIDC is an OpenID Connect provider for signing in.
type OIDC struct {
	Name             string `yaml:"name" env:"NAME" validate:"required_with=Issuer,max=40"`
	Issuer           string `yaml:"issuer" env:"ISSUER" validate:"omitempty,http_url"`
	ClientID         string `yaml:"client_id" env:"CLIENT_ID" validate:"required_with=Issuer"`
	ClientSecret     Secret `yaml:"client_secret" env:"CLIENT_SECRET"`
	ClientSecretFile string `yaml:"client_secret_file" env:"CLIENT_SECRET_FILE"`
	Create           bool   `yaml:"create" env:"CREATE"`
}

// Mail is the SMTP server for letters.
type Mail struct {
	Host         string `yaml:"host" env:"HOST" validate:"omitempty,hostname|ip"`
	Port         int    `yaml:"port" env:"PORT" validate:"min=1,max=65535"`
	Security     string `yaml:"security" env:"SECURITY" validate:"oneof=starttls tls none"`
	Username     string `yaml:"username" env:"USERNAME"`
	Password     Secret `yaml:"password" env:"PASSWORD"`
	PasswordFile string `yaml:"password_file" env:"PASSWORD_FILE"`
	From         string `yaml:"from" env:"FROM" validate:"required_with=Host,omitempty,mailbox"`
}

// Transcode configures encoding.
type Transcode struct {
	FFmpeg  string        `yaml:"ffmpeg" env:"FFMPEG" validate:"required"`
	FFprobe string        `yaml:"ffprobe" env:"FFPROBE" validate:"required"`
	Workers int           `yaml:"workers" env:"WORKERS" validate:"min=0,max=64"`
	Preset  string        `yaml:"preset" env:"PRESET" validate:"oneof=auto superfast veryfast faster fast medium slow"`
	Prewarm time.Duration `yaml:"prewarm" env:"PREWARM" validate:"min=0s,max=10m"`
	// Ladder is the setting of library folders that have none of their own.
	Ladder string `yaml:"ladder" env:"LADDER" validate:"oneof=always when_watched never"`
	// Backlog was the key before Ladder: nil after Load, which sets Ladder by it.
	Backlog *bool `yaml:"backlog,omitempty" env:"BACKLOG" replaced:"transcode.ladder"`
	// Hardware is auto, off, or the only family of hardware encoders that is tried.
	Hardware string `yaml:"hardware" env:"HARDWARE" validate:"oneof=auto off vaapi qsv nvenc videotoolbox v4l2m2m rkmpp"`
	Device   string `yaml:"device" env:"DEVICE" validate:"omitempty,device"`
}

// Playback configures sessions.
type Playback struct {
	TokenLife time.Duration `yaml:"token_life" env:"TOKEN_LIFE" validate:"min=1m,max=1h"`
}

// Log configures the log on standard error.
type Log struct {
	Level  string `yaml:"level" env:"LEVEL" validate:"oneof=debug info warn error"`
	Format string `yaml:"format" env:"FORMAT" validate:"oneof=text json"`
}

// Default is the configuration without any setting.
func Default() Config {
	return Config{
		Server: Server{Listen: ":8484", Hosts: []string{}, TrustedProxies: []string{}, ProxyHeader: "X-Forwarded-For"},
		Data:   Data{Dir: "movify-data"},
		Library: Library{
			Roots: []Root{}, Rescan: 15 * time.Minute, Settle: 2 * time.Second, PollMin: 30 * time.Second,
			PollMax: 10 * time.Minute, Quiet: []string{}, Ignore: []string{}, LinksInto: []string{},
			BinDays: 30, CollectSets: true, TMDB: TMDB{Language: "en-US"},
		},
		Accounts: Accounts{Registration: "invite", MinPassword: 10},
		Mail:     Mail{Port: 587, Security: "starttls"},
		Transcode: Transcode{
			FFmpeg: "ffmpeg", FFprobe: "ffprobe", Preset: "auto", Prewarm: 12 * time.Second, Ladder: "when_watched",
			Hardware: "off",
		},
		Storage: Storage{
			Cache: 5 << 30, Stage: 20 << 30, Delivery: "proxy", LinkLife: 5 * time.Minute, S3: S3{PathStyle: "auto"},
		},
		Playback: Playback{TokenLife: 10 * time.Minute},
		Log:      Log{Level: "info", Format: "text"},
	}
}

// Proxies returns the trusted proxies as prefixes; a single address is a prefix of its full length. It must be called
// on a validated Server.
func (s Server) Proxies() []netip.Prefix {
	out := make([]netip.Prefix, 0, len(s.TrustedProxies))
	for _, text := range s.TrustedProxies {
		if p, err := netip.ParsePrefix(text); err == nil {
			out = append(out, p.Masked())
		} else if a, err := netip.ParseAddr(text); err == nil {
			a = a.Unmap()
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
		}
	}
	return out
}
