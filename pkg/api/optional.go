package api

import (
	"bytes"
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// Optional is a field of a request that may be absent (not Set: unchanged), null (Value nil: cleared) or a value.
type Optional[T any] struct {
	Set   bool
	Value *T
}

// UnmarshalJSON reads null or a value.
func (o *Optional[T]) UnmarshalJSON(text []byte) error {
	o.Set, o.Value = true, nil
	if bytes.Equal(text, []byte("null")) {
		return nil
	}
	o.Value = new(T)
	return json.Unmarshal(text, o.Value)
}

// Schema is that of T, with null.
func (o Optional[T]) Schema(r huma.Registry) *huma.Schema {
	s := *r.Schema(reflect.TypeFor[T](), true, "")
	s.Nullable = true
	return &s
}
