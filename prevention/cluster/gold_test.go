package cluster_test

import (
	"bufio"
	"encoding/json"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/nlp/segment"
	"github.com/qianyi-dev/qianyi/prevention/cluster"
	"github.com/qianyi-dev/qianyi/triage"
)

type goldIssue struct {
	Issue   int                  `json:"issue"`
	Name    string               `json:"name"`
	Kind    string               `json:"kind"`
	Members []triage.ComplaintID `json:"members"`
}

type line struct {
	ID       triage.ComplaintID `json:"id"`
	Customer triage.CustomerID  `json:"customer_id"`
	Channel  string             `json:"channel"`
	At       string             `json:"at"`
	Title    string             `json:"title"`
	Text     string             `json:"text"`
}

func readLines[T any](t testing.TB, path ...string) []T {
	t.Helper()
	f, err := os.Open(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows []T
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var row T
		if err := json.Unmarshal(sc.Bytes(), &row); err != nil {
			t.Fatalf("%v: %v", path, err)
		}
		rows = append(rows, row)
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

func readStream(t testing.TB, path ...string) []cluster.Doc {
	t.Helper()
	var docs []cluster.Doc
	for _, l := range readLines[line](t, path...) {
		at, err := time.Parse("2006-01-02T15:04:05", l.At)
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, cluster.Doc{ID: l.ID, Customer: l.Customer, At: at, Title: l.Title, Text: l.Text, Channel: l.Channel})
	}
	slices.SortStableFunc(docs, func(a, b cluster.Doc) int { return a.At.Compare(b.At) })
	return docs
}

// assignments replays a stream and returns the issue of each complaint at the
// end.
func assignments(s *cluster.Stream, docs []cluster.Doc) map[triage.ComplaintID]cluster.ID {
	of := map[triage.ComplaintID]cluster.ID{}
	into := map[cluster.ID]cluster.ID{}
	for _, d := range docs {
		p := s.Add(d)
		of[d.ID] = p.Issue
		for _, m := range p.Merged {
			into[m] = p.Issue
		}
	}
	for id, x := range of {
		for to, ok := into[x]; ok; to, ok = into[x] {
			x = to
		}
		of[id] = x
	}
	return of
}

// bcubed measures agreement with the gold issues (Bagga and Baldwin, "Entity-
// Based Cross-Document Coreferencing Using the Vector Space Model", ACL 1998),
// over their members. Predicted company without a gold issue counts as wrong
// unless neutral; company that is don't-care never counts.
func bcubed(gold []goldIssue, of map[triage.ComplaintID]cluster.ID, neutral bool, use func(goldIssue) bool) (precision, recall, f1 float64) {
	label, careless := map[triage.ComplaintID]int{}, map[triage.ComplaintID]bool{}
	for _, g := range gold {
		for _, m := range g.Members {
			label[m] = g.Issue
			careless[m] = g.Kind == "S"
		}
	}
	together := map[cluster.ID][]triage.ComplaintID{}
	for id, x := range of {
		together[x] = append(together[x], id)
	}
	n := 0.0
	for _, g := range gold {
		if g.Kind == "S" || len(g.Members) < 3 || !use(g) {
			continue
		}
		for _, m := range g.Members {
			same, all := 0.0, 0.0
			for _, o := range together[of[m]] {
				l, labelled := label[o]
				switch {
				case careless[o], neutral && !labelled:
				case labelled && l == g.Issue:
					same++
					all++
				default:
					all++
				}
			}
			precision += same / all
			recall += same / float64(len(g.Members))
			n++
		}
	}
	precision, recall = precision/n, recall/n
	return precision, recall, 2 * precision * recall / (precision + recall)
}

func even(g goldIssue) bool {
	h := fnv.New32a()
	h.Write([]byte(g.Name))
	return h.Sum32()%2 == 0
}

func TestGold(t *testing.T) {
	dir := filepath.Join(testkit.Shared(t), "data", "citizen")
	docs := readStream(t, dir, "stream.until-2019-08.jsonl")
	gold := readLines[goldIssue](t, dir, "issues.until-2019-08.jsonl")
	s := cluster.New(cluster.Options{Tokenizer: segment.Default()})
	start := time.Now()
	of := assignments(s, docs)
	t.Log("time", time.Since(start))
	for name, use := range map[string]func(goldIssue) bool{"all": func(goldIssue) bool { return true }, "even": even, "odd": func(g goldIssue) bool { return !even(g) }} {
		for _, neutral := range []bool{false, true} {
			p, r, f := bcubed(gold, of, neutral, use)
			t.Logf("%s neutral=%v P %.3f R %.3f F1 %.3f", name, neutral, p, r, f)
		}
	}
}
