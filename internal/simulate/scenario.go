package simulate

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Scenario is everything that happens in a World. Days are counted from Start,
// beginning with 0; a span holds From and not To. Shares are 0 to 1.
type Scenario struct {
	Name string `yaml:"name"`
	Seed uint64 `yaml:"seed"`
	// Start is the first day, as 2006-01-02.
	Start     string `yaml:"start"`
	Days      int    `yaml:"days"`
	Customers int    `yaml:"customers"`
	// PerDay is the mean number of background complaints on the first days.
	PerDay float64 `yaml:"per_day"`
	// Industries are the lines of business: telecom shop bank utility logistics.
	Industries []string   `yaml:"industries"`
	Background Background `yaml:"background"`
	// NoRecords is the share of customers whose exposures nobody recorded.
	NoRecords    float64       `yaml:"no_records"`
	Disturbances []Disturbance `yaml:"disturbances"`
	Incidents    []Incident    `yaml:"incidents"`
}

// Background is what is complained of anyway.
type Background struct {
	// Growth is how much more is complained of at the end than at the start:
	// 0.3 is 30 % more.
	Growth float64 `yaml:"growth"`
	// Weekday is the weight of Monday to Sunday; only their ratios count.
	Weekday []float64 `yaml:"weekday,flow"`
	// Everyday is the share of texts about the things incidents are about, with
	// other names in them; Corpus that of written texts. The rest are templated
	// work orders.
	Everyday float64 `yaml:"everyday"`
	Corpus   float64 `yaml:"corpus"`
	// Named is the share of complaints that carry product and campaign.
	Named    float64 `yaml:"named"`
	NoRegion float64 `yaml:"no_region"`
	// Late is the share of complaints that arrive 1 to 10 days after they were
	// made.
	Late float64 `yaml:"late"`
}

// The kinds of disturbances: a rise of everything, a rise of one type of
// complaint, one customer who does not stop, and many customers with one text.
const (
	Surge     = "surge"
	Promotion = "promotion"
	Serial    = "serial"
	Copies    = "copies"
)

// Disturbance is something that looks like an incident and is none.
type Disturbance struct {
	Kind string `yaml:"kind" json:"kind"`
	From int    `yaml:"from" json:"from"`
	To   int    `yaml:"to" json:"to"`
	// Factor multiplies the background during a surge, and the complaints of
	// Type during a promotion.
	Factor float64 `yaml:"factor,omitempty" json:"factor,omitempty"`
	Type   string  `yaml:"type,omitempty" json:"type,omitempty"`
	// Messages is how many a serial complainer or the senders of copies send.
	Messages int `yaml:"messages,omitempty" json:"messages,omitempty"`
}

// Incident is one planted problem.
type Incident struct {
	ID string `yaml:"id"`
	// Kind is one of Kinds.
	Kind string `yaml:"kind"`
	From int    `yaml:"from"`
	To   int    `yaml:"to"`
	// Values fill the slots of the kind, such as its gateway; what is left out
	// is drawn.
	Values map[string]string `yaml:"values,omitempty"`
	// Regions bound the incident; none means everywhere.
	Regions []string `yaml:"regions,omitempty,flow"`
	// Exposed is how many customers are planted with its mark.
	Exposed int `yaml:"exposed"`
	// Affected is the share of the exposed who have the problem, Complain the
	// share of those who complain sooner or later.
	Affected float64 `yaml:"affected"`
	Complain float64 `yaml:"complain"`
	// DelayDays is the median time from exposure to complaint; the logarithm has
	// a standard deviation of 0.8.
	DelayDays float64 `yaml:"delay_days"`
	// Repeat is the share of complainers who come back once.
	Repeat float64 `yaml:"repeat"`
	// Unexposed is the share of its complaints from customers without its mark.
	Unexposed float64 `yaml:"unexposed"`
}

// ReadScenario reads and validates YAML. An unknown key, a wrong type or an
// impossible value is an error that names the file and its line.
func ReadScenario(name string, in io.Reader) (Scenario, error) {
	data, err := io.ReadAll(in)
	if err != nil {
		return Scenario{}, fmt.Errorf("%s: %w", name, err)
	}
	var s Scenario
	if err := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(&s); err != nil {
		if y, ok := errors.AsType[yaml.Error](err); ok && y.GetToken() != nil {
			return Scenario{}, fmt.Errorf("%s:%d: %s", name, y.GetToken().Position.Line, y.GetMessage())
		}
		return Scenario{}, fmt.Errorf("%s: is no scenario: %w", name, err)
	}
	if err := s.Validate(); err != nil {
		if f, ok := errors.AsType[*fieldError](err); ok {
			return Scenario{}, fmt.Errorf("%s%s: %w", name, lineOf(data, f.path), err)
		}
		return Scenario{}, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

// lineOf returns ":LINE" of a field or, when that is not written, of the
// nearest one around it; "" when there is none.
func lineOf(data []byte, field string) string {
	for field != "" {
		p, err := yaml.PathString("$." + field)
		if err == nil {
			if node, err := p.ReadNode(bytes.NewReader(data)); err == nil && node != nil {
				return fmt.Sprintf(":%d", node.GetToken().Position.Line)
			}
		}
		field = field[:max(strings.LastIndexAny(field, ".["), 0)]
	}
	return ""
}

// encode writes the scenario so that ReadScenario reads it back.
func (s *Scenario) encode() ([]byte, error) {
	data, err := yaml.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("scenario %s: %w", s.Name, err)
	}
	return data, nil
}

// zone is that of all times; China has had no summer time since 1991.
var zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// day is one day; without summer time all have the same length.
const day = 24 * time.Hour

func (s *Scenario) start() (time.Time, error) {
	return time.ParseInLocation(time.DateOnly, s.Start, zone)
}
