// Package qianyi_test holds the rules of the code base as tests: who may
// import whom, what every package and exported name must say, how large files
// and functions may grow. They read the source, so that no build cache can
// show a stale result.
package qianyi_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/qianyi-dev/qianyi/"

// mayImport lists, for each folder, the folders of ours it may import. A
// folder stands for all below it, which may import each other.
var mayImport = map[string][]string{
	"nlp":                 {},
	"triage":              {"nlp"},
	"search":              {"nlp", "triage"},
	"prevention":          {"nlp", "triage"},
	"jobs":                {"nlp", "triage", "prevention"},
	"store":               {"nlp", "triage", "prevention", "jobs"}, // of nlp the values of an assessment
	"web":                 {"nlp", "triage", "prevention", "jobs"},
	"cmd":                 {"nlp", "triage", "search", "prevention", "jobs", "store", "web", "internal/corpus", "internal/demo", "internal/simulate"},
	"internal/testkit":    {},
	"internal/corpus":     {},
	"internal/demo":       {"nlp", "triage", "prevention", "internal/corpus"},
	"internal/simulate":   {"nlp", "triage", "internal/corpus"},
	"internal/modelbuild": {"nlp", "triage", "internal/corpus"},
	"bench":               {"nlp", "triage", "search", "prevention", "jobs", "store", "web", "internal/corpus", "internal/demo", "internal/simulate"},
}

// onlyIn lists the folders that alone may import what begins with a path, in
// code and, where inTests is set, in tests; without folders nobody may.
var onlyIn = []struct {
	imports string
	folders []string
	inTests bool
}{
	{"github.com/go-ego/gse", []string{"nlp/segment"}, true},
	{"github.com/blevesearch/", []string{"search"}, true},
	{"github.com/RoaringBitmap/", []string{"search"}, true},
	{"github.com/gin-gonic/gin", []string{"web", "cmd"}, false}, // cmd sets its mode
	{"github.com/danielgtaylor/huma", []string{"web"}, false},
	{"database/sql", []string{"store", "internal/testkit"}, false},
	{"modernc.org/sqlite", []string{"store"}, false},
	{"github.com/jackc/pgx", []string{"store", "internal/testkit"}, false},
	{"github.com/pressly/goose", []string{"store"}, false},
	{"github.com/wneessen/go-mail", []string{"prevention/channel"}, true},
	{"github.com/emersion/", []string{"prevention/channel/channeltest", "triage/mailbox"}, false},
	{"github.com/coreos/go-oidc", []string{"web/console"}, true},
	{"golang.org/x/oauth2", []string{"web/console"}, true},
	{"github.com/pquerna/otp", []string{"triage/access"}, false},
	{"github.com/sashabaranov/go-openai", []string{"triage/llm"}, true},
	{module + "internal/testkit", []string{"internal/testkit"}, false},
	{"github.com/stretchr/testify", nil, true},
	{"github.com/pkg/errors", nil, true},
	{"math/rand", nil, true},
}

// vague are names that say nothing about what a package holds.
var vague = []string{"util", "utils", "common", "helper", "helpers", "models", "types", "manager", "misc", "shared", "base"}

const (
	maxFileLines     = 500
	maxFunctionLines = 100
)

// source is one Go file of the repository.
type source struct {
	path string // from the root, with slashes
	set  *token.FileSet
	tree *ast.File
}

func (s *source) folder() string { return path.Dir(s.path) }

func (s *source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

func (s *source) line(p token.Pos) int { return s.set.Position(p).Line }

func (s *source) errorf(t *testing.T, at token.Pos, format string, args ...any) {
	t.Helper()
	t.Errorf("%s:%d: "+format, append([]any{s.path, s.line(at)}, args...)...)
}

// sources parses every Go file below the root.
func sources(t *testing.T) []*source {
	t.Helper()
	var list []*source
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && file != "." && (name[0] == '.' || name[0] == '_' || name == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(file) != ".go" {
			return nil
		}
		s := &source{path: filepath.ToSlash(file), set: token.NewFileSet()}
		s.tree, err = parser.ParseFile(s.set, file, nil, parser.ParseComments|parser.SkipObjectResolution)
		list = append(list, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 10 {
		t.Fatalf("found %d Go files: the test does not run in the root of the repository", len(list))
	}
	return list
}

// inside says whether a folder is one of the others or below one.
func inside(folder string, others []string) bool {
	return slices.ContainsFunc(others, func(o string) bool {
		return folder == o || strings.HasPrefix(folder, o+"/")
	})
}

// imports calls visit for every import of a file.
func (s *source) imports(t *testing.T, visit func(imported string, at token.Pos)) {
	t.Helper()
	for _, spec := range s.tree.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		visit(imported, spec.Pos())
	}
}

func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.isTest() { // tests put together what the code may not
			continue
		}
		owner := ""
		for folder := range mayImport {
			if inside(s.folder(), []string{folder}) {
				owner = folder
			}
		}
		if owner == "" {
			t.Errorf("%s: the folder has no rule; add it to mayImport", s.path)
			continue
		}
		s.imports(t, func(imported string, at token.Pos) {
			ours, found := strings.CutPrefix(imported, module)
			if found && !inside(ours, append(mayImport[owner], owner)) {
				s.errorf(t, at, "%s must not import %s", owner, ours)
			}
		})
	}
}

