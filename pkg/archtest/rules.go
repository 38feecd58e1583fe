// Package archtest is the architecture as a test: who may import whom, which package is the door of a third-party module,
// and what every file and package owes its reader. It parses the files itself (a test that asks the go command is answered
// from the test cache after a break) and its messages name the fix. Nothing imports it.
package archtest

// Rules is the architecture in values.
type Rules struct {
	Module string
	// Floors gives every package its floor. A package imports lower floors only, so neighbours meet through IDs, values
	// and small interfaces.
	Floors map[string]int
	// Reserved packages may be imported by the listed packages only.
	Reserved map[string][]string
	// Suites are test helpers: only test files and other suites import them.
	Suites []string
	// Doors gives a third-party module, or a part of the standard library, the packages that may import it. A key
	// covers everything below it.
	Doors map[string][]string
	// Forbidden are package names that say nothing.
	Forbidden []string
	// MaxLines is the longest a hand-written file that is not a test may be.
	MaxLines int
	// MaxColumns is the widest a line of Go code may be in a hand-written file that is not a test; a tab counts as one
	// column. Text in backquotes (SQL, regular expressions, struct tags), rows of tables and comments on their own lines
	// may be wider. 0 switches the rule off.
	MaxColumns int
	// Drawing is the document whose code blocks draw the tree and the floors. Without one nothing is compared.
	Drawing string
	// Retired is a table of names that may not be declared again in their package and its successors: lines of package,
	// old name and new name, sorted, with # before a comment. An old name is an identifier, a field or method with its
	// type ("Index.open") or a file name ("house.go"); the package of web/src is "web".
	Retired string
	// Successors gives a package those that took over code of its own.
	Successors map[string][]string
	// Glossary is the document with a row for each type name that two packages of the floors in Shared declare. Without
	// one type names are not compared.
	Glossary string
	Shared   []int
	// Phrases are patterns that hide the subject of a comment. Fewer than MaxPhrases of 1000 comment lines may match
	// one of them; 0 switches the rule off.
	Phrases    []string
	MaxPhrases float64
	// LogKeys gives keys of log lines the spelling used here.
	LogKeys map[string]string
}

