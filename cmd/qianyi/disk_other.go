//go:build !linux && !darwin

package main

// freeBytes does not know how to ask this system.
func freeBytes(string) (free uint64, known bool, err error) { return 0, false, nil }
