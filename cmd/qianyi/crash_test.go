package main

import (
	"bufio"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
)

// command prepares the program itself as a child process.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), self, args...)
	child.Env = append(os.Environ(), commandEnv+"=1")
	return child
}

// start runs the service as a process of its own.
func start(t *testing.T, args ...string) (*instance, *exec.Cmd) {
	t.Helper()
	child := command(t, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	errs, err := child.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	s := &instance{}
	said := bufio.NewScanner(errs)
	for s.url == "" && said.Scan() {
		if m := openLine.FindStringSubmatch(said.Text()); m != nil {
			s.url = m[1]
		}
	}
	if s.url == "" {
		t.Fatalf("the service did not start: %v", child.Wait())
	}
	go func() {
		for said.Scan() { // keeps the child from blocking on its log
		}
	}()
	return s, child
}

// Every complaint whose receipt a client has seen must be there after the
// process was killed in the middle of its work.
func TestKilledServiceKeepsWhatItAcknowledged(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s, child := start(t, "--data", data)
	acknowledged := submitUntilItEnds(s.url, 4, 150, func() {
		if err := child.Process.Kill(); err != nil {
			t.Error(err)
		}
	})
	if err := child.Wait(); err == nil {
		t.Fatal("the child ended by itself, want it killed")
	}
	if len(acknowledged) < 150 {
		t.Fatalf("only %d complaints were acknowledged", len(acknowledged))
	}
	s = serve(t, "--data", data)
	for _, id := range acknowledged {
		if code := s.call(t, "GET", "/api/v1/complaints/"+id, "", nil); code != http.StatusOK {
			t.Fatalf("acknowledged complaint %s: status %d after the crash", id, code)
		}
	}
	s.caughtUp(t)
	var answer similar
	if s.call(t, "POST", "/api/v1/triage?similar=5", `{"id":"q","text":"宽带断网，要求赔偿"}`, &answer); len(answer.Similar) != 5 {
		t.Errorf("the index did not recover: similar cases %v", answer.Similar)
	}
}

// submitUntilItEnds submits complaints from several clients, calls kill when
// enough were acknowledged, and returns the ids of all that were.
func submitUntilItEnds(url string, clients, enough int, kill func()) (acknowledged []string) {
	var mu sync.Mutex
	var once sync.Once
	var wg sync.WaitGroup
	for c := range clients {
		wg.Go(func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("K%d-%d", c, i)
				body := fmt.Sprintf(`{"id":%q,"text":"第%d次宽带断网，要求赔偿"}`, id, i)
				resp, err := http.Post(url+"api/v1/complaints", "application/json", strings.NewReader(body))
				if err != nil {
					return
				}
				resp.Body.Close()
				if resp.StatusCode != http.StatusCreated {
					continue
				}
				mu.Lock()
				acknowledged = append(acknowledged, id)
				done := len(acknowledged) >= enough
				mu.Unlock()
				if done {
					once.Do(kill)
				}
			}
		})
	}
	wg.Wait()
	return acknowledged
}

// waitForCase returns when another process has stored the case.
func waitForCase(t *testing.T, data string, id triage.ComplaintID) {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(data, "qianyi.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Shutdown() //nolint:errcheck // only read
	for {
		_, err := db.Case(t.Context(), id)
		if err == nil {
			return
		}
		if triage.CodeOf(err) != triage.CodeNotFound {
			t.Fatal(err)
		}
	}
}

// An import that was interrupted, gently or not, goes on where it was when it
// is started again.
func TestInterruptedImportGoesOn(t *testing.T) {
	t.Parallel()
	const rows = 6000
	var b strings.Builder
	for i := range rows {
		fmt.Fprintf(&b, `{"id":"M%d","text":"第%d次反映充值未到账，要求退款"}`+"\n", i, i)
	}
	path := file(t, "many.jsonl", b.String())
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			imported(t, exitOK, "complaints", file(t, "one.jsonl", `{"id":"seed","text":"退款"}`), "--data", data)
			child := command(t, "import", "complaints", path, "--data", data)
			var errs strings.Builder
			child.Stderr = &errs
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			waitForCase(t, data, "M0")
			if err := child.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			err := child.Wait()
			var exit *exec.ExitError
			if !errors.As(err, &exit) {
				t.Fatalf("the import was over before the signal: %v", err)
			}
			if signal == syscall.SIGTERM && (exit.ExitCode() != exitFailure || errs.String() != "qianyi: interrupted\n") {
				t.Errorf("exit code %d, stderr %q", exit.ExitCode(), errs.String())
			}
			got, _ := imported(t, exitOK, "complaints", path, "--data", data)
			if got.Added+got.Known != rows || got.Known == 0 || got.Added == 0 || !got.Indexed {
				t.Errorf("the second import added %d and knew %d of %d, indexed %v", got.Added, got.Known, rows, got.Indexed)
			}
		})
	}
}
