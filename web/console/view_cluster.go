package console

import (
	"html/template"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/web/console/chart"
)

// sparkDays is the length of the small chart of a card.
const sparkDays = 28

// clusterCard is one cluster on the board or in a list.
type clusterCard struct {
	ID, Href, Title string
	Stage           prevention.Stage
	Severity        prevention.Severity // "" without an alarm
	Path            prevention.Path
	Type            string
	Customers       int
	Complaints      int
	Copies          int
	// Window, Seen and Usual say the alarm: within so many days so many distinct
	// customers, against so many as a rule. Times is their ratio, "" when there
	// is as good as nothing to compare with.
	Window, Seen int
	Usual, Times string
	Chance       string
	Since, Last  string
	Owner        string
	Where        []whereTag
	Estimate     prevention.Estimate
	Escalations  int
	Historic     bool
	Spark        template.HTML
}

// whereTag is a fact in which a cluster concentrates.
type whereTag struct {
	Field, Value string // as people read them
	Region       bool
	Share        float64
	Lift         string
}

// barelyAny is the expectation below which "times as many" would say little.
const barelyAny = 0.05

func (c *Console) clusterCard(l language, k *prevention.Cluster) clusterCard {
	card := clusterCard{
		ID: string(k.ID), Href: clusterPath(k.ID), Title: c.clusterTitle(l, k), Stage: k.Stage, Path: k.Path,
		Type: c.typeName(l, k.Type), Customers: k.Customers, Complaints: k.Complaints, Copies: k.Copies,
		Since: c.date(l, k.FirstAt), Last: c.when(k.LastAt), Owner: k.Owner, Where: c.whereTags(l, k, 2),
		Estimate: k.Estimate, Escalations: k.Escalations, Historic: k.Historic,
	}
	if a := &k.Alarm; !a.At.IsZero() {
		card.Severity, card.Window, card.Seen, card.Usual = a.Severity, max(a.Days, 1), a.Customers, decimal(a.Baseline)
		card.Chance = l.chance(a.PValue)
		if a.Baseline >= barelyAny {
			card.Times = times(float64(a.Customers) / a.Baseline)
		}
	}
	return card
}

// clusterTitle is the title with personal data masked, the id for want of one.
func (c *Console) clusterTitle(l language, k *prevention.Cluster) string {
	if title := c.maskedLine(k.Title); title != "" {
		return title
	}
	return catalogue["cluster.untitled"][l] + " " + string(k.ID)
}

// whereTags are the strongest concentrations, at most limit of them: at least
// half of the members and twice as common as elsewhere.
func (c *Console) whereTags(l language, k *prevention.Cluster, limit int) []whereTag {
	var tags []whereTag
	for _, a := range k.Explanation.Attributes {
		if len(tags) < limit && a.Share >= 0.5 && a.Lift >= 2 {
			tags = append(tags, whereTag{l.factName(a.Field), c.attributeValue(l, a.Field, a.Value), a.Field == "region", a.Share, times(a.Lift)})
		}
	}
	return tags
}

// factName is a field of the evidence as people read it. A field such as
// "payment.status", or "payment 银联 status" with the key, is one of an exposure.
func (l language) factName(field string) string {
	if kind, name, found := strings.Cut(field, "."); found {
		return l.label("attribute", kind) + " " + l.label("attribute", name)
	}
	kind, rest, found := strings.Cut(field, " ")
	if !found {
		return l.label("attribute", field)
	}
	key, name := "", rest
	if i := strings.LastIndexByte(rest, ' '); i >= 0 {
		key, name = " "+rest[:i], rest[i+1:]
	}
	return l.label("attribute", kind) + key + " " + l.label("attribute", name)
}

// attributeValue is the value of a fact as people read it.
func (c *Console) attributeValue(l language, field, value string) string {
	switch field {
	case "channel":
		return l.label("channel", value)
	case "type", "subtype":
		return c.typeName(l, value)
	}
	return c.maskedLine(value)
}

// sparkSpan is the time of a cluster's small chart: the latest four weeks, or
// the weeks around its end when it has ended.
func (c *Console) sparkSpan(k *prevention.Cluster) prevention.ClusterSpan {
	end := c.d.Now()
	if last := k.LastAt.AddDate(0, 0, 7); !k.LastAt.IsZero() && last.Before(end) {
		end = last
	}
	to := midnight(end.In(c.d.Zone)).AddDate(0, 0, 1)
	return prevention.ClusterSpan{Cluster: k.ID, From: to.AddDate(0, 0, -sparkDays), To: to}
}

// spark draws the customers of the days from a first one on; the days of the
// alarm's window and after it stand out.
func (c *Console) spark(l language, k *prevention.Cluster, from time.Time, counts []int) (template.HTML, error) {
	raised := len(counts)
	start := midnight(k.Alarm.At.In(c.d.Zone)).AddDate(0, 0, 1-max(k.Alarm.Days, 1))
	for i := range counts {
		if !k.Alarm.At.IsZero() && !from.AddDate(0, 0, i).Before(start) {
			raised = i
			break
		}
	}
	title, err := l.text("cluster.spark", sparkDays)
	return chart.Sparkline(title, counts, raised), err
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// headline is what happened, to whom, since when and how sure, in one sentence
// of figures.
func (c *Console) headline(l language, k *prevention.Cluster) (string, error) {
	card := c.clusterCard(l, k)
	var b strings.Builder
	var failed error
	say := func(key string, args ...any) {
		text, err := l.text(key, args...)
		if err != nil {
			failed = err
		}
		b.WriteString(text)
	}
	say("headline.since", card.Since, card.Customers, card.Title)
	if len(card.Where) > 0 {
		w := card.Where[0]
		if w.Region {
			say("headline.place", percent(w.Share), w.Value)
		} else {
			say("headline.where", percent(w.Share), w.Field, w.Value)
		}
	}
	switch {
	case card.Times != "":
		say("headline.rate", card.Window, card.Seen, card.Times)
	case card.Seen > 0:
		say("headline.new", card.Window, card.Seen)
	}
	if e := k.Estimate; e.Affected > 0 {
		say("headline.affected", e.Affected, e.Low, e.High, silent(k))
	}
	say("headline.end")
	return b.String(), failed
}

// silent is how many of the affected have not complained, by the estimate.
func silent(k *prevention.Cluster) int { return max(k.Estimate.Affected-k.Customers, 0) }
