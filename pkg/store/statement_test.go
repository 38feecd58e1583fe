package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestEveryStatementPrepares finds each constant of type statement in this package's source and prepares it: a typo, a
// renamed column or a table without a migration fails here and not in front of a viewer.
func TestEveryStatementPrepares(t *testing.T) {
	t.Parallel()
	db := newDB(t)
	all := statements(t)
	if len(all) == 0 {
		t.Fatal("found no statements: the search is broken")
	}
	for name, text := range all {
		// A list is widened when it is used; one place stands for it here.
		stmt, err := db.writer.Preparex(text)
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, text)
			continue
		}
		if err := stmt.Close(); err != nil {
			t.Errorf("%s: close: %v", name, err)
		}
	}
}

// TestNoStatementEscapesTheRegistry looks for SQL in plain strings: it would be missed above.
func TestNoStatementEscapesTheRegistry(t *testing.T) {
	t.Parallel()
	registered := make(map[string]bool)
	for _, text := range statements(t) {
		registered[text] = true
	}
	for _, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text := unquote(t, lit)
			for _, verb := range []string{"SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "} {
				if strings.HasPrefix(strings.TrimSpace(text), verb) && !registered[text] && !partOfConst(file, lit) {
					t.Errorf("this SQL is not a constant of type statement: %.60s", text)
				}
			}
			return true
		})
	}
}

// statements gives the constants of type statement, name to text, with sums of constants added up.
func statements(t *testing.T) map[string]string {
	t.Helper()
	values := make(map[string]ast.Expr)
	var names []string
	for _, file := range sources(t) {
		for spec := range constSpecs(file) {
			for i, name := range spec.Names {
				if i < len(spec.Values) {
					values[name.Name] = spec.Values[i]
				}
				if typ, ok := spec.Type.(*ast.Ident); ok && typ.Name == "statement" {
					names = append(names, name.Name)
				}
			}
		}
	}
	var text func(ast.Expr) string
	text = func(e ast.Expr) string {
		switch e := e.(type) {
		case *ast.BasicLit:
			return unquote(t, e)
		case *ast.BinaryExpr:
			return text(e.X) + text(e.Y)
		case *ast.Ident:
			if v, ok := values[e.Name]; ok {
				return text(v)
			}
		}
		t.Fatalf("a statement is made of something other than constants: %T", e)
		return ""
	}
	out := make(map[string]string, len(names))
	for _, name := range names {
		out[name] = text(values[name])
	}
	return out
}

func constSpecs(file *ast.File) func(yield func(*ast.ValueSpec) bool) {
	return func(yield func(*ast.ValueSpec) bool) {
		for _, d := range file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, s := range g.Specs {
				if !yield(s.(*ast.ValueSpec)) {
					return
				}
			}
		}
	}
}

func partOfConst(file *ast.File, lit *ast.BasicLit) bool {
	for spec := range constSpecs(file) {
		if spec.Pos() <= lit.Pos() && lit.End() <= spec.End() {
			return true
		}
	}
	return false
}

func sources(t *testing.T) []*ast.File {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var out []*ast.File
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

func unquote(t *testing.T, lit *ast.BasicLit) string {
	t.Helper()
	s, err := strconv.Unquote(lit.Value)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
