package demo

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/internal/corpus"
	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/triage"
)

const (
	voiceType    = "marketing"
	voiceSubtype = "marketing.rule"
	// voiceDelay is how long people take to complain, on average.
	voiceDelay = 40 * time.Hour
	// stated is the share of complaints whose source names the campaign; of the
	// others the machine has to find out.
	stated = .12
	// reactsBy is how often the same wording is tried before an order makes it one
	// of its own.
	reactsBy = 3
)

// makeVoices lets some of those whom campaigns reached complain of them.
func (f *founder) makeVoices() {
	r := f.stream(partVoices)
	at := map[string]int{}
	for i := range f.campaigns {
		at[f.campaigns[i].ID] = i
	}
	of := map[triage.CustomerID]*triage.Customer{}
	for i := range f.customers {
		of[f.customers[i].ID] = &f.customers[i]
	}
	v := &voices{founder: f, rand: r, seen: map[string]bool{}}
	for i := range f.exposures {
		e := &f.exposures[i]
		if e.Kind != campaign.ExposureKind {
			continue
		}
		p := &f.content.Campaigns[at[e.Key]]
		risk, patterns := p.Risk, p.Voices
		if e.Attrs["rule"] != nil {
			risk, patterns = p.Changed.Risk, p.Changed.Voices
		}
		if r.Float64() < risk {
			v.speak(e, of[e.CustomerID], p, patterns)
		}
	}
}

// voices words complaints about campaigns, each text once.
type voices struct {
	*founder
	rand *rand.Rand
	seen map[string]bool
}

func (v *voices) speak(e *triage.Exposure, customer *triage.Customer, p *campaignContent, patterns []string) {
	r := v.rand
	at := v.waking(r, e.At.Add(time.Hour+time.Duration(r.ExpFloat64()*voiceDelay.Seconds())*time.Second), 8*time.Hour)
	text, order := v.text(p, patterns, e.At)
	if !at.Before(v.now) {
		return
	}
	c := triage.Complaint{
		CustomerID: customer.ID, Channel: channelFor(r, text), At: at, Text: text, OrderID: order,
		Region: customer.Region, Product: p.product(), Attrs: map[string]any{"line": p.Line},
	}
	if r.Float64() < stated {
		c.Campaign = e.Key
	}
	x := event{complaint: c, truth: corpus.Item{Type: voiceType, Subtype: voiceSubtype, Intensity: 1}}
	v.settle(r, &x)
	v.events = append(v.events, x)
}

// text words a complaint; order is the number that it names, "" for none.
func (v *voices) text(p *campaignContent, patterns []string, at time.Time) (text, order string) {
	r := v.rand
	for range reactsBy {
		text = strings.NewReplacer("{call}", pick(r, p.Calls), "{amount}", strconv.Itoa(pick(r, []int{100, 100, 200, 300, 500}))).Replace(pick(r, patterns))
		if !v.seen[text] {
			v.seen[text] = true
			return text, ""
		}
	}
	order = orderID(r, v.prefix(p.Line), at)
	return sentence(text) + "单号" + order, order
}

// product is what a campaign is about, as complaints name it.
func (p *campaignContent) product() string {
	if strings.HasPrefix(p.Name, "云杉付") {
		return "云杉付"
	}
	return p.Line + "服务"
}
