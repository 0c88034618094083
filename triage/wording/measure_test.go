package wording_test

import (
	"bufio"
	"encoding/json"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/pack"
	"github.com/qianyi-dev/qianyi/triage/wording"
)

// labelled is one line of testdata/replies.jsonl: a reply and the mistakes that
// a reader found in it, before there were any rules.
type labelled struct {
	ID        string         `json:"id"`
	Text      string         `json:"text"`
	Complaint string         `json:"complaint"`
	Kinds     []wording.Kind `json:"kinds"`
}

// held says whether the line belongs to the half that the rules were not
// looked at against.
func (l *labelled) held() bool {
	h := fnv.New32a()
	h.Write([]byte(l.ID)) // never fails
	return h.Sum32()>>3&1 == 1
}

func readLabelled(t *testing.T, file string) []labelled {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() // only read
	var list []labelled
	s := bufio.NewScanner(f)
	for s.Scan() {
		var l labelled
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		list = append(list, l)
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// analyzer reads complaints as qianyi lint-reply does.
var analyzer = sync.OnceValues(func() (*pack.Analyzer, error) {
	return pack.NewAnalyzer(pack.Options{Pack: "general", WordsOnly: true})
})

// matter is what the analyser knows of a complaint.
func matter(t *testing.T, complaint string) wording.Matter {
	t.Helper()
	a, err := analyzer()
	if err != nil {
		t.Fatal(err)
	}
	s := a.Assess(&triage.Complaint{ID: "c", Text: complaint})
	return wording.Matter{Text: complaint, Demand: s.Demand, Entities: s.Entities}
}

func checker(t *testing.T) *wording.Checker {
	t.Helper()
	c, err := wording.New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// tally counts right and wrong decisions.
type tally struct{ hit, extra, missed int }

func (c *tally) count(found, wanted bool) {
	switch {
	case found && wanted:
		c.hit++
	case found:
		c.extra++
	case wanted:
		c.missed++
	}
}

func (c *tally) f1() float64 { return 2 * float64(c.hit) / float64(2*c.hit+c.extra+c.missed) }

func kindsOf(r wording.Report) []wording.Kind {
	var list []wording.Kind
	for _, f := range r.Flags {
		if !slices.Contains(list, f.Kind) {
			list = append(list, f.Kind)
		}
	}
	return list
}

// The goal of the issue is an F1 of 0.75. Before any rule was changed after
// looking at the other half, the held half had 0.892 for kinds and 0.962 for
// flagged or clean.
func TestQualityOnHeldReplies(t *testing.T) {
	t.Parallel()
	const goal = 0.75
	c := checker(t)
	kinds := map[bool]*tally{true: {}, false: {}}
	binary := map[bool]*tally{true: {}, false: {}}
	for _, l := range readLabelled(t, "replies.jsonl") {
		got := kindsOf(c.Check(l.Text, matter(t, l.Complaint)))
		for _, k := range wording.Kinds {
			kinds[l.held()].count(slices.Contains(got, k), slices.Contains(l.Kinds, k))
		}
		binary[l.held()].count(len(got) > 0, len(l.Kinds) > 0)
	}
	for _, held := range []bool{false, true} {
		t.Logf("held %v: kinds F1 %.3f %+v, flagged or clean F1 %.3f %+v", held, kinds[held].f1(), *kinds[held], binary[held].f1(), *binary[held])
	}
	if got := min(kinds[true].f1(), binary[true].f1()); got < goal {
		t.Errorf("F1 on the held half is %.3f, want %.2f", got, goal)
	}
}

// Replies by a writer who knew neither the rules nor the sentences. The looked
// half served to find what was missing. Nobody read the other one, but its
// figures were in view when reach, questionBar and the length of sequences were
// chosen, so they are a little kind. With the rules alone the halves had 0.40 and
// 0.51 for kinds, 0.78 and 0.84 for flagged or clean.
func TestQualityOnRepliesOfOthers(t *testing.T) {
	t.Parallel()
	c := checker(t)
	for _, tt := range []struct {
		file          string
		kinds, binary float64 // a bit below what was measured
	}{
		{"outside_looked.jsonl", 0.80, 0.88},
		{"outside_unseen.jsonl", 0.70, 0.84},
	} {
		var kinds, binary tally
		for _, l := range readLabelled(t, tt.file) {
			got := kindsOf(c.Check(l.Text, matter(t, l.Complaint)))
			for _, k := range wording.Kinds {
				kinds.count(slices.Contains(got, k), slices.Contains(l.Kinds, k))
			}
			binary.count(len(got) > 0, len(l.Kinds) > 0)
		}
		t.Logf("%s: kinds F1 %.3f %+v, flagged or clean F1 %.3f %+v", tt.file, kinds.f1(), kinds, binary.f1(), binary)
		if kinds.f1() < tt.kinds || binary.f1() < tt.binary {
			t.Errorf("%s: F1 is %.3f and %.3f, want %.2f and %.2f", tt.file, kinds.f1(), binary.f1(), tt.kinds, tt.binary)
		}
	}
}
