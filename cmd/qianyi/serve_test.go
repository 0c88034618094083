package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/search"
)

// instance is a service that runs in this process.
type instance struct {
	url string
	// said is what it printed before the line with the URL.
	said string
	stop func() result
}

var openLine = regexp.MustCompile(`open (http://\S+/) `)

// serve starts the service on a free port and waits until it says where.
func serve(t *testing.T, args ...string) *instance {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	errs, stderr := io.Pipe()
	ended := make(chan int, 1)
	args = append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)
	go func() {
		ended <- execute(ctx, args, &streams{in: strings.NewReader(""), out: io.Discard, err: stderr, load: loadOnce})
		stderr.Close()
	}()
	found := make(chan *instance, 1)
	var all bytes.Buffer
	read := make(chan struct{})
	go func() {
		defer close(read)
		lines := bufio.NewScanner(errs)
		for lines.Scan() {
			fmt.Fprintln(&all, lines.Text())
			if m := openLine.FindStringSubmatch(lines.Text()); m != nil {
				found <- &instance{url: m[1], said: all.String()}
			}
		}
	}()
	stop := func() result {
		cancel()
		code := <-ended
		<-read
		ended <- code // for the next call
		return result{code: code, err: all.String()}
	}
	t.Cleanup(func() { stop() })
	select {
	case s := <-found:
		s.stop = stop
		return s
	case <-read:
		t.Fatalf("the service did not start: %s", all.String())
		return nil
	}
}

// call sends JSON and decodes the answer into v unless v is nil.
func (s *instance) call(t *testing.T, method, path, body string, v any) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.url+strings.TrimPrefix(path, "/"), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if v != nil {
		if err := json.Unmarshal(b, v); err != nil {
			t.Fatalf("%s %s: %d %.300s: %v", method, path, resp.StatusCode, b, err)
		}
	}
	return resp.StatusCode
}

// similar is the part of the answers that the tests look at.
type similar struct {
	Similar []struct{ ID string } `json:"similar"`
}

// caughtUp waits until the index has everything, through its job.
func (s *instance) caughtUp(t *testing.T) {
	t.Helper()
	if code := s.call(t, "POST", "/api/v1/jobs/index-catch-up/run", "{}", nil); code >= 300 && code != http.StatusConflict {
		t.Fatalf("run the catch-up job: status %d", code)
	}
}

func TestServeKeepsAndFindsAcrossARestart(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := serve(t, "--data", data)
	if !strings.Contains(s.said, "first user admin, password ") {
		t.Errorf("the first start does not say how to sign in:\n%s", s.said)
	}
	for _, probe := range []string{"/healthz", "/readyz", "/metrics", "/login", "/api/v1/openapi.json"} {
		if code := s.call(t, "GET", probe, "", nil); code != http.StatusOK {
			t.Errorf("%s: status %d", probe, code)
		}
	}
	for i, text := range []string{"宽带断网三天，报修无人上门", "宽带又断网了，报修两次无人上门处理", "话费多扣了五十元"} {
		body := fmt.Sprintf(`{"id":"R%d","text":%q}`, i, text)
		if code := s.call(t, "POST", "/api/v1/complaints", body, nil); code != http.StatusCreated {
			t.Fatalf("submit: status %d", code)
		}
	}
	if r := s.stop(); r.code != exitOK {
		t.Fatalf("stop: exit code %d\n%s", r.code, r.err)
	}

	s = serve(t, "--data", data)
	if strings.Contains(s.said, "password") {
		t.Errorf("the second start shows a password again:\n%s", s.said)
	}
	s.caughtUp(t)
	var answer similar
	if code := s.call(t, "POST", "/api/v1/triage?similar=2", `{"id":"q","text":"报修宽带断网，无人上门"}`, &answer); code != http.StatusOK || len(answer.Similar) == 0 {
		t.Errorf("after the restart: status %d, similar cases %v", code, answer.Similar)
	}
	if code := s.call(t, "GET", "/api/v1/complaints/R1", "", nil); code != http.StatusOK {
		t.Errorf("a stored case: status %d", code)
	}
}

func TestServeGoesOnWithADamagedIndex(t *testing.T) {
	t.Parallel()
	data := filled(t)
	damage(t, filepath.Join(data, "index"))
	s := serve(t, "--data", data)
	if code := s.call(t, "POST", "/api/v1/complaints", `{"id":"3","text":"宽带断网"}`, nil); code != http.StatusCreated {
		t.Errorf("submit: status %d", code)
	}
	s.caughtUp(t)
	var answer similar
	if s.call(t, "POST", "/api/v1/triage?similar=3", `{"id":"q","text":"宽带断网"}`, &answer); len(answer.Similar) != 3 {
		t.Errorf("the index was not built again: similar cases %v", answer.Similar)
	}
}

func TestServeGoesOnWithoutTheIndex(t *testing.T) {
	t.Parallel()
	data := filled(t)
	a, err := loadOnce(defaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	held, err := search.Open(filepath.Join(data, "index"), a.Tokenizer().Segmenter, search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	s := serve(t, "--data", data)
	var answer similar
	if code := s.call(t, "POST", "/api/v1/complaints", `{"id":"3","text":"宽带断网"}`, &answer); code != http.StatusCreated || len(answer.Similar) > 0 {
		t.Errorf("with the index held elsewhere: status %d, similar cases %v", code, answer.Similar)
	}
}

func TestServeRefusesInOneLine(t *testing.T) {
	t.Parallel()
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	notDB := file(t, "qianyi.db", strings.Repeat("a letter ", 1000))
	notFolder := file(t, "data", "")
	badConfig := file(t, "c.yaml", "adress: :80\n")
	for name, tt := range map[string]struct {
		args []string
		says string
	}{
		"address in use":      {[]string{"--addr", taken.Addr().String(), "--data", t.TempDir()}, taken.Addr().String()},
		"not a database":      {[]string{"--addr", "127.0.0.1:0", "--data", filepath.Dir(notDB)}, notDB},
		"data is no folder":   {[]string{"--addr", "127.0.0.1:0", "--data", notFolder}, notFolder},
		"typo in the setting": {[]string{"--config", badConfig}, badConfig + ":1: "},
	} {
		r := qianyi(t, "", append([]string{"serve"}, tt.args...)...).must(t, exitFailure)
		if strings.Count(r.err, "\n") != 1 || !strings.Contains(r.err, tt.says) {
			t.Errorf("%s: stderr is %q, want one line that says %q", name, r.err, tt.says)
		}
	}
}

func TestServeDemoShowsACompany(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	s := serve(t, "--demo")
	if !strings.Contains(s.said, "sign in as demo / demo") || !strings.Contains(s.said, "qianyi-demo-") {
		t.Errorf("the start says\n%s", s.said)
	}
	var page struct {
		Total int `json:"total"`
	}
	if s.call(t, "GET", "/api/v1/complaints?limit=1", "", &page); page.Total < 1000 {
		t.Errorf("the demo has %d complaints, want a company's worth", page.Total)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	resp, err := client.PostForm(s.url+"login", url.Values{"name": {"demo"}, "password": {"demo"}})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.Request.URL.Path != "/" || resp.StatusCode != http.StatusOK {
		t.Errorf("after signing in as demo: %s, status %d", resp.Request.URL, resp.StatusCode)
	}
	start := time.Now()
	if r := s.stop(); r.code != exitOK || time.Since(start) > stopLimit {
		t.Errorf("stop: exit code %d\n%s", r.code, r.err)
	}
}
