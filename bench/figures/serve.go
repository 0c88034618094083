//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	userName = "bench"
	password = "bench 7391 figures" //nolint:gosec // of a made-up service
	// patience is how long the server may take until pages have figures.
	patience = 5 * time.Minute
)

// servePages starts the program on the data, signs in and asks for each page,
// one request after the other.
func servePages(ctx context.Context, s settings, paths []string) error {
	add := exec.CommandContext(ctx, s.binary, "user", "add", userName, "--role", "admin", "--data", s.data)
	add.Stdin = strings.NewReader(password + "\n")
	if out, err := add.CombinedOutput(); err != nil {
		return fmt.Errorf("user add: %w: %s", err, out)
	}
	addr, err := freeAddr(ctx)
	if err != nil {
		return err
	}
	c := exec.CommandContext(ctx, s.binary, "serve", "--addr", addr, "--data", s.data)
	start := time.Now()
	if err := c.Start(); err != nil {
		return err
	}
	defer func() {
		// The figures are printed; how the server ends is tested elsewhere.
		_ = c.Process.Signal(syscall.SIGTERM)
		_ = c.Wait()
	}()
	site := "http://" + addr
	client, err := signIn(ctx, site)
	if err != nil {
		return err
	}
	fmt.Printf("server up and signed in after %.2f s\n", time.Since(start).Seconds())
	if err := waitForFigures(ctx, client, site); err != nil {
		return err
	}
	fmt.Printf("pages have figures after %.2f s\n", time.Since(start).Seconds())
	for _, path := range paths {
		for _, clients := range s.clients {
			if err := measure(ctx, client, site, path, s.requests, clients, func() time.Duration { return workOf(c.Process.Pid) }); err != nil {
				return err
			}
		}
	}
	return nil
}

func signIn(ctx context.Context, site string) (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	client := &http.Client{Jar: jar}
	form := url.Values{"name": {userName}, "password": {password}}
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, site+"/login", strings.NewReader(form.Encode()))
		if err != nil {
			return nil, err
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := client.Do(r)
		if err != nil {
			continue // not up yet
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("signing in: status %d", answer.StatusCode)
		}
		return client, nil
	}
	return nil, fmt.Errorf("the server was not up after %s", patience)
}

// waitForFigures asks for a workbook of nothing, which is refused until the
// figures have been read.
func waitForFigures(ctx context.Context, client *http.Client, site string) error {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if _, status, err := get(ctx, client, site+"/figures/cases.csv?from=1970-01-01&to=1970-01-01"); err != nil || status == http.StatusOK {
			return err
		}
	}
	return fmt.Errorf("the figures were not read after %s", patience)
}

func get(ctx context.Context, client *http.Client, address string) (size int64, status int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, 0, err
	}
	return answer(client, r)
}

func answer(client *http.Client, r *http.Request) (size int64, status int, err error) {
	a, err := client.Do(r)
	if err != nil {
		return 0, 0, err
	}
	defer a.Body.Close()
	size, err = io.Copy(io.Discard, a.Body)
	return size, a.StatusCode, err
}

// found begins the path of a page that is found by asking for a customer.
const found = "/counter/find?"

// ask is a request as a browser makes it.
func ask(ctx context.Context, client *http.Client, site, path string) (size int64, status int, err error) {
	query, isForm := strings.CutPrefix(path, found)
	if !isForm {
		return get(ctx, client, site+path)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, site+strings.TrimSuffix(found, "?"), strings.NewReader(query))
	if err != nil {
		return 0, 0, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return answer(client, r)
}

// workOf is the processor time that a process has taken, which says more than a
// clock while others use the machine; 0 where the system has no /proc.
func workOf(pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	const user, system, ticks = 11, 12, 10 * time.Millisecond // proc(5), behind the name
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	var sum int
	for _, at := range []int{user, system} {
		n, err := strconv.Atoi(fields[at])
		if err != nil {
			return 0
		}
		sum += n
	}
	return time.Duration(sum) * ticks
}

// measure asks for a page, so many clients at once, each one request after the
// other.
func measure(ctx context.Context, client *http.Client, site, path string, requests, clients int, work func() time.Duration) error {
	took := make([]time.Duration, max(requests, 1))
	first := time.Now()
	size, status, err := ask(ctx, client, site, path) // finds nothing in a cache
	cold := time.Since(first)
	before := work()
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("GET %s: status %d", path, status)
	}
	failed := []error{err}
	var next atomic.Int64
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range clients {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(took)); i = next.Add(1) - 1 {
				start := time.Now()
				if _, _, err := ask(ctx, client, site, path); err != nil {
					mu.Lock()
					failed = append(failed, err)
					mu.Unlock()
					return
				}
				took[i] = time.Since(start)
			}
		})
	}
	wg.Wait()
	slices.Sort(took)
	at := func(share float64) float64 { return 1000 * took[int(share*float64(len(took)-1))].Seconds() }
	fmt.Printf("%d at once, %s: first %.1f ms, then p50 %.1f ms, p99 %.1f ms, max %.1f ms, work %.1f ms each, %d bytes\n", clients, path,
		1000*cold.Seconds(), at(0.5), at(0.99), at(1), 1000*(work()-before).Seconds()/float64(len(took)), size)
	return errors.Join(failed...)
}

func freeAddr(ctx context.Context) (string, error) {
	var listen net.ListenConfig
	l, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
