//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// serve starts the program on the imported data, sends complaints at the fixed
// rate whatever the answers take (an open loop, so that a slow answer does not
// hide the wait of those behind it), and reports latency and memory.
func serve(ctx context.Context, s settings, texts []string) error {
	addr, err := freeAddr()
	if err != nil {
		return err
	}
	c := exec.CommandContext(ctx, s.binary, "serve", "--addr", addr, "--data", filepath.Join(s.folder, "data"))
	start := time.Now()
	if err := c.Start(); err != nil {
		return err
	}
	defer func() {
		// The figures are printed; how the server ends is tested elsewhere.
		_ = c.Process.Signal(syscall.SIGTERM)
		_ = c.Wait()
	}()
	if err := ready(ctx, "http://"+addr+"/readyz"); err != nil {
		return err
	}
	fmt.Printf("server ready with %d cases: %.2f s\n", s.cases, time.Since(start).Seconds())
	took, failed := send(ctx, "http://"+addr+"/api/v1/complaints", s, texts)
	if failed > 0 {
		return fmt.Errorf("%d of %d requests failed", failed, failed+len(took))
	}
	slices.Sort(took)
	at := func(share float64) float64 { return took[int(share*float64(len(took)-1))].Seconds() * 1000 }
	fmt.Printf("POST /complaints with similar cases at %d a second, %d requests: p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, max %.1f ms\n",
		s.rate, len(took), at(0.5), at(0.9), at(0.99), at(1))
	fmt.Printf("memory of the server: %s now, %s at most\n", memory(c.Process.Pid, "VmRSS"), memory(c.Process.Pid, "VmHWM"))
	return nil
}

func send(ctx context.Context, url string, s settings, texts []string) (took []time.Duration, failed int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	tick := time.NewTicker(time.Second / time.Duration(s.rate))
	defer tick.Stop()
	for i := range int(s.during.Seconds()) * s.rate {
		due := <-tick.C
		wg.Go(func() {
			err := post(ctx, url, i, texts[(i*31)%len(texts)])
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed++
				return
			}
			took = append(took, time.Since(due))
		})
	}
	wg.Wait()
	return took, failed
}

func post(ctx context.Context, url string, i int, text string) error {
	body, err := json.Marshal(map[string]string{
		"id": "N" + strconv.Itoa(i), "text": text, "customer_id": "C" + strconv.Itoa(i), "channel": "web",
	})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusCreated {
		return fmt.Errorf("status %d", answer.StatusCode)
	}
	return nil
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

func ready(ctx context.Context, url string) error {
	for range 600 {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		answer, err := http.DefaultClient.Do(r)
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("%s is not ready after 30 s", url)
}

// memory reads one line of the process's status (Linux).
func memory(pid int, key string) string {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(status)) {
		if rest, found := strings.CutPrefix(line, key+":"); found {
			return strings.TrimSpace(rest)
		}
	}
	return "unknown"
}

// peak is the largest resident size of a finished command in MB.
func peak(c *exec.Cmd) int64 {
	if usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		return usage.Maxrss / 1024
	}
	return 0
}
