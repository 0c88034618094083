package live_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/internal/testkit"
	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/desk"
	"github.com/qianyi-dev/qianyi/prevention/detect"
	"github.com/qianyi-dev/qianyi/prevention/live"
	"github.com/qianyi-dev/qianyi/store"
	"github.com/qianyi-dev/qianyi/triage"
)

// start is the first day of every stream.
var start = time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// twos cuts a text into words of two characters.
type twos struct{}

func (twos) SearchTokens(dst []nlp.Token, text string) []nlp.Token {
	for i := 0; i < len(text); {
		_, a := utf8.DecodeRuneInString(text[i:])
		_, b := utf8.DecodeRuneInString(text[i+a:])
		dst = append(dst, nlp.Token{Start: i, End: i + a + b})
		i += a + b
	}
	return dst
}

// word is one of the words of a made-up language.
func word(n int) string { return string([]rune{rune(0x4e00 + n%4001), rune(0x5e00 + n*13%4003)}) }

// stream writes complaints. Ordinary ones are of words drawn at random, each of
// a customer of its own.
type stream struct {
	random *rand.Rand
	cases  []triage.Case
	prefix string // of ids
}

func newStream(seed uint64) *stream { return &stream{random: rand.New(rand.NewPCG(seed, 1))} }

// text is of random words behind those of the matters.
func (s *stream) text(matter ...int) string {
	var b strings.Builder
	for _, m := range matter {
		b.WriteString(word(m))
	}
	for range 17 - len(matter) {
		b.WriteString(word(100 + int(2000*s.random.Float64()*s.random.Float64())))
	}
	return b.String()
}

// add appends a complaint that came in a minute after its time.
func (s *stream) add(c triage.Complaint) {
	n := len(s.cases)
	c.ID = cmp.Or(c.ID, triage.ComplaintID(fmt.Sprintf("%sc%05d", s.prefix, n)))
	c.CustomerID = cmp.Or(c.CustomerID, triage.CustomerID(fmt.Sprintf("%sp%05d", s.prefix, n)))
	c.Channel = cmp.Or(c.Channel, triage.ChannelApp)
	suggested := cmp.Or(c.Type, themes[n%len(themes)])
	c.Type = ""
	s.cases = append(s.cases, triage.Case{
		Complaint: c, Status: triage.StatusReceived, ReceivedAt: c.At.Add(time.Minute),
		Assessment: triage.Assessment{Type: suggested},
	})
}

var themes = []string{"billing", "service", "quality"}

// ordinary writes some complaints a day from one day on.
func (s *stream) ordinary(from, days, perDay int) *stream {
	for i := range days * perDay {
		s.add(triage.Complaint{
			At: start.Add(time.Duration(from)*day + time.Duration(i)*day/time.Duration(perDay)), Text: s.text(),
			Region: fmt.Sprint("R", s.random.IntN(8)), Product: fmt.Sprint("P", s.random.IntN(10)),
		})
	}
	return s
}

// outage and recall are the words of two problems.
var (
	outage = []int{1, 2, 3, 4, 5, 6, 7, 8, 9}
	recall = []int{11, 12, 13, 14, 15, 16, 17, 18, 19}
)

// incident writes complaints of n customers about a matter, spread over days.
func (s *stream) incident(matter []int, from, days float64, n int) *stream {
	for i := range n {
		at := start.Add(time.Duration((from + days*float64(i)/float64(n)) * float64(day))).Add(7 * time.Minute)
		s.add(triage.Complaint{At: at, Text: s.text(matter...)})
	}
	return s
}

// facts writes complaints of n customers in which only region and product are
// common, spread over days.
func (s *stream) facts(from, days float64, n int) *stream {
	for i := range n {
		at := start.Add(time.Duration((from + days*float64(i)/float64(n)) * float64(day))).Add(11 * time.Minute)
		s.add(triage.Complaint{At: at, Text: s.text(), Type: "billing", Region: "R3", Product: "P7"})
	}
	return s
}

// sorted returns the cases in order of time.
func (s *stream) sorted() []triage.Case {
	slices.SortStableFunc(s.cases, func(a, b triage.Case) int { return a.ReceivedAt.Compare(b.ReceivedAt) })
	return s.cases
}

// service is a store with detection over it.
type service struct {
	t     testing.TB
	db    *store.DB
	clock *testkit.Clock
	desk  *desk.Service
	*live.Detection
}

// newService opens a fresh store.
func newService(t testing.TB) *service {
	t.Helper()
	return openService(t, filepath.Join(t.TempDir(), "qianyi.db"))
}

func openService(t testing.TB, dsn string) *service {
	t.Helper()
	db, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Shutdown(); err != nil {
			t.Error(err)
		}
	})
	s := &service{t: t, db: db, clock: testkit.NewClock(start)}
	s.desk = desk.New(desk.Deps{Clusters: db, Members: db, Actions: db, Alarms: db, Audit: db, Zone: time.UTC, Now: s.clock.Now})
	s.restart()
	return s
}

