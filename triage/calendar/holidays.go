package calendar

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

//go:embed holidays.yaml
var own []byte

// schedule says of the days that a year's decree names whether they are worked.
type schedule map[int]bool

// load returns the program's years, and over them those of the folder.
func load(folder string) (map[int]schedule, error) {
	years, err := readOwn()
	if err != nil || folder == "" {
		return years, err
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("holidays: the folder %s cannot be read: %w", folder, err)
	}
	for _, entry := range entries {
		year, found := strings.CutSuffix(entry.Name(), ".json")
		if n, err := strconv.Atoi(year); found && err == nil {
			if years[n], err = readFile(filepath.Join(folder, entry.Name()), n); err != nil {
				return nil, fmt.Errorf("holidays: %w", err)
			}
		}
	}
	return years, nil
}

func readOwn() (map[int]schedule, error) {
	var file map[int]struct {
		Off  []string `yaml:"off"`
		Work []string `yaml:"work"`
	}
	if err := yaml.UnmarshalWithOptions(own, &file, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("holidays: the program's own file: %w", err)
	}
	years := make(map[int]schedule, len(file))
	for year, lists := range file {
		s := schedule{}
		if err := errors.Join(s.add(lists.Off, false), s.add(lists.Work, true)); err != nil {
			return nil, fmt.Errorf("holidays: the program's own file: %d: %w", year, err)
		}
		years[year] = s
	}
	return years, nil
}

// add enters days and spans FIRST..LAST.
func (s schedule) add(list []string, work bool) error {
	for _, text := range list {
		first, last, isSpan := strings.Cut(text, "..")
		if !isSpan {
			last = first
		}
		from, err := parseDay(first)
		if err != nil {
			return err
		}
		to, err := parseDay(last)
		if err != nil {
			return err
		}
		for day := from; day <= to; day++ {
			s[day] = work
		}
	}
	return nil
}

// readFile reads one year of the data set; fields it does not need may grow.
func readFile(file string, year int) (schedule, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		if errors.Is(err, fs.ErrPermission) {
			return nil, fmt.Errorf("%s: not allowed to read it", file)
		}
		return nil, err
	}
	var doc struct {
		Year int `json:"year"`
		Days []struct {
			Date     string `json:"date"`
			IsOffDay *bool  `json:"isOffDay"`
		} `json:"days"`
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if doc.Year != year || len(doc.Days) == 0 {
		return nil, fmt.Errorf("%s: holds %d days of year %d; it must hold those of %d", file, len(doc.Days), doc.Year, year)
	}
	s := schedule{}
	for i, d := range doc.Days {
		day, err := parseDay(d.Date)
		if err != nil || d.IsOffDay == nil {
			return nil, fmt.Errorf("%s: days[%d]: needs a date such as %d-10-01 and isOffDay", file, i, year)
		}
		s[day] = !*d.IsOffDay
	}
	return s, nil
}

func parseDay(text string) (int, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a date", text)
	}
	return numberOf(t.Date()), nil
}

func sortedYears(years map[int]schedule) []int { return slices.Sorted(maps.Keys(years)) }
