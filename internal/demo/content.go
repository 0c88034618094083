package demo

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
)

//go:embed data
var files embed.FS

// content is what people wrote for the company: its names, products,
// campaigns and wordings.
type content struct {
	Surnames   []string
	GivenNames []string `yaml:"given_names"`
	Industries []string
	Staff      []staffContent
	// Departments are whose the types are.
	Departments map[string]string
	Regions     []struct {
		Name  string
		Share float64
	}
	Lines    []lineContent
	Products []struct {
		Name       string
		Line       string
		Words      []string
		Industries []string
		Price      [2]int
	}
	Campaigns []campaignContent
	// CounterWords are what customers say at the counter, by attitude.
	CounterWords map[campaign.Attitude][]string `yaml:"counter_words"`
	Facts        struct {
		Staff, Own, Contact []string
	}
	Reminders   []string
	Resolutions []resolution
	Incident    incidentContent
	Batch       batchContent
	Solutions   []solutionContent
	Stories     []story
	Handling    handlingContent

	Improvements []improvementContent
	Lesson       lessonContent
	// LaunchDays is how long ago the planned campaigns were checked.
	LaunchDays int `yaml:"launch_days"`
	Schedules  []scheduleContent
}

// lineContent is a line of business; corpus texts of its industries are its.
type lineContent struct {
	Name       string
	Prefix     string
	History    int
	Industries []string
}

// resolution is an ending of cases of its type, or of its sub-types alone when
// it names any. Quality runs from 0 (brushed off) to 1 (made good and more).
type resolution struct {
	Type     string
	Subtypes []string
	Quality  float64
	Text     string
}

type incidentContent struct {
	Line     string
	Product  string
	Gateway  string
	Gateways []string
	Reason   string
	// Copied is sent by several customers word for word.
	Copied   string
	Patterns []string
	Matter   matterContent
}

// batchContent words the faulty batch.
type batchContent struct {
	Line    string
	Product string
	// Suffix tells the batch from the good ones of its month.
	Suffix string
	// Patterns are used once at most. Brief ones take a word for each of their
	// slots from Words.
	Patterns, Brief []string
	Words           map[string][]string
	Matter          matterContent
}

// matterContent is who works on an incident and what they write.
type matterContent struct {
	Name                     string
	Owner, Author, Approver  string
	Action, Department, Note string
	// SolutionSubtype is the sub-type of the solution that ended it.
	SolutionSubtype      string `yaml:"solution_subtype"`
	Title, Subject, Text string
	Holdout              float64
	Rule                 *struct {
		Name     string
		Minutes  int
		DailyCap int `yaml:"daily_cap"`
		Holdout  float64
		Text     string
	}
}

type solutionContent struct {
	Subtype, Title, Text string
}

// readContent reads the files of the binary. An unknown key is an error, so
// that a typing mistake does not go unnoticed.
func readContent() (*content, error) {
	c := &content{}
	for _, name := range []string{"company.yaml", "wording.yaml", "resolutions.yaml", "incident.yaml", "batch.yaml", "stories.yaml",
		"handling.yaml", "campaigns.yaml", "improvements.yaml"} {
		if err := readYAML("data/"+name, c); err != nil {
			return nil, err
		}
	}
	names, err := fs.Glob(files, "data/solutions/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		var s []solutionContent
		if err := readYAML(name, &s); err != nil {
			return nil, err
		}
		c.Solutions = append(c.Solutions, s...)
	}
	return c, nil
}

func readYAML(name string, into any) error {
	data, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	if err := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// typeOf returns the type of a sub-type code.
func typeOf(subtype string) string {
	typ, _, _ := strings.Cut(subtype, ".")
	return typ
}
