package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/triage"
)

// visitor is somebody who is signed in to the console.
type visitor struct {
	url    string
	client *http.Client
}

func visit(t *testing.T, s *instance, name string) visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := visitor{strings.TrimSuffix(s.url, "/"), &http.Client{Jar: jar}}
	resp, err := v.client.PostForm(v.url+"/login", url.Values{"name": {name}, "password": {"demo"}})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.Request.URL.Path != "/" || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s cannot sign in: %s, status %d", name, resp.Request.URL, resp.StatusCode)
	}
	return v
}

// page returns a page that must be there.
func (v visitor) page(t *testing.T, path string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, v.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := v.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("%s: status %d (%v)", path, resp.StatusCode, err)
	}
	return string(body)
}

var (
	caseLink     = regexp.MustCompile(`href="(/cases/TS[^"?]+)`)
	customerLink = regexp.MustCompile(`href="(/customers/(?:KH|HY)[^"?]+)`)
	solutionLink = regexp.MustCompile(`href="(/solutions/FA-[^"?]+)`)
)

// TestDemoFillsEveryPage reads the console as the visitor would, and starts the
// service on the same folder again.
func TestDemoFillsEveryPage(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	data := filepath.Join(t.TempDir(), "data")
	s := serve(t, "--demo", "--data", data)
	v := visit(t, s, "demo")
	paths := []string{
		"/?view=mine", "/?status=all", "/breaches", "/breaches?clock=respond", "/breaches?clock=verify", "/customers", "/customers?tier=vip",
		"/contacts?view=all", "/contacts?view=late", "/tasks", "/tasks?view=open", "/tasks?view=late", "/tasks?view=done",
		"/satisfaction", "/satisfaction?low=1", "/solutions", "/solutions?state=proposed", "/solutions?state=draft",
		"/clusters", "/outreach", "/rules", "/model", "/jobs", "/users", "/users/" + url.PathEscape("林悦"), "/audit", "/new", "/profile",
	}
	for _, status := range triage.Statuses {
		paths = append(paths, "/?status="+string(status))
	}
	follow := map[string]bool{}
	for _, path := range paths {
		body := v.page(t, path)
		if strings.Contains(body, "card empty") {
			t.Errorf("%s has nothing to show", path)
		}
		for _, link := range []*regexp.Regexp{caseLink, customerLink, solutionLink} {
			if m := link.FindStringSubmatch(body); m != nil {
				follow[m[1]] = true
			}
		}
	}
	if len(follow) < len(triage.Statuses) {
		t.Errorf("the pages lead to %v only", follow)
	}
	for path := range follow {
		v.page(t, path)
	}
	if m := v.page(t, "/model"); !strings.Contains(m, "<svg") {
		t.Error("the page of the model has no picture of how it does")
	}
	for _, name := range []string{"林悦", "何强", "陈立", "赵敏", "李薇", "郑航"} {
		if body := visit(t, s, name).page(t, "/?status=all"); strings.Contains(body, "card empty") {
			t.Errorf("%s sees no case", name)
		}
	}
	checkDemoStream(t, s)
	total := demoTotal(t, s)
	if r := s.stop(); r.code != exitOK {
		t.Fatalf("stop: exit code %d\n%s", r.code, r.err)
	}
	again := serve(t, "--demo", "--data", data)
	if n := demoTotal(t, again); n != total || total < 1000 {
		t.Errorf("the first start has %d complaints, the second %d", total, n)
	}
	if !strings.Contains(again.said, "sign in as demo / demo") {
		t.Errorf("the second start says\n%s", again.said)
	}
	again.stop()
	qianyi(t, "", "audit", "verify", "--data", data).must(t, exitOK)
}

func demoTotal(t *testing.T, s *instance) int {
	t.Helper()
	var page struct {
		Total int `json:"total"`
	}
	s.call(t, http.MethodGet, "/api/v1/complaints?limit=1", "", &page)
	return page.Total
}
