package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
)

// versionCmd prints what was built from what.
type versionCmd struct {
	JSON bool `name:"json" help:"Print JSON."`
}

// buildInfo describes this program.
type buildInfo struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func readBuildInfo() buildInfo {
	b := buildInfo{Version: "dev", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = v
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

// Run prints one line.
func (cmd *versionCmd) Run(s *streams) error {
	b := readBuildInfo()
	if cmd.JSON {
		return json.NewEncoder(s.out).Encode(b)
	}
	line := fmt.Sprintf("qianyi %s %s %s", b.Version, b.Go, b.Platform)
	if b.Commit != "" {
		line += " " + b.Commit
	}
	_, err := fmt.Fprintln(s.out, line)
	return err
}
