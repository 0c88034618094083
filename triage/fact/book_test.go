package fact_test

import (
	"cmp"
	"maps"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/qianyi-dev/qianyi/triage/fact"
)

// sameFigures compares figures; only the sums of scores may differ, by the order
// of adding.
var sameFigures = []gocmp.Option{cmpopts.EquateApprox(1e-12, 0), cmpopts.EquateEmpty()}

// bookFilters reach every condition of a filter, and several at once.
var bookFilters = map[string]fact.Filter{
	"all":            {},
	"days":           fact.Filter{}.Between(firstDay+3, firstDay+9),
	"no days":        fact.Filter{}.Between(firstDay+9, firstDay+3),
	"value":          fact.Filter{}.With(fact.Type, "type1"),
	"empty value":    fact.Filter{}.With(fact.Owner, ""),
	"either value":   fact.Filter{}.With(fact.Type, "type1").With(fact.Type, "type2"),
	"unknown value":  fact.Filter{}.With(fact.Type, "nowhere"),
	"some unknown":   fact.Filter{}.With(fact.Type, "type1").With(fact.Type, "nowhere"),
	"two dimensions": fact.Filter{}.With(fact.Type, "type1").With(fact.Channel, "channel2"),
	"all flags":      fact.Filter{}.Having(fact.Repeat | fact.Ended),
	"any flag":       {Any: fact.Escalated},
	"no flag":        {Not: fact.Repeat},
	"longer":         {Longer: []fact.Longer{{Clock: fact.Respond, Than: 600}, {Clock: fact.Resolve, Than: fact.None}}},
	"scored":         {Scored: true},
	"below":          {Scored: true, Below: 40},
	"everything": {
		From: firstDay + 1, To: firstDay + 12, Is: []fact.Is{{Dim: fact.Tier, Value: ""}}, Not: fact.Slow,
		Longer: []fact.Longer{{Clock: fact.Verify, Than: 10}}, Scored: true, Below: 90,
	},
	"no dimension": {Is: []fact.Is{{Dim: fact.Dims, Value: "x"}}},
}

// chosen is the rows of a filter, found one by one.
func chosen(rows []fact.Row, f fact.Filter) []fact.Row {
	var list []fact.Row
	for i := range rows {
		if r := &rows[i]; inDays(r, f) && hasValues(r, f) && hasFlags(r, f) && hasMeasures(r, f) {
			list = append(list, *r)
		}
	}
	return list
}

func inDays(r *fact.Row, f fact.Filter) bool { return r.Day >= f.From && (f.To == 0 || r.Day < f.To) }

func hasValues(r *fact.Row, f fact.Filter) bool {
	asked, has := map[fact.Dim]bool{}, map[fact.Dim]bool{}
	for _, is := range f.Is {
		asked[is.Dim] = true
		if is.Dim < fact.Dims && r.Values[is.Dim] == is.Value {
			has[is.Dim] = true
		}
	}
	return len(asked) == len(has)
}

func hasFlags(r *fact.Row, f fact.Filter) bool {
	return r.Flags&f.All == f.All && r.Flags&f.Not == 0 && (f.Any == 0 || r.Flags&f.Any != 0)
}

func clockOf(r *fact.Row, c fact.Clock) int32 {
	return [fact.Clocks]int32{r.Respond, r.Verify, r.Resolve}[c]
}

func hasMeasures(r *fact.Row, f fact.Filter) bool {
	for _, l := range f.Longer {
		if clockOf(r, l.Clock) <= l.Than {
			return false
		}
	}
	return !f.Scored || r.Satisfaction >= 0 && (f.Below == 0 || r.Satisfaction < f.Below)
}

// sumUp counts rows one by one.
func sumUp(rows []fact.Row) (f fact.Figures) {
	for i := range rows {
		r := &rows[i]
		f.Cases++
		for k := range fact.FlagCount {
			if r.Flags&(1<<k) != 0 {
				f.With[k]++
			}
		}
		if s := float64(r.Satisfaction); s >= 0 {
			f.Scored, f.Scores, f.Squares = f.Scored+1, f.Scores+s, f.Squares+s*s
			if s >= 80 {
				f.Satisfied++
			}
		}
		for to, minutes := range map[*int]int32{&f.Responded: r.Respond, &f.Verified: r.Verify, &f.Resolved: r.Resolve} {
			if minutes != fact.None {
				*to++
			}
		}
		f.HandOvers += int(r.HandOvers)
		f.FactsNeeded += int(r.FactsNeeded)
		f.FactsKnown += int(r.FactsKnown)
		f.Replies += int(r.Replies)
		f.Points += int(r.Points)
	}
	return f
}

func byValue(rows []fact.Row, of func(*fact.Row) string) map[string][]fact.Row {
	groups := map[string][]fact.Row{}
	for i := range rows {
		groups[of(&rows[i])] = append(groups[of(&rows[i])], rows[i])
	}
	return groups
}