// House is Movify's architecture, as docs/architecture.md draws it.
func House() Rules {
	return Rules{
		Module: "movify",
		Floors: map[string]int{
			"cmd/movify": 8, "bench": 8,
			"pkg/app":         7,
			"pkg/facade":      6,
			"pkg/api":         5,
			"library/fswatch": 4, "library/nfo": 4, "library/tmdb": 4, "library/search": 4,
			"library/artwork": 4, "library/catalogue": 4, "library/metadata": 4, "library/scan": 4, "library/librarytest": 4,
			"transcoder/ffmpeg": 4, "player/hls": 4,
			"pkg/store": 4, "pkg/queue/natsqueue": 4,
			"pkg/blob/disk": 4, "pkg/blob/s3": 4, "pkg/blob/cache": 4, "pkg/blob/migrate": 4,
			"pkg/auth/oidc": 4, "pkg/account/mail": 4,
			"pkg/blob/blobtest": 4, "pkg/blob/s3/s3test": 4, "pkg/queue/queuetest": 4, "pkg/store/storetest": 4,
			"pkg/testkit": 4, "pkg/mp4/mp4test": 4, "pkg/matroska/matroskatest": 4, "pkg/disc/disctest": 4,
			"pkg/picture/picturetest": 4, "transcoder/encodertest": 4, "transcoder/original/originaltest": 4,
			"library": 3, "transcoder": 3, "player": 3, "pkg/account": 3, "pkg/auth": 3, "pkg/storage": 3,
			"pkg/sourcecheck": 3,
			"pkg/blob":        2, "pkg/queue": 2, "pkg/event": 2, "pkg/hlscheck": 2, "pkg/header": 2,
			"transcoder/index": 2, "transcoder/original": 2, "library/naming": 2, "player/way": 2, "player/tsview": 2,
			"pkg/media": 1, "pkg/mp4": 1, "pkg/mpegts": 1, "pkg/matroska": 1, "pkg/config": 1, "pkg/picture": 1,
			"pkg/disc": 1, "pkg/sampleentry": 1,
			"pkg/id": 0, "pkg/fault": 0, "pkg/perm": 0, "pkg/archtest": 0, "web": 0,
		},
		Reserved: map[string][]string{
			"pkg/config":   {"pkg/app", "cmd/movify"},
			"web":          {"pkg/app", "cmd/movify"},
			"pkg/archtest": {},
		},
		MaxColumns: 120,
		Glossary:   "docs/glossary.md",
		Suites: []string{
			"pkg/blob/blobtest", "pkg/blob/s3/s3test", "pkg/queue/queuetest", "pkg/store/storetest",
			"pkg/testkit", "pkg/mp4/mp4test", "pkg/matroska/matroskatest", "pkg/disc/disctest",
			"pkg/picture/picturetest", "transcoder/encodertest", "transcoder/original/originaltest",
			"library/librarytest",
		},
		Doors: map[string][]string{
			"github.com/gin-gonic/gin":           {"pkg/api"},
			"github.com/danielgtaylor/huma":      {"pkg/api"},
			"github.com/klauspost/compress":      {"pkg/api"},
			"github.com/prometheus":              {"pkg/app"},
			"github.com/alecthomas/kong":         {"cmd/movify"},
			"github.com/goccy/go-yaml":           {"pkg/config"},
			"github.com/caarlos0/env":            {"pkg/config"},
			"github.com/go-playground/validator": {"pkg/config"},
			"github.com/nats-io":                 {"pkg/queue/natsqueue"},
			"github.com/jmoiron/sqlx":            {"pkg/store"},
			"github.com/pressly/goose":           {"pkg/store"},
			"modernc.org":                        {"pkg/store"},
			"database/sql":                       {"pkg/store"},
			"github.com/fsnotify/fsnotify":       {"library/fswatch"},
			"github.com/blevesearch":             {"library/search"},
			"golang.org/x/image":                 {"pkg/picture"},
			"golang.org/x/net":                   {"library/nfo"},
			"golang.org/x/text":                  {"library", "library/naming", "library/nfo", "library/search", "pkg/account", "transcoder"},
			"golang.org/x/time":                  {"library/tmdb"},
			"github.com/grafov/m3u8":             {"player/hls"},
			"github.com/u2takey/ffmpeg-go":       {"transcoder/ffmpeg"},
			"os/exec":                            {"transcoder/ffmpeg", "bench", "pkg/testkit", "pkg/blob/s3/s3test"},
			"github.com/minio/minio-go":          {"pkg/blob/s3"},
			"github.com/aws/aws-sdk-go-v2":       {"pkg/blob/s3"},
			"github.com/coreos/go-oidc":          {"pkg/auth/oidc"},
			"golang.org/x/oauth2":                {"pkg/auth/oidc"},
			"github.com/wneessen/go-mail":        {"pkg/account/mail"},
			"github.com/golang-jwt/jwt":          {"pkg/auth"},
			"golang.org/x/crypto":                {"pkg/auth"},
			"github.com/google/uuid":             {"pkg/id"},
			"golang.org/x/sync": {
				"pkg/app", "pkg/facade", "library/artwork", "library/catalogue", "library/metadata", "library/scan",
				"library/librarytest", "pkg/account", "transcoder",
			},
			"golang.org/x/sys":         {"pkg/app", "library", "pkg/store", "pkg/blob/disk", "transcoder/ffmpeg", "cmd/movify"},
			"github.com/google/go-cmp": {},
		},
		Forbidden:  []string{"util", "utils", "common", "helper", "helpers", "misc", "types", "models", "manager", "base"},
		MaxLines:   600,
		Drawing:    "docs/architecture.md",
		Shared:     []int{3, 4},
		Phrases:    []string{`\b(whoever|somebody|nobody|anybody)\b`, `\bwhat (is|was|has)\b`},
		MaxPhrases: 5,
		LogKeys:    map[string]string{"err": "error"},
		Retired:    retiredNames,
		Successors: map[string][]string{
			"library": {
				"library/naming", "library/artwork", "library/catalogue", "library/metadata", "library/scan", "pkg/picture",
			},
			"pkg/app":    {"pkg/facade"},
			"transcoder": {"transcoder/index"},
		},
	}
}
