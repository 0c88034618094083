//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"slices"
	"strings"
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
		if err := measure(ctx, client, site, path, s.requests); err != nil {
			return err
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
	answer, err := client.Do(r)
	if err != nil {
		return 0, 0, err
	}
	defer answer.Body.Close()
	size, err = io.Copy(io.Discard, answer.Body)
	return size, answer.StatusCode, err
}

func measure(ctx context.Context, client *http.Client, site, path string, requests int) error {
	var took []time.Duration
	var size int64
	for range max(requests, 1) {
		start := time.Now()
		n, status, err := get(ctx, client, site+path)
		if err != nil {
			return err
		}
		if status != http.StatusOK {
			return fmt.Errorf("GET %s: status %d", path, status)
		}
		took, size = append(took, time.Since(start)), n
	}
	slices.Sort(took)
	at := func(share float64) float64 { return 1000 * took[int(share*float64(len(took)-1))].Seconds() }
	fmt.Printf("GET %s: p50 %.1f ms, p99 %.1f ms, max %.1f ms, %d bytes\n", path, at(0.5), at(0.99), at(1), size)
	return nil
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