// A test of nlp that needs the store shows that something is in the wrong
// place: tests of the lower packages stay below, too.
func TestTestsOfLowerPackagesStayBelow(t *testing.T) {
	t.Parallel()
	lower := []string{"nlp", "triage", "search", "prevention", "jobs"}
	upper := []string{"web", "cmd"}
	for _, s := range sources(t) {
		if !s.isTest() || !inside(s.folder(), lower) {
			continue
		}
		s.imports(t, func(imported string, at token.Pos) {
			if ours, found := strings.CutPrefix(imported, module); found && inside(ours, upper) {
				s.errorf(t, at, "a test of %s must not import %s", s.folder(), ours)
			}
		})
	}
}

func TestLibrariesStayInTheirPackage(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		s.imports(t, func(imported string, at token.Pos) {
			for _, rule := range onlyIn {
				if !inside(imported, []string{strings.TrimSuffix(rule.imports, "/")}) || strings.HasPrefix(imported, "math/rand/v2") {
					continue
				}
				if (!s.isTest() || rule.inTests) && !inside(s.folder(), rule.folders) {
					s.errorf(t, at, "%s may be imported in %q only", imported, rule.folders)
				}
			}
		})
	}
}

func TestPackagesSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	documented := map[string]bool{}
	for _, s := range sources(t) {
		name := s.tree.Name.Name
		if slices.Contains(vague, name) {
			s.errorf(t, s.tree.Name.Pos(), "package name %q says nothing about what is in it", name)
		}
		if s.isTest() {
			continue
		}
		doc := strings.HasPrefix(s.tree.Doc.Text(), "Package "+name+" ") || name == "main" && s.tree.Doc != nil
		documented[s.folder()] = documented[s.folder()] || doc
	}
	for folder, ok := range documented {
		if !ok {
			t.Errorf("%s: the package has no comment that begins with its name", folder)
		}
	}
}

func TestExportedNamesAreDocumented(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.isTest() || s.tree.Name.Name == "main" || inside(s.folder(), []string{"internal"}) {
			continue
		}
		for _, d := range s.tree.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
					s.errorf(t, d.Pos(), "%s has no comment", d.Name.Name)
				}
			case *ast.GenDecl:
				s.checkSpecs(t, d)
			}
		}
	}
}

// exportedReceiver says whether a function belongs to no type or to an
// exported one.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	typ := d.Recv.List[0].Type
	for {
		switch t := typ.(type) {
		case *ast.StarExpr:
			typ = t.X
		case *ast.IndexExpr:
			typ = t.X
		case *ast.IndexListExpr:
			typ = t.X
		case *ast.Ident:
			return t.IsExported()
		default:
			return false
		}
	}
}

// checkSpecs wants a comment on every exported type, constant and variable;
// one above a group serves for its constants and variables.
func (s *source) checkSpecs(t *testing.T, d *ast.GenDecl) {
	t.Helper()
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.Name.IsExported() && spec.Doc == nil && (d.Doc == nil || d.Lparen.IsValid()) {
				s.errorf(t, spec.Pos(), "type %s has no comment", spec.Name.Name)
			}
		case *ast.ValueSpec:
			for _, name := range spec.Names {
				if name.IsExported() && spec.Doc == nil && spec.Comment == nil && d.Doc == nil {
					s.errorf(t, name.Pos(), "%s has no comment", name.Name)
				}
			}
		}
	}
}

func TestFilesAndFunctionsStaySmall(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if n := s.line(s.tree.FileEnd); n > maxFileLines {
			t.Errorf("%s has %d lines, want %d at most", s.path, n, maxFileLines)
		}
		for _, d := range s.tree.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || s.isTest() { // a table may be as long as its cases
				continue
			}
			if n := s.line(f.End()) - s.line(f.Pos()) + 1; n > maxFunctionLines {
				s.errorf(t, f.Pos(), "%s has %d lines, want %d at most", f.Name.Name, n, maxFunctionLines)
			}
		}
	}
}

// go test runs neither TestfooBar nor a test that stands outside a test file.
func TestTestsAreRun(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		for _, d := range s.tree.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !takesTesting(f) {
				continue
			}
			for _, prefix := range []string{"Test", "Benchmark", "Fuzz"} {
				rest, found := strings.CutPrefix(f.Name.Name, prefix)
				switch {
				case !found:
				case !s.isTest():
					s.errorf(t, f.Pos(), "%s stands outside a test file", f.Name.Name)
				case f.Name.Name != "TestMain" && (rest == "" || !ast.IsExported(rest)):
					s.errorf(t, f.Pos(), "%s is never run: the word after %s begins with a capital letter", f.Name.Name, prefix)
				}
			}
		}
	}
}

// takesTesting says whether the only parameter is a *testing.T, B, F or M.
func takesTesting(f *ast.FuncDecl) bool {
	if len(f.Type.Params.List) != 1 {
		return false
	}
	star, ok := f.Type.Params.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	sel, ok := star.X.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, ok := sel.X.(*ast.Ident)
	return ok && pkg.Name == "testing"
}
