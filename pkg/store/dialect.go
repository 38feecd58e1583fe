package store

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"time"
)

// columnTypes is what the tokens of a migration become on one engine. A migration names a column's meaning; the engine
// gives its type.
type columnTypes map[string]string

// sqliteTypes are the types of SQLite. An engine that compares or limits text has more to choose here: an ID wants a
// short binary-compared column, a key an indexable one, longtext one without a limit.
func sqliteTypes() columnTypes {
	return columnTypes{
		"id":       "TEXT",    // an ID or a hash: ASCII, at most 64 bytes
		"text":     "TEXT",    // words a person wrote or a key made of them: at most 768 characters, may be indexed
		"longtext": "TEXT",    // JSON, paths, prose: never indexed
		"ms":       "INTEGER", // Unix milliseconds, or a duration in milliseconds
		"int":      "INTEGER", // 64 bits
		"bool":     "INTEGER", // 0 or 1
		"real":     "REAL",    // 64 bits
		"blob":     "BLOB",
	}
}

// expanded is a folder of migrations in which every {{token}} reads as the engine's column type.
type expanded struct {
	source fs.FS
	types  columnTypes
}

var typeToken = regexp.MustCompile(`\{\{(\w+)\}\}`)

// Open gives folders as they are and files with their tokens replaced. An unknown token is an error.
func (e expanded) Open(name string) (fs.File, error) {
	f, err := e.source.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	for _, m := range typeToken.FindAllSubmatch(text, -1) {
		if _, known := e.types[string(m[1])]; !known {
			return nil, fmt.Errorf("%s: unknown column type %s", name, m[0])
		}
	}
	text = typeToken.ReplaceAllFunc(text, func(t []byte) []byte {
		return []byte(e.types[string(t[2:len(t)-2])])
	})
	return &textFile{Reader: bytes.NewReader(text), name: info.Name()}, nil
}

// textFile is a file in memory: it is its own fs.FileInfo.
type textFile struct {
	*bytes.Reader
	name string
}

func (f *textFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *textFile) Close() error               { return nil }
func (f *textFile) Name() string               { return f.name }
func (f *textFile) Mode() fs.FileMode          { return 0o444 }
func (f *textFile) ModTime() time.Time         { return time.Time{} }
func (f *textFile) IsDir() bool                { return false }
func (f *textFile) Sys() any                   { return nil }
