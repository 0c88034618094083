package cohort

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// Memory answers from records in memory: the readers of Sources for replays
// and tests. An exposure costs 24 bytes beside its attributes, of which equal
// ones are kept once. It is safe for concurrent use.
type Memory struct {
	ids       []triage.CustomerID // by position
	positions map[triage.CustomerID]uint32
	attrs     []map[string]any
	series    map[[2]string]*series
	keys      map[string][]string // of each kind, in order
	byPerson  [][]place
	customers map[triage.CustomerID]triage.Customer
	regions   map[string]int
}

// series has the exposures of one kind and key in order of time.
type series struct {
	kind, key string
	rows      []row
}

type row struct {
	at       int64 // Unix nanoseconds
	customer uint32
	attrs    uint32
}

// place is one exposure of a customer.
type place struct {
	series *series
	row    int32
}

// NewMemory takes in exposures, in any order, and customers; of customers with
// the same id the last one counts. Exposures without a customer are left out.
// The slices are not kept, the attributes are: they must not change.
func NewMemory(exposures []triage.Exposure, customers []triage.Customer) *Memory {
	m := &Memory{
		positions: map[triage.CustomerID]uint32{}, series: map[[2]string]*series{}, keys: map[string][]string{},
		customers: make(map[triage.CustomerID]triage.Customer, len(customers)), regions: map[string]int{},
	}
	for _, c := range customers {
		m.customers[c.ID] = c
	}
	for _, c := range m.customers {
		m.regions[c.Region]++
	}
	in := newInterner()
	for i := range exposures {
		if e := &exposures[i]; e.CustomerID != "" {
			m.add(e, in)
		}
	}
	m.attrs = in.maps
	m.link()
	return m
}

func (m *Memory) add(e *triage.Exposure, in *interner) {
	pos, ok := m.positions[e.CustomerID]
	if !ok {
		pos = uint32(len(m.ids))
		m.positions[e.CustomerID] = pos
		m.ids = append(m.ids, e.CustomerID)
	}
	name := [2]string{e.Kind, e.Key}
	s := m.series[name]
	if s == nil {
		s = &series{kind: e.Kind, key: e.Key}
		m.series[name] = s
		m.keys[e.Kind] = append(m.keys[e.Kind], e.Key)
	}
	s.rows = append(s.rows, row{e.At.UnixNano(), pos, in.intern(e.Attrs)})
}

// link sorts all and finds the exposures of each customer.
func (m *Memory) link() {
	for _, keys := range m.keys {
		slices.Sort(keys)
	}
	counts := make([]int32, len(m.ids))
	for _, s := range m.series {
		slices.SortStableFunc(s.rows, func(a, b row) int { return cmp.Compare(a.at, b.at) })
		for _, r := range s.rows {
			counts[r.customer]++
		}
	}
	m.byPerson = make([][]place, len(m.ids))
	for i, n := range counts {
		m.byPerson[i] = make([]place, 0, n)
	}
	for _, kind := range slices.Sorted(maps.Keys(m.keys)) {
		for _, key := range m.keys[kind] {
			s := m.series[[2]string{kind, key}]
			for i, r := range s.rows {
				m.byPerson[r.customer] = append(m.byPerson[r.customer], place{s, int32(i)})
			}
		}
	}
	for _, places := range m.byPerson {
		slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(a.series.rows[a.row].at, b.series.rows[b.row].at) })
	}
}

func (m *Memory) exposure(s *series, r row) triage.Exposure {
	return triage.Exposure{CustomerID: m.ids[r.customer], Kind: s.kind, Key: s.key, At: time.Unix(0, r.at).UTC(), Attrs: m.attrs[r.attrs]}
}

