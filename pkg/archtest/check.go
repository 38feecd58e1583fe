package archtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// file is what the rules look at in one Go file.
type file struct {
	path    string // from the module root
	dir     string
	name    string // package name
	test    bool
	lines   int
	doc     string
	hand    bool // written by hand
	imports []string
	inits   bool
	text    []byte
	fset    *token.FileSet
	tree    *ast.File
}

// text is a file of the web app.
type text struct{ path, text string }

// line gives the line number of a position in the file.
func (f file) line(p token.Pos) int { return f.fset.Position(p).Line }

// Check reads every file of a module and returns what breaks the rules, one sentence each, sorted.
func Check(root fs.FS, r Rules) ([]string, error) {
	var found []string
	packages := make(map[string][]file)
	folders := make(map[string]bool) // by their last names
	var web []text
	err := fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if skipped(p) {
				return fs.SkipDir
			}
			folders[path.Base(p)] = true
			return nil
		}
		if !watched(p) {
			return nil
		}
		content, err := fs.ReadFile(root, p)
		if err != nil {
			return err
		}
		if !strings.HasSuffix(p, ".go") {
			web = append(web, text{p, string(content)})
			return nil
		}
		f, err := parse(p, content)
		if err != nil {
			return err
		}
		packages[f.dir] = append(packages[f.dir], f)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the module: %w", err)
	}
	for dir, files := range packages {
		found = append(found, r.checkPackage(dir, files)...)
		for _, f := range files {
			found = append(found, r.checkFile(f)...)
		}
	}
	for _, w := range web {
		found = append(found, r.length(w.path, strings.Count(w.text, "\n"))...)
	}
	found = append(found, r.checkEntries(packages)...)
	for _, compare := range []func() ([]string, error){
		func() ([]string, error) { return r.checkRetired(packages, web) },
		func() ([]string, error) { return r.checkDrawing(root, folders) },
		func() ([]string, error) { return r.checkTypeNames(root, packages) },
		func() ([]string, error) { return r.checkPhrases(packages, web) },
	} {
		broken, err := compare()
		if err != nil {
			return nil, err
		}
		found = append(found, broken...)
	}
	slices.Sort(found)
	return found, nil
}

// skipped reports whether a folder holds nothing the rules speak of.
func skipped(dir string) bool {
	name := path.Base(dir)
	return dir != "." && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata" ||
		dir == "third_party" || dir == "web/dist" || dir == "bin")
}

// watched reports whether a file is one the rules speak of.
func watched(p string) bool {
	if strings.HasPrefix(p, "web/src/") {
		return !strings.Contains(p, ".gen.") && !strings.Contains(p, ".test.") &&
			(strings.HasSuffix(p, ".ts") || strings.HasSuffix(p, ".tsx") || strings.HasSuffix(p, ".css"))
	}
	return strings.HasSuffix(p, ".go")
}

func parse(p string, content []byte) (file, error) {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, p, content, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return file{}, err
	}
	f := file{
		path: p, dir: path.Dir(p), name: tree.Name.Name,
		test:  strings.HasSuffix(p, "_test.go"),
		lines: bytes.Count(content, []byte("\n")),
		hand:  !ast.IsGenerated(tree),
		doc:   tree.Doc.Text(),
		text:  content, fset: fset, tree: tree,
	}
	for _, spec := range tree.Imports {
		if to, err := strconv.Unquote(spec.Path.Value); err == nil {
			f.imports = append(f.imports, to)
		}
	}
	for _, d := range tree.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
			f.inits = true
		}
	}
	return f, nil
}

