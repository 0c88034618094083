package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/web/console"
)

// Every route about one case refuses who is of another department, as if the
// case did not exist; those it went through, and its owner, may see it.
func TestScopeOfEveryCaseRoute(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	f.complain("theirs", "own", "passed")
	zhou, wu := f.as("zhou"), f.as("wu")
	zhou.must("own", "assign", "owner", "wu")
	zhou.must("passed", "hand-over", "department", "物流部", "checked", "x", "promised", "x", "task", "x", "due", "2026-03-03 18:00")
	zhou.must("passed", "hand-over/accept")
	if got := zhou.send("passed", "assign", "department", "计费中心"); got != http.StatusConflict {
		t.Errorf("assigned to another department without a hand-over: got status %d, want 409", got)
	}
	zhou.must("passed", "hand-over", "department", "计费中心", "checked", "x", "promised", "x", "task", "x", "due", "2026-03-03 18:00")
	zhou.must("passed", "assign", "owner", "lin")

	routes := console.Routes(f.console)
	tried := 0
	for _, pattern := range routes {
		method, path, _ := strings.Cut(pattern, " ")
		if !strings.HasPrefix(path, "/cases/{id}") {
			continue
		}
		tried++
		for id, want := range map[string]bool{"theirs": false, "none": false} {
			target := strings.ReplaceAll(path, "{id}", id)
			w := wu.get(target)
			if method == http.MethodPost {
				w = wu.post(target, url.Values{"version": {"0"}, "choice": {"billing"}, "resolution": {"x"}})
			}
			if got := w.Code != http.StatusNotFound; got != want {
				t.Errorf("%s for %s: got status %d, want 404", pattern, id, w.Code)
			}
		}
	}
	if tried < 12 {
		t.Errorf("tried %d routes, want all about one case", tried)
	}
	for _, id := range []string{"own", "passed"} {
		contains(t, wu.page("/cases/"+id), id)
	}
	list := wu.page("/?view=all")
	contains(t, list, "/cases/own", "/cases/passed")
	lacks(t, list, "/cases/theirs")
	rows := sheetRows(t, wu.get("/tracking.xlsx?view=all"))
	if got := len(rows) - 2; got != 2 {
		t.Errorf("the tracking sheet of another department has %d cases, want 2", got)
	}
	if rows := sheetRows(t, wu.post("/cases/batch", url.Values{"do": {"export"}, "case": {"theirs", "own"}})); len(rows) != 2 {
		t.Errorf("ticking a case of another department: got %d rows, want a header and one", len(rows))
	}
	if got := f.as("demo").page("/?view=all"); !strings.Contains(got, "/cases/theirs") {
		t.Error("an administrator does not see every case")
	}
}
