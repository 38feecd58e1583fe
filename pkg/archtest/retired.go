package archtest

import (
	_ "embed"
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"strings"
)

// retired is a name that another one replaced.
type retired struct{ in, old, name string }

//go:embed retired.txt
var retiredNames string

// parseRetired reads the table described at Rules.Retired.
func parseRetired(table string) ([]retired, error) {
	var out []retired
	last := ""
	for line := range strings.Lines(table) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		words := strings.Fields(line)
		if len(words) != 3 {
			return nil, fmt.Errorf("retired name %q: want package, old name and new name", line)
		}
		if line <= last {
			return nil, fmt.Errorf("retired name %q: stands after %q; sort the table with LC_ALL=C sort -u", line, last)
		}
		last = line
		out = append(out, retired{words[0], words[1], words[2]})
	}
	return out, nil
}

// checkRetired finds declarations with retired names in the package that used to have them and in its successors.
// Parameters and variables inside functions are not looked at: short words are right there.
func (r Rules) checkRetired(packages map[string][]file, web []text) ([]string, error) {
	table, err := parseRetired(r.Retired)
	if err != nil {
		return nil, err
	}
	names := make(map[string]map[string]string) // new names by package and old name
	for _, entry := range table {
		for _, p := range append([]string{entry.in}, r.Successors[entry.in]...) {
			if names[p] == nil {
				names[p] = make(map[string]string)
			}
			names[p][entry.old] = entry.name
		}
	}
	var found []string
	report := func(where, in, old string) {
		if name, ok := names[in][old]; ok {
			found = append(found, fmt.Sprintf("%s: %s is a retired name; it is called %s", where, old, name))
		}
	}
	for dir, files := range packages {
		for _, f := range files {
			report(f.path, dir, path.Base(f.path))
			for _, d := range declared(f.tree) {
				where := fmt.Sprintf("%s:%d", f.path, f.line(d.at.Pos()))
				report(where, dir, d.at.Name)
				if d.owner != "" {
					report(where, dir, d.owner+"."+d.at.Name)
				}
			}
		}
	}
	for _, s := range web {
		report(s.path, "web", path.Base(s.path))
		for i, line := range strings.Split(s.text, "\n") {
			if m := webDeclaration.FindStringSubmatch(line); m != nil {
				report(fmt.Sprintf("%s:%d", s.path, i+1), "web", m[1])
			}
		}
	}
	return found, nil
}

// webDeclaration matches a declaration at the top level of a TypeScript file.
var webDeclaration = regexp.MustCompile(
	`^(?:export )?(?:default )?(?:declare )?(?:async )?(?:abstract )?` +
		`(?:function\*?|const enum|const|let|class|interface|type|enum) ([A-Za-z_$][\w$]*)`)

// declaration is a name that others can use: of the package, or of a field or method of owner.
type declaration struct {
	owner string
	at    *ast.Ident
}

func declared(tree *ast.File) []declaration {
	var out []declaration
	for _, d := range tree.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			out = append(out, declaration{receiver(d), d.Name})
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					out = append(out, declaration{"", spec.Name})
					out = append(out, members(spec)...)
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						out = append(out, declaration{"", name})
					}
				}
			}
		}
	}
	return out
}

// members gives the named fields and methods of a struct or interface, those of structs inside it too.
func members(spec *ast.TypeSpec) []declaration {
	var out []declaration
	ast.Inspect(spec.Type, func(n ast.Node) bool {
		var list *ast.FieldList
		switch n := n.(type) {
		case *ast.StructType:
			list = n.Fields
		case *ast.InterfaceType:
			list = n.Methods
		case *ast.FuncType:
			return false
		default:
			return true
		}
		for _, field := range list.List {
			for _, name := range field.Names {
				out = append(out, declaration{spec.Name.Name, name})
			}
		}
		return true
	})
	return out
}

// receiver gives the name of the type a method belongs to.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return ""
	}
	name := ""
	ast.Inspect(d.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return name == ""
	})
	return name
}