// ExposuresOf implements prevention.ExposureReader.
func (m *Memory) ExposuresOf(ctx context.Context, customers []triage.CustomerID, from, to time.Time) ([]triage.Exposure, error) {
	var list []triage.Exposure
	for _, id := range slices.Compact(slices.Sorted(slices.Values(customers))) {
		pos, ok := m.positions[id]
		if !ok {
			continue
		}
		for _, p := range m.byPerson[pos] {
			if e := m.exposure(p.series, p.series.rows[p.row]); !e.At.Before(from) && e.At.Before(to) {
				list = append(list, e)
			}
		}
	}
	return list, ctx.Err()
}

// ScanExposures implements prevention.ExposureReader.
func (m *Memory) ScanExposures(ctx context.Context, kind, key string, from, to time.Time, each func(e triage.Exposure) error) error {
	var list []*series
	for _, k := range m.keys[kind] {
		if s := m.series[[2]string{kind, k}]; key == "" || key == k {
			list = append(list, &series{s.kind, s.key, s.between(from, to)})
		}
	}
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		s := earliest(list)
		if s == nil {
			return nil
		}
		if err := each(m.exposure(s, s.rows[0])); err != nil {
			return err
		}
		s.rows = s.rows[1:]
	}
}

// earliest returns the series that begins first, nil when all are empty.
func earliest(list []*series) *series {
	var first *series
	for _, s := range list {
		if len(s.rows) > 0 && (first == nil || s.rows[0].at < first.rows[0].at) {
			first = s
		}
	}
	return first
}

// between returns the rows with from <= at < to.
func (s *series) between(from, to time.Time) []row {
	return s.rows[s.index(from):max(s.index(from), s.index(to))]
}

func (s *series) index(t time.Time) int {
	i, _ := slices.BinarySearchFunc(s.rows, t, func(r row, t time.Time) int {
		if time.Unix(0, r.at).Before(t) {
			return -1
		}
		return 1
	})
	return i
}

// CountKinds implements prevention.ExposureReader, in order of kind and key.
func (m *Memory) CountKinds(ctx context.Context, from, to time.Time) ([]prevention.KindCount, error) {
	var list []prevention.KindCount
	for _, kind := range slices.Sorted(maps.Keys(m.keys)) {
		for _, key := range m.keys[kind] {
			if n := len(m.series[[2]string{kind, key}].between(from, to)); n > 0 {
				list = append(list, prevention.KindCount{Kind: kind, Key: key, Count: n})
			}
		}
	}
	return list, ctx.Err()
}

// CustomersByID implements Customers.
func (m *Memory) CustomersByID(ctx context.Context, ids []triage.CustomerID) (map[triage.CustomerID]triage.Customer, error) {
	found := make(map[triage.CustomerID]triage.Customer, len(ids))
	for _, id := range ids {
		if c, ok := m.customers[id]; ok {
			found[id] = c
		}
	}
	return found, ctx.Err()
}

// CountByRegion implements Customers.
func (m *Memory) CountByRegion(ctx context.Context) (map[string]int, error) {
	return maps.Clone(m.regions), ctx.Err()
}

// interner keeps equal attributes once, so that those who are handed them can
// tell by the address that they know them.
type interner struct {
	maps      []map[string]any
	byText    map[string]uint32
	byAddress map[uintptr]uint32
}

func newInterner() *interner {
	return &interner{maps: []map[string]any{nil}, byText: map[string]uint32{}, byAddress: map[uintptr]uint32{}}
}

func (in *interner) intern(attrs map[string]any) uint32 {
	if len(attrs) == 0 {
		return 0
	}
	address := reflect.ValueOf(attrs).Pointer()
	if n, ok := in.byAddress[address]; ok {
		return n
	}
	n := in.byContent(attrs)
	in.byAddress[address] = n
	return n
}

// byContent compares attributes as JSON; what has none is kept on its own.
func (in *interner) byContent(attrs map[string]any) uint32 {
	name, err := json.Marshal(attrs)
	n, ok := in.byText[string(name)]
	if err != nil || !ok {
		n = uint32(len(in.maps))
		in.maps = append(in.maps, attrs)
	}
	if err == nil {
		in.byText[string(name)] = n
	}
	return n
}