func TestCountsAreThoseOfARecount(t *testing.T) {
	t.Parallel()
	book, rows := randomBook(11, 14, 150)
	for name, f := range bookFilters {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := chosen(rows, f)
			same := func(what string, got, want any) {
				t.Helper()
				if diff := gocmp.Diff(want, got, sameFigures...); diff != "" {
					t.Errorf("%s (-want +got)\n%s", what, diff)
				}
			}
			same("total", book.Total(f), sumUp(want))
			for d := range fact.Dims {
				var groups []fact.Group
				for v, rows := range byValue(want, func(r *fact.Row) string { return r.Values[d] }) {
					groups = append(groups, fact.Group{Value: v, Figures: sumUp(rows)})
				}
				slices.SortFunc(groups, func(a, b fact.Group) int { return cmp.Or(b.Cases-a.Cases, cmp.Compare(a.Value, b.Value)) })
				same("by "+d.String(), book.By(f, d), groups)
			}
			cells := map[[2]string]fact.Figures{}
			for _, c := range book.Cross(f, fact.Type, fact.Owner) {
				cells[[2]string{c.A, c.B}] = c.Figures
			}
			pairs := map[[2]string]fact.Figures{}
			for a, of := range byValue(want, func(r *fact.Row) string { return r.Values[fact.Type] }) {
				for b, rows := range byValue(of, func(r *fact.Row) string { return r.Values[fact.Owner] }) {
					pairs[[2]string{a, b}] = sumUp(rows)
				}
			}
			same("cross", cells, pairs)
			countOthers(t, book, f, want, same)
		})
	}
}

// countOthers compares the counts that are no Figures by a dimension.
func countOthers(t *testing.T, book *fact.Book, f fact.Filter, want []fact.Row, same func(string, any, any)) {
	t.Helper()
	for _, unit := range []fact.Unit{fact.Daily, fact.Weekly, fact.Monthly, fact.Yearly} {
		byStart := byValue(want, func(r *fact.Row) string { return unit.Start(r.Day).String() })
		n := 0
		for _, p := range book.Over(f, unit) {
			n += p.Cases
			same("over "+p.Day.String(), p.Figures, sumUp(byStart[p.Day.String()]))
		}
		same("over all "+string(unit), n, len(want))
	}
	var seqs []int64
	var hours [7][24]int
	who := map[uint64]bool{}
	nobody := 0
	for _, r := range want {
		seqs = append(seqs, r.Seq)
		hours[(int(r.Day.Time().Weekday())+6)%7][r.Minute/60]++
		if who[r.Customer] = true; r.Customer == 0 {
			nobody++
		}
	}
	delete(who, 0)
	same("customers", book.Customers(f), len(who)+nobody)
	same("hours", book.Hours(f), hours)
	slices.Reverse(seqs)
	var listed []int64
	for skip := 0; ; skip += 7 {
		page, total := book.Cases(f, skip, 7)
		same("number of cases", total, len(want))
		if len(page) == 0 {
			break
		}
		listed = append(listed, page...)
	}
	same("cases", listed, seqs)
	for clock := range fact.Clocks {
		same("times", book.Times(f, clock), timesOf(want, clock))
	}
	stays := map[string]int{}
	for _, r := range want {
		for _, s := range r.Stays {
			stays[s.Department]++
		}
	}
	got := map[string]int{}
	for _, g := range book.Stays(f, fact.Department) {
		got[g.Value] = g.N
	}
	same("stays", got, stays)
	var each []fact.Row
	book.Each(f, func(r *fact.Row) { each = append(each, *r) })
	for i := range want {
		want[i].Stays = nil
	}
	same("each", each, want)
}

func timesOf(rows []fact.Row, clock fact.Clock) fact.Times {
	var all []int32
	sum := 0.0
	for i := range rows {
		if m := clockOf(&rows[i], clock); m != fact.None {
			all, sum = append(all, m), sum+float64(m)
		}
	}
	if all == nil {
		return fact.Times{}
	}
	slices.Sort(all)
	n := len(all)
	return fact.Times{N: n, Median: all[(n+1)/2-1], P90: all[(9*n+9)/10-1], Mean: sum / float64(n)}
}

func TestADayIsReplaced(t *testing.T) {
	t.Parallel()
	book, rows := randomBook(5, 3, 20)
	book.Put(firstDay+1, rows[20:25])
	book.Put(firstDay+2, nil)
	book.Put(firstDay+7, nil)
	if got := book.Total(fact.Filter{}).Cases; got != 25 {
		t.Errorf("got %d cases, want 25", got)
	}
	from, to, ok := book.Days()
	if from != firstDay || to != firstDay+2 || !ok {
		t.Errorf("got days %s to %s, want the first two", from, to)
	}
}

func TestAFilterWithinNeverShowsMore(t *testing.T) {
	t.Parallel()
	book, rows := randomBook(6, 5, 100)
	mine := func(r *fact.Row) bool { return r.Values[fact.Department] == "department1" }
	for name, f := range bookFilters {
		for _, asked := range [][]string{nil, {"department1"}, {"department2"}, {"department1", "department2"}} {
			f := f
			for _, v := range asked {
				f = f.With(fact.Department, v)
			}
			want := 0
			for _, r := range chosen(rows, f) {
				if mine(&r) {
					want++
				}
			}
			if got := book.Total(f.Within(fact.Department, "department1")).Cases; got != want {
				t.Errorf("%s, asked for %v: got %d cases, want %d", name, asked, got, want)
			}
		}
	}
}

func TestAFilterIsWhatItsAddressSays(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(bookFilters)) {
		f := bookFilters[name]
		if name == "no dimension" {
			continue // has no address
		}
		got, err := fact.FilterOf(f.Query())
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(f.Query(), got.Query()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
