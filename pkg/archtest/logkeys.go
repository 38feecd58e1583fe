package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
)

// logCalls are the functions and methods of log/slog that take keys.
var logCalls = []string{
	"Debug", "DebugContext", "Info", "InfoContext", "Warn", "WarnContext", "Error", "ErrorContext", "Log", "LogAttrs",
	"With", "Any", "Attr", "Bool", "Duration", "Float64", "Group", "Int", "Int64", "String", "Time", "Uint64", "WithGroup",
}

// logKeys finds keys of log lines that have another spelling here. A call counts by its name, because a file may log
// through a field without importing log/slog.
func (r Rules) logKeys(f file) []string {
	var found []string
	ast.Inspect(f.tree, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		fn, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !slices.Contains(logCalls, fn.Sel.Name) {
			return true
		}
		for _, arg := range call.Args {
			literal, ok := arg.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				continue
			}
			key, err := strconv.Unquote(literal.Value)
			if name, retired := r.LogKeys[key]; err == nil && retired {
				found = append(found, fmt.Sprintf("%s:%d: the key %q of a log line is written %q",
					f.path, f.line(arg.Pos()), key, name))
			}
		}
		return true
	})
	return found
}
