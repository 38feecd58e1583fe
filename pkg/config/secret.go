package config

import (
	"fmt"
	"os"
	"reflect"
	"strings"
)

// fileSuffix ends the key that names the file a secret is read from: password → password_file.
const fileSuffix = "_file"

// readSecrets reads each secret whose file is named. Naming both is an error: one of them would become outdated
// unnoticed.
func (l *Loaded) readSecrets() error {
	return secretsIn(reflect.ValueOf(&l.Config).Elem(), "")
}

func secretsIn(v reflect.Value, path string) error {
	for i := range v.NumField() {
		field, key := v.Field(i), path+yamlName(v.Type().Field(i))
		if field.Kind() == reflect.Struct {
			if err := secretsIn(field, key+"."); err != nil {
				return err
			}
			continue
		}
		secret, ok := field.Addr().Interface().(*Secret)
		if !ok {
			continue
		}
		file := fileOf(v, yamlName(v.Type().Field(i))+fileSuffix)
		if file == "" {
			continue
		}
		if *secret != "" {
			return ErrInvalid.Saying(fmt.Sprintf("Both %s and %s are set. Please keep one.", key, key+fileSuffix))
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return ErrInvalid.Saying(
				fmt.Sprintf("%s%s names a file that cannot be read: %s.", key, fileSuffix, file),
			).Because(
				err,
			)
		}
		*secret = Secret(strings.TrimRight(string(text), "\r\n"))
	}
	return nil
}

// fileOf gives the text of the field with a YAML name, or "" without one.
func fileOf(v reflect.Value, name string) string {
	for i := range v.NumField() {
		if yamlName(v.Type().Field(i)) == name {
			return v.Field(i).String()
		}
	}
	return ""
}
