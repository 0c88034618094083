package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// stopLimit is how long requests and jobs may go on after the stop, together;
// then they are cut off.
const stopLimit = 10 * time.Second

// cleanups ends what was started, the last first.
type cleanups struct {
	steps []cleanup
}

type cleanup struct {
	name string
	do   func(ctx context.Context) error
}

// add notes how to end something. do must return soon after its context ends.
func (c *cleanups) add(name string, do func(ctx context.Context) error) {
	c.steps = append(c.steps, cleanup{name, do})
}

// run does every clean-up once, whatever the others return; a second call does
// nothing.
func (c *cleanups) run() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopLimit)
	defer cancel()
	var all error
	for _, step := range slices.Backward(c.steps) {
		if err := step.do(ctx); err != nil {
			all = errors.Join(all, fmt.Errorf("stop %s: %w", step.name, err))
		}
	}
	c.steps = nil
	return all
}