// deps are those of a detection whose thresholds stay, so that a shorter memory
// changes nothing.
func (s *service) deps() live.DetectionDeps {
	return live.DetectionDeps{
		Feed: s.db, Store: s.db, Clusters: s.db,
		Sources: live.LedgerSources{Exposures: s.db, Feed: s.db, Customers: s.db},
		Options: detect.Options{Tokenizer: twos{}, Thresholds: detect.Thresholds{Fixed: true}},
		Memory:  210 * day, Now: s.clock.Now,
	}
}

// restart begins with a new detection.
func (s *service) restart() { s.Detection = live.NewDetection(s.deps()) }

// accept stores cases and sets the clock to the receipt of the last one.
func (s *service) accept(cases ...triage.Case) {
	s.t.Helper()
	if len(cases) == 0 {
		return
	}
	_, err := s.db.Accept(s.t.Context(), cases)
	s.must(err)
	s.clock.Set(cases[len(cases)-1].ReceivedAt)
}

// run lets detection take in what came.
func (s *service) run() (cases, raised int) {
	s.t.Helper()
	cases, raised, err := s.Run(s.t.Context())
	s.must(err)
	return cases, raised
}

// live lets the cases come in day by day; before each day's run hook is called
// with the number of the day.
func (s *service) live(cases []triage.Case, hook func(day int)) {
	s.t.Helper()
	for len(cases) > 0 {
		today := int(cases[0].ReceivedAt.Sub(start) / day)
		n := slices.IndexFunc(cases, func(c triage.Case) bool { return int(c.ReceivedAt.Sub(start)/day) != today })
		if n < 0 {
			n = len(cases)
		}
		s.accept(cases[:n]...)
		if hook != nil {
			hook(today)
		}
		s.run()
		cases = cases[n:]
	}
}

// register leaves the region of every other case to the customer file.
func (s *service) register(cases []triage.Case) []triage.Case {
	s.t.Helper()
	cases = slices.Clone(cases)
	var customers []triage.Customer
	for i := range cases {
		if i%2 == 0 {
			customers = append(customers, triage.Customer{ID: cases[i].CustomerID, Region: cases[i].Region})
			cases[i].Region = ""
		}
	}
	_, err := s.db.PutCustomers(s.t.Context(), customers)
	s.must(err)
	return cases
}

// before lets the cases before a day come in at once and returns the others.
func (s *service) before(today int, cases []triage.Case) []triage.Case {
	s.t.Helper()
	n := slices.IndexFunc(cases, func(c triage.Case) bool { return c.ReceivedAt.Sub(start) >= time.Duration(today)*day })
	s.accept(cases[:n]...)
	s.run()
	return cases[n:]
}

func (s *service) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// clusters returns all clusters, the first alarm first.
func (s *service) clusters() []prevention.Cluster {
	s.t.Helper()
	page, err := s.db.Clusters(context.Background(), prevention.ClusterFilter{Limit: 500})
	s.must(err)
	slices.Reverse(page.Clusters)
	return page.Clusters
}

// only returns the one cluster there is.
func (s *service) only() prevention.Cluster {
	s.t.Helper()
	list := s.clusters()
	if len(list) != 1 {
		s.t.Fatalf("got %d clusters, want one", len(list))
	}
	return list[0]
}

// in returns the complaints of a cluster, sorted.
func (s *service) in(id prevention.ClusterID) []triage.ComplaintID {
	s.t.Helper()
	members, err := s.db.Members(s.t.Context(), id)
	s.must(err)
	var ids []triage.ComplaintID
	for _, m := range members {
		ids = append(ids, m.Complaint)
	}
	slices.Sort(ids)
	return ids
}

// story is what is known of a cluster, without the numbers that a crash may
// cost.
type story struct {
	Title   string
	Path    prevention.Path
	Stage   prevention.Stage
	Alarm   prevention.Alarm
	Members []triage.ComplaintID
	Told    []string
}

// stories returns those of all clusters that stand alone.
func (s *service) stories() []story {
	s.t.Helper()
	told := s.told()
	var list []story
	for _, c := range s.clusters() {
		if c.MergedInto == "" {
			list = append(list, story{c.Title, c.Path, c.Stage, c.Alarm, s.in(c.ID), told[c.ID]})
		}
	}
	return list
}

// told returns the announcements about clusters.
func (s *service) told() map[prevention.ClusterID][]string {
	s.t.Helper()
	waiting, err := s.db.Waiting(s.t.Context(), 0)
	s.must(err)
	told := map[prevention.ClusterID][]string{}
	for _, a := range waiting {
		told[a.Cluster] = append(told[a.Cluster], string(a.Kind)+" "+a.At.UTC().Format(time.DateTime))
	}
	return told
}

// kinds are the announcements about a cluster without their times.
func (s *service) kinds(id prevention.ClusterID) []string {
	s.t.Helper()
	var kinds []string
	for _, line := range s.told()[id] {
		kind, _, _ := strings.Cut(line, " ")
		kinds = append(kinds, kind)
	}
	return kinds
}

func same[T any](t testing.TB, what string, want, got T) {
	t.Helper()
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

// later makes the ids of further complaints begin with a day.
func (s *stream) later(day int) *stream {
	s.prefix = fmt.Sprint("d", day)
	return s
}
