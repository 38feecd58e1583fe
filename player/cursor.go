package player

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"movify/pkg/fault"
)

// ErrBadCursor is returned for a cursor that Cursor.String did not write.
var ErrBadCursor = fault.New(fault.Invalid, "bad_place", "That page does not exist.")

// Cursor is where a page ended: the time and ID of its last entry. The zero Cursor is before the first page.
type Cursor struct {
	At time.Time
	ID string
}

// String encodes the cursor.
func (c Cursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(c.At.UnixMilli(), 36) + "." + c.ID))
}

// parseCursor is the inverse of String; "" is the zero Cursor.
func parseCursor(cursor string) (Cursor, error) {
	if cursor == "" {
		return Cursor{}, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return Cursor{}, ErrBadCursor
	}
	at, entry, ok := strings.Cut(string(text), ".")
	ms, err := strconv.ParseInt(at, 36, 64)
	if err != nil || !ok || entry == "" {
		return Cursor{}, ErrBadCursor
	}
	return Cursor{time.UnixMilli(ms).UTC(), entry}, nil
}

// page cuts a list to limit entries; next is the cursor of the page after, "" when the list was not longer.
func page[T any](list []T, limit int, cursor func(T) Cursor) (cut []T, next string) {
	if len(list) <= limit {
		return list, ""
	}
	return list[:limit], cursor(list[limit-1]).String()
}
