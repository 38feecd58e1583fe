package config

import (
	"reflect"
	"strings"
)

// Layer is where a value came from.
type Layer string

// The layers, weakest first.
const (
	LayerDefault Layer = "default"
	LayerFile    Layer = "file"
	LayerEnv     Layer = "env"
	LayerFlag    Layer = "flag"
)

// Origin is the layer that set a value, and for LayerEnv the variable's name.
type Origin struct {
	Layer Layer
	Name  string
}

// String gives "default", "file", "env MOVIFY_SERVER_LISTEN" or "flag".
func (o Origin) String() string {
	if o.Name == "" {
		return string(o.Layer)
	}
	return string(o.Layer) + " " + o.Name
}

// Origin tells where the value of a key such as "server.listen" came from.
func (l *Loaded) Origin(key string) Origin {
	if o, ok := l.origin[key]; ok {
		return o
	}
	return Origin{Layer: LayerDefault}
}

// Keys lists every key in the order of config.example.yaml, as "section.key" or "section.part.key".
func Keys() []string {
	var out []string
	for key := range fields(Default()) {
		out = append(out, key)
	}
	return out
}

// fields walks the keys of c and their values, in order, without those that others have replaced.
func fields(c Config) func(yield func(string, any) bool) {
	return func(yield func(string, any) bool) { walk(reflect.ValueOf(c), "", yield) }
}

// walk goes through the fields of a struct and of the structs in it; false ends it.
func walk(v reflect.Value, before string, yield func(string, any) bool) bool {
	for i := range v.NumField() {
		key, field := before+yamlName(v.Type().Field(i)), v.Field(i)
		if _, replaced := v.Type().Field(i).Tag.Lookup("replaced"); replaced {
			continue
		}
		if field.Kind() == reflect.Struct {
			if !walk(field, key+".", yield) {
				return false
			}
		} else if !yield(key, field.Interface()) {
			return false
		}
	}
	return true
}

// variable is the environment variable that sets a key: "server.public_url" → "MOVIFY_SERVER_PUBLIC_URL".
func variable(key string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// inSection reports whether a variable's name begins like one that sets a key. Other MOVIFY_ names are left alone: the
// service manager and the tests have theirs.
func inSection(name string) bool {
	for _, key := range Keys() {
		section, _, _ := strings.Cut(key, ".")
		if strings.HasPrefix(name, variable(section)+"_") {
			return true
		}
	}
	return false
}

func yamlName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return name
}
