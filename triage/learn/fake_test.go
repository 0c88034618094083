package learn_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/learn"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

var night = time.Date(2026, time.March, 4, 2, 30, 0, 0, time.UTC) // a Wednesday

var telecom = sync.OnceValues(func() (*pack.Analyzer, error) { return pack.NewAnalyzer(pack.Options{Pack: "telecom"}) })

func base(t testing.TB) *pack.Analyzer {
	t.Helper()
	a, err := telecom()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// archive keeps everything in memory.
type archive struct {
	samples  []learn.Sample
	models   []learn.Model
	files    map[int64][]byte
	judged   []learn.Judged
	arrivals []learn.Arrival
	reports  []learn.Report
}

func (s *archive) Samples(_ context.Context, limit int) ([]learn.Sample, error) {
	list := slices.Clone(s.samples)
	slices.SortFunc(list, func(a, b learn.Sample) int { return cmp.Compare(b.Last, a.Last) })
	list = list[:min(limit, len(list))]
	slices.SortFunc(list, func(a, b learn.Sample) int { return cmp.Compare(a.First, b.First) })
	return list, nil
}

func (s *archive) Place(_ context.Context, parts map[triage.ComplaintID]learn.Part, _ time.Time) error {
	for i := range s.samples {
		if part, found := parts[s.samples[i].Case]; found && s.samples[i].Part == "" {
			s.samples[i].Part = part
		}
	}
	return nil
}

func (s *archive) AddModel(_ context.Context, m learn.Model, content []byte) (int64, error) {
	m.ID = int64(len(s.models) + 1)
	if m.State == learn.StateActive {
		for i := range s.models {
			if s.models[i].State == learn.StateActive {
				s.models[i].State = learn.StateRetired
			}
		}
		s.files[m.ID] = content
	}
	s.models = append(s.models, m)
	return m.ID, nil
}

func (s *archive) Models(_ context.Context, _ string, limit int) ([]learn.Model, error) {
	list := slices.Clone(s.models)
	slices.Reverse(list)
	return list[:min(limit, len(list))], nil
}

func (s *archive) ActiveModel(context.Context, string) (learn.Model, error) {
	for _, m := range s.models {
		if m.State == learn.StateActive {
			return m, nil
		}
	}
	return learn.Model{}, triage.Errorf(triage.CodeNotFound, "the shipped one")
}

func (s *archive) ModelFile(_ context.Context, id int64) ([]byte, error) { return s.files[id], nil }

func (s *archive) Activate(_ context.Context, a learn.Activation) error {
	for i := range s.models {
		switch {
		case s.models[i].ID == a.ID:
			s.models[i].State = learn.StateActive
		case s.models[i].State == learn.StateActive:
			s.models[i].State = learn.StateRolledBack
		}
	}
	return nil
}

func (s *archive) JudgedSince(context.Context, time.Time) ([]learn.Judged, error) {
	return s.judged, nil
}

func (s *archive) ArrivalsSince(context.Context, time.Time, int) ([]learn.Arrival, error) {
	return s.arrivals, nil
}

func (s *archive) PutReport(_ context.Context, r learn.Report) error {
	s.reports = append(s.reports, r)
	return nil
}

func (s *archive) Report(context.Context, string) (learn.Report, error) {
	return s.reports[len(s.reports)-1], nil
}

// label has a person give a new case its type.
func (s *archive) label(text, typ string) *learn.Sample {
	n := int64(len(s.samples) + 1)
	s.samples = append(s.samples, learn.Sample{
		Case: triage.ComplaintID(fmt.Sprintf("c%04d", n)), Text: text, Type: typ, First: n, Last: n,
	})
	return &s.samples[n-1]
}

// stories are made of words that no pack knows, so that only labels can tell
// their types; 23 for each type and story are unlike each other.
func (s *archive) stories(from, to int) {
	for i := from; i < to; i++ {
		for typ, word := range map[string]string{"fee": "青鸾", "network": "白泽", "service": "烛龙"} {
			s.label(story(word, i), typ)
		}
	}
}

var syllables = []rune("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥东南西北春夏秋冬金木水火土山石田禾")

// story is a text about a word, with other words for each number.
func story(word string, n int) string {
	var b strings.Builder
	b.WriteString(word + "的事情已经说过")
	x := uint32(n)*2654435761 + 12345
	for range 14 {
		x = x*1664525 + 1013904223
		b.WriteRune(syllables[x>>16%uint32(len(syllables))])
	}
	b.WriteString("请" + word + "处理")
	return b.String()
}

func learner(t *testing.T, s *archive, change ...func(*learn.Config, *learn.Deps)) *learn.Learner {
	t.Helper()
	if s.files == nil {
		s.files = map[int64][]byte{}
	}
	config := learn.Config{MinNew: 10}
	d := learn.Deps{
		Base: base(t), Labels: s, Models: s, Watch: s, Now: func() time.Time { return night }, Log: slog.New(slog.DiscardHandler),
	}
	for _, f := range change {
		f(&config, &d)
	}
	l, err := learn.New(config, d)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
