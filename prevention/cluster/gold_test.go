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
	"github.com/qianyi-dev/qianyi/prevention/cluster"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

// goldIssue is a labelled issue: kind C a concrete problem, P a theme of
// policy, S one person's series, about which nobody cares.
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
	sc.Buffer(nil, 8<<20)
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
// Based Cross-Document Coreferencing Using the Vector Space Model", ACL 1998)
// over the members of those that are used. Company without a gold issue counts
// as wrong unless it is neutral; company nobody cares about never counts.
type bcubed struct {
	gold    []goldIssue
	of      map[triage.ComplaintID]cluster.ID
	neutral bool
}

func (b bcubed) measure(use func(goldIssue) bool) (precision, recall, f1 float64) {
	label, careless := map[triage.ComplaintID]int{}, map[triage.ComplaintID]bool{}
	for _, g := range b.gold {
		for _, m := range g.Members {
			label[m] = g.Issue
			careless[m] = g.Kind == "S"
		}
	}
	together := map[cluster.ID][]triage.ComplaintID{}
	for id, x := range b.of {
		together[x] = append(together[x], id)
	}
	n := 0.0
	for _, g := range b.gold {
		if g.Kind == "S" || len(g.Members) < 3 || !use(g) {
			continue
		}
		for _, m := range g.Members {
			same, all := 0.0, 0.0
			for _, o := range together[b.of[m]] {
				l, labelled := label[o]
				switch {
				case labelled && l == g.Issue:
					same++
					all++
				case careless[o] || b.neutral && !labelled:
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

// isEven halves the gold issues. Errors were read and constants chosen on the
// even half; the figures of both were seen.
func isEven(g goldIssue) bool {
	h := fnv.New32a()
	h.Write([]byte(g.Name))
	return h.Sum32()%2 == 0
}

// newStream returns a stream that reads as the service does.
func newStream(t testing.TB) *cluster.Stream {
	t.Helper()
	p, err := pack.Load("", "general")
	if err != nil {
		t.Fatal(err)
	}
	cut, err := pack.NewTokenizer(p)
	if err != nil {
		t.Fatal(err)
	}
	return cluster.New(cluster.Options{Tokenizer: cut})
}

// Measured: 0.84 and 0.90 on all, 0.85 and 0.90 on the odd issues. A change of no
// meaning, such as another hash, moves them by 0.01.
func TestCitizenStreamAgreesWithTheGold(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	dir := filepath.Join(testkit.Shared(t), "data", "citizen")
	docs := readStream(t, dir, "stream.until-2019-08.jsonl")
	gold := readLines[goldIssue](t, dir, "issues.until-2019-08.jsonl")
	of := assignments(newStream(t), docs)
	for _, part := range []struct {
		name  string
		use   func(goldIssue) bool
		floor map[bool]float64 // of F1, by neutral
	}{
		{"all", func(goldIssue) bool { return true }, map[bool]float64{false: 0.81, true: 0.87}},
		{"even", isEven, nil},
		{"odd", func(g goldIssue) bool { return !isEven(g) }, map[bool]float64{false: 0.81, true: 0.87}},
	} {
		for _, neutral := range []bool{false, true} {
			p, r, f := bcubed{gold, of, neutral}.measure(part.use)
			t.Logf("%-4s company without gold neutral: %-5v precision %.3f recall %.3f F1 %.3f", part.name, neutral, p, r, f)
			if f < part.floor[neutral] {
				t.Errorf("%s: F1 %.3f is below %.2f", part.name, f, part.floor[neutral])
			}
		}
	}
}

// The texts of the simulated operator are work orders: forms with few words of
// the customer. The words alone find the ways in which an incident is told;
// they must neither mix it with others nor pour forms into one issue.
func TestWorkOrdersDoNotStickTogether(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	dir := filepath.Join(testkit.Shared(t), "data", "sim-a")
	docs := readStream(t, dir, "complaints.jsonl")
	b, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth struct {
		Incidents []struct {
			Name         string
			ComplaintIDs []triage.ComplaintID `json:"complaint_ids"`
		}
	}
	if err := json.Unmarshal(b, &truth); err != nil {
		t.Fatal(err)
	}
	of := assignments(newStream(t), docs)
	size := map[cluster.ID]int{}
	largest := 0
	for _, x := range of {
		size[x]++
		largest = max(largest, size[x])
	}
	t.Logf("%d complaints, %d issues, the largest of %d", len(docs), len(size), largest)
	if largest > len(docs)/20 {
		t.Errorf("an issue holds %d of %d complaints", largest, len(docs))
	}
	for _, in := range truth.Incidents {
		here := map[cluster.ID]int{}
		for _, id := range in.ComplaintIDs {
			here[of[id]]++
		}
		purity, best := 0.0, 0
		for _, id := range in.ComplaintIDs {
			purity += float64(here[of[id]]) / float64(size[of[id]])
			best = max(best, here[of[id]])
		}
		purity /= float64(len(in.ComplaintIDs))
		t.Logf("%s: %d complaints in %d issues, at most %d together, purity %.2f", in.Name, len(in.ComplaintIDs), len(here), best, purity)
		if purity < 0.4 {
			t.Errorf("%s: purity %.2f is below 0.40", in.Name, purity)
		}
	}
}
