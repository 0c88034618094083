//go:build linux || darwin

package main

import (
	"fmt"
	"syscall"
)

// freeBytes returns what an ordinary user may still write in dir.
func freeBytes(dir string) (free uint64, known bool, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, false, fmt.Errorf("%s: %w", dir, err)
	}
	return s.Bavail * uint64(s.Bsize), true, nil
}
