package archtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"unicode/utf8"
)

// columns finds the lines of code that are too wide to be read beside another file.
func (r Rules) columns(f file) []string {
	if r.MaxColumns == 0 {
		return nil
	}
	exempt := make(map[int]bool)    // lines that are rows of a table or comments alone
	backquoted := make(map[int]int) // columns in backquotes, by line
	for _, group := range f.tree.Comments {
		for n := f.line(group.Pos()); n <= f.line(group.End()); n++ {
			exempt[n] = exempt[n] || f.alone(n)
		}
	}
	ast.Inspect(f.tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if n.Kind == token.STRING && n.Value[0] == '`' {
				for i, part := range bytes.Split([]byte(n.Value), []byte("\n")) {
					backquoted[f.line(n.Pos())+i] += utf8.RuneCount(part)
				}
			}
		case *ast.CompositeLit:
			if isTable(n) {
				f.markRows(n, exempt)
			}
		}
		return true
	})
	var found []string
	for i, line := range bytes.Split(f.text, []byte("\n")) {
		wide := utf8.RuneCount(line)
		if wide-backquoted[i+1] > r.MaxColumns && !exempt[i+1] {
			found = append(found, fmt.Sprintf("%s:%d: %d columns; break lines of code above %d",
				f.path, i+1, wide, r.MaxColumns))
		}
	}
	return found
}

// alone reports whether a line begins with a comment or lies inside one.
func (f file) alone(n int) bool {
	start := f.fset.File(f.tree.FileStart).LineStart(n)
	for _, group := range f.tree.Comments {
		for _, c := range group.List {
			at := f.fset.Position(c.Pos()).Offset
			first := f.fset.Position(start).Offset
			if c.Pos() <= start && start < c.End() {
				return true
			}
			if f.line(c.Pos()) == n && len(bytes.TrimSpace(f.text[first:at])) == 0 {
				return true
			}
		}
	}
	return false
}

// markRows marks the lines of a table that hold one row each.
func (f file) markRows(table *ast.CompositeLit, exempt map[int]bool) {
	rows := make(map[int]int) // by their line
	for _, row := range table.Elts {
		rows[f.line(row.Pos())]++
	}
	for _, row := range table.Elts {
		n := f.line(row.Pos())
		if n != f.line(table.Lbrace) && n == f.line(row.End()) && rows[n] == 1 {
			exempt[n] = true
		}
	}
}

// isTable reports whether a composite literal is a list of rows: its elements are composite literals without a type of
// their own, or it is a map or a list of at least three elements.
func isTable(c *ast.CompositeLit) bool {
	for _, e := range c.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			e = kv.Value
		}
		if inner, ok := e.(*ast.CompositeLit); ok && inner.Type == nil {
			return true
		}
	}
	switch c.Type.(type) {
	case *ast.MapType, *ast.ArrayType:
		return len(c.Elts) >= 3
	}
	return false
}
