package api

import (
	"cmp"
	"fmt"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// humaConfig changes huma's defaults: no documentation page that loads from a CDN, no $schema in bodies, [] in place of null
// for empty lists, and errors as Problem.
func humaConfig(version string) huma.Config {
	c := huma.DefaultConfig("Movify", version)
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.CreateHooks = nil
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.Info.Description = "The control plane of a Movify server. Every operation carries x-access: who may call it."
	c.Transformers = []huma.Transformer{
		func(_ huma.Context, _ string, v any) (any, error) {
			if m, ok := v.(*huma.ErrorModel); ok {
				return problemOfHuma(m), nil
			}
			return v, nil
		},
		func(_ huma.Context, _ string, v any) (any, error) { return withoutNulls(v), nil },
	}
	return c
}

// schemaName names the schema of a type. Clients are generated from the document, so a list keeps the name it was
// published under.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	published := map[string]string{
		"ListAPIKey": "KeysOutputBody", "ListAttentionItem": "AttentionOutputBody", "ListCollection": "CollectionsOutputBody",
		"ListDevice": "ListOutputBody", "ListFacet": "GenresOutputBody", "ListInvite": "InvitesOutputBody",
		"ListSearch": "SearchesOutputBody", "ListSearchSuggestion": "Suggestions", "ListUserRow": "UsersOutputBody",
	}
	return cmp.Or(published[name], name)
}

// finishSchemas corrects the schemas that huma derived from Go's types. It runs once, after all operations were registered.
func (a *API) finishSchemas() error {
	schemas := a.huma.OpenAPI().Components.Schemas.Map()
	// huma's own error schemas; every operation has Problem instead.
	delete(schemas, "ErrorModel")
	delete(schemas, "ErrorDetail")
	for _, s := range schemas {
		listsNeverNull(s)
	}
	for _, n := range [][2]string{{"Bootstrap", "account"}, {"Bootstrap", "profile"}, {"Home", "hero"},
		{"FolderListing", "parent"},
		{"Rights", "libraries"}, {"Rights", "channels"}} {
		if err := nullable(schemas, n[0], n[1]); err != nil {
			return err
		}
	}
	return nil
}

// OpenAPI gives the document of all operations, as YAML and as JSON.
func (a *API) OpenAPI() (yaml, json []byte, err error) {
	doc := a.huma.OpenAPI()
	if yaml, err = doc.YAML(); err != nil {
		return nil, nil, fmt.Errorf("write the API document: %w", err)
	}
	if json, err = doc.MarshalJSON(); err != nil {
		return nil, nil, fmt.Errorf("write the API document: %w", err)
	}
	return yaml, json, nil
}

// listsNeverNull marks every list of a schema as not nullable.
func listsNeverNull(s *huma.Schema) {
	if s == nil {
		return
	}
	if s.Type == huma.TypeArray {
		s.Nullable = false
	}
	listsNeverNull(s.Items)
	for _, p := range s.Properties {
		listsNeverNull(p)
	}
}

// nullable marks a property as nullable. huma cannot do that for a reference, and lists are not nullable unless named here.
func nullable(schemas map[string]*huma.Schema, name, property string) error {
	s := schemas[name]
	if s == nil || s.Properties[property] == nil {
		return fmt.Errorf("the API document has no %s.%s", name, property)
	}
	p := s.Properties[property]
	if p.Type == huma.TypeArray {
		p.Nullable = true
	}
	if p.Ref != "" {
		s.Properties[property] = &huma.Schema{AnyOf: []*huma.Schema{{Ref: p.Ref}, {Type: "null"}}, Description: p.Description}
	}
	return nil
}

// withoutNulls gives v with every nil slice made empty, so that a list is [] and never null in JSON.
func withoutNulls(v any) any {
	if v == nil {
		return nil
	}
	if _, raw := v.([]byte); raw {
		return v
	}
	value := reflect.New(reflect.TypeOf(v)).Elem()
	value.Set(reflect.ValueOf(v))
	fillNilSlices(value)
	return value.Interface()
}

func fillNilSlices(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			fillNilSlices(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fillNilSlices(v.Field(i))
			}
		}
	case reflect.Slice:
		if v.IsNil() && v.CanSet() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		for i := range v.Len() {
			fillNilSlices(v.Index(i))
		}
	}
}
