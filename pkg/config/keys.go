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

// Keys lists every key in the order of config.example.yaml, as "section.key".
func Keys() []string {
	var out []string
	for key := range fields(Default()) {
		out = append(out, key)
	}
	return out
}

// fields walks the keys of c and their values, in order.
func fields(c Config) func(yield func(string, any) bool) {
	return func(yield func(string, any) bool) {
		root := reflect.ValueOf(c)
		for i := range root.NumField() {
			section := root.Field(i)
			name := yamlName(root.Type().Field(i))
			for j := range section.NumField() {
				if !yield(name+"."+yamlName(section.Type().Field(j)), section.Field(j).Interface()) {
					return
				}
			}
		}
	}
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

func yamlName(f reflect.StructField) string { return f.Tag.Get("yaml") }