// checkPackage holds the rules that look at a package as a whole.
func (r Rules) checkPackage(dir string, files []file) []string {
	var found []string
	var documented []string
	name, code := "", false
	for _, f := range files {
		if f.test {
			continue
		}
		code, name = true, f.name
		if f.doc != "" {
			documented = append(documented, f.path)
		}
	}
	if !code {
		return nil
	}
	if _, ok := r.Floors[dir]; !ok {
		found = append(found, fmt.Sprintf("%s: has no floor; decide what it may import and add it to "+
			"Floors in pkg/archtest/rules.go and to docs/architecture.md", dir))
	}
	if slices.Contains(r.Forbidden, name) || slices.Contains(r.Forbidden, path.Base(dir)) {
		found = append(found, fmt.Sprintf("%s: the name %q says nothing; name the package after what it owns",
			dir, path.Base(dir)))
	}
	switch {
	case len(documented) == 0:
		found = append(found, fmt.Sprintf("%s: has no package comment; say what it owns and what it never does", dir))
	case len(documented) > 1:
		slices.Sort(documented)
		found = append(found, fmt.Sprintf("%s: has more than one package comment (%s); keep one",
			dir, strings.Join(documented, ", ")))
	}
	return found
}

// checkFile holds the rules that look at one file.
func (r Rules) checkFile(f file) []string {
	var found []string
	if f.inits {
		found = append(found, f.path+": declares init(); construct it where it is used, from pkg/app")
	}
	if f.test {
		return found
	}
	if f.hand {
		found = append(found, r.length(f.path, f.lines)...)
		found = append(found, r.columns(f)...)
	}
	found = append(found, r.logKeys(f)...)
	for _, to := range f.imports {
		if inner, ok := strings.CutPrefix(to, r.Module+"/"); ok {
			found = append(found, r.inside(f, inner)...)
		} else {
			found = append(found, r.outside(f, to)...)
		}
	}
	return found
}

func (r Rules) length(p string, lines int) []string {
	if lines <= r.MaxLines {
		return nil
	}
	return violation("%s: %d lines; above %d nobody reads it: split it by what its parts own", p, lines, r.MaxLines)
}

// inside judges an import of one of our own packages.
func (r Rules) inside(f file, to string) []string {
	if f.dir == to {
		return nil
	}
	if slices.Contains(r.Suites, to) && !slices.Contains(r.Suites, f.dir) {
		return violation("%s: imports the test suite %s; only _test.go files may", f.path, to)
	}
	if allowed, ok := r.Reserved[to]; ok {
		if !slices.Contains(allowed, f.dir) {
			return violation("%s: imports %s, which is for %s; take what you need as Options", f.path, to, orNobody(allowed))
		}
		return nil
	}
	from, ok := r.Floors[f.dir]
	below, known := r.Floors[to]
	switch {
	case !ok || !known: // reported by checkPackage
		return nil
	case below == from && !slices.Contains(r.Suites, f.dir):
		return violation("%s: imports its neighbour %s on floor %d; declare the small interface you need and let pkg/app "+
			"connect them", f.path, to, from)
	case below > from:
		return violation("%s: floor %d imports %s on floor %d; imports point down: move the type down or declare "+
			"an interface", f.path, from, to, below)
	}
	return nil
}

// outside judges an import of somebody else's package.
func (r Rules) outside(f file, to string) []string {
	for module, doors := range r.Doors {
		if to != module && !strings.HasPrefix(to, module+"/") {
			continue
		}
		forTests := len(doors) == 0 && slices.Contains(r.Suites, f.dir)
		if !forTests && !slices.Contains(doors, f.dir) {
			return violation("%s: imports %s; its door is %s: ask that package for what you need", f.path, to, orNobody(doors))
		}
		return nil
	}
	if first, _, _ := strings.Cut(to, "/"); strings.Contains(first, ".") {
		return violation("%s: imports %s, which has no door; choose the one package that may and add it to Doors in "+
			"pkg/archtest/rules.go", f.path, to)
	}
	return nil
}

func violation(format string, args ...any) []string { return []string{fmt.Sprintf(format, args...)} }

func orNobody(packages []string) string {
	if len(packages) == 0 {
		return "nobody outside tests"
	}
	return strings.Join(packages, ", ")
}
