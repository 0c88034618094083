package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
)

// crashEnv makes the test binary the victim of TestKilledWriter.
const crashEnv = "QIANYI_TEST_CRASH_DB"

func TestMain(m *testing.M) {
	if path := os.Getenv(crashEnv); path != "" {
		if err := acceptForever(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// acceptForever prints every id whose acceptance was acknowledged.
func acceptForever(path string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	for call := 0; ; call++ {
		batch := cases(fmt.Sprintf("call%d", call), 1+call%20)
		if _, err := db.Accept(ctx, batch); err != nil {
			return err
		}
		var ack strings.Builder
		for _, c := range batch {
			fmt.Fprintln(&ack, c.ID)
		}
		if _, err := os.Stdout.WriteString(ack.String()); err != nil {
			return err
		}
	}
}

func TestKilledWriter(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "q.db")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), self)
	child.Env = append(os.Environ(), crashEnv+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var acknowledged []triage.ComplaintID
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		acknowledged = append(acknowledged, triage.ComplaintID(lines.Text()))
		if len(acknowledged) == 1000 {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); err == nil {
		t.Fatal("the child ended by itself, want it killed")
	}
	if len(acknowledged) < 1000 {
		t.Fatalf("the child acknowledged %d cases, want at least 1000", len(acknowledged))
	}
	// The last line may have been cut by the kill.
	acknowledged = acknowledged[:len(acknowledged)-1]

	db := open(t, path)
	found, err := db.Cases(t.Context(), acknowledged)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != len(acknowledged) {
		t.Errorf("of %d acknowledged cases %d are there", len(acknowledged), len(found))
	}
	page, err := db.Queue(t.Context(), triage.QueueFilter{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if last, err := db.LastChange(t.Context()); err != nil || int(last) != page.Total {
		t.Errorf("%d cases are counted but the last change is %d (%v)", page.Total, last, err)
	}
}
