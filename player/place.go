package player

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"movify/pkg/fault"
)

// ErrBadPlace is returned for a cursor that no page gave.
var ErrBadPlace = fault.New(fault.Invalid, "bad_place", "That page does not exist.")

// Place is where a page ended: the time and ID of its last entry. The zero Place is before the first page.
type Place struct {
	At time.Time
	ID string
}

// String gives the place as a cursor.
func (p Place) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(p.At.UnixMilli(), 36) + "." + p.ID))
}

// parsePlace is the inverse of String; "" is the zero Place.
func parsePlace(cursor string) (Place, error) {
	if cursor == "" {
		return Place{}, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return Place{}, ErrBadPlace
	}
	at, entry, ok := strings.Cut(string(text), ".")
	ms, err := strconv.ParseInt(at, 36, 64)
	if err != nil || !ok || entry == "" {
		return Place{}, ErrBadPlace
	}
	return Place{time.UnixMilli(ms).UTC(), entry}, nil
}

// page cuts a list that holds one entry more than was asked for when there is a next page.
func page[T any](list []T, limit int, place func(T) Place) (cut []T, next string) {
	if len(list) <= limit {
		return list, ""
	}
	return list[:limit], place(list[limit-1]).String()
}
