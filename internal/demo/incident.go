package demo

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/internal/corpus"
	"github.com/qianyi-dev/qianyi/triage"
)

// The latest incident: failures start incidentStart before now and end incidentEnd
// before now. Few of the affected customers complain; as many as copies says
// send one and the same text. namesGatewayRate of the complaints carry the
// gateway as an attribute: sources seldom know every fact.
const (
	incidentStart    = 60 * time.Hour
	incidentEnd      = 10 * time.Hour
	affectedCount    = 210
	copies           = 4
	incidentType     = "billing"
	incidentSubtype  = "billing.topup"
	namesGatewayRate = .7
	paymentKind      = "payment"
)

// makeIncident plants the failed payments and the complaints about them.
func (f *founder) makeIncident() {
	r := f.stream(partIncident)
	prefix := f.prefix(f.content.Incident.Line)
	victims := r.Perm(len(f.customers))[:affectedCount]
	patterns := f.content.Incident.Patterns
	for n, v := range victims {
		at := f.now.Add(-between(r, incidentEnd, incidentStart)).Truncate(time.Second)
		paid := payment{amount: pick(r, []int{30, 50, 98, 100, 128, 199, 200, 300, 500, 899, 1280}), at: at, order: orderID(r, prefix, at)}
		f.exposures = append(f.exposures, triage.Exposure{
			CustomerID: f.customers[v].ID, Kind: paymentKind, Key: f.content.Incident.Gateway, At: at,
			Attrs: map[string]any{"status": "failed", "reason": f.content.Incident.Reason, "amount": paid.amount, "order_id": paid.order},
		})
		f.affected++
		switch {
		case n < len(patterns):
			f.events = append(f.events, f.failedPayment(r, &f.customers[v], patterns[n], paid))
		case n < len(patterns)+copies:
			e := f.failedPayment(r, &f.customers[v], f.content.Incident.Copied, paid)
			e.complaint.Channel = triage.ChannelWeChat
			f.events = append(f.events, e)
		default:
			continue
		}
		f.complained++
	}
}

// payment is one that was taken and not reported.
type payment struct {
	amount int
	at     time.Time
	order  string
}

func (f *founder) failedPayment(r *rand.Rand, customer *triage.Customer, pattern string, paid payment) event {
	longest := min(f.now.Sub(paid.at), 30*time.Hour)
	wait := between(r, 20*time.Minute, longest)
	text := strings.NewReplacer(
		"{amount}", strconv.Itoa(paid.amount), "{order}", paid.order,
		"{clock}", paid.at.Format("15:04"), "{hours}", strconv.Itoa(max(int(wait/time.Hour), 1)),
	).Replace(pattern)
	attrs := map[string]any{"line": f.content.Incident.Line}
	if r.Float64() < namesGatewayRate {
		attrs["gateway"] = f.content.Incident.Gateway
	}
	return event{
		complaint: triage.Complaint{
			CustomerID: customer.ID, Channel: channelFor(r, text), At: paid.at.Add(wait), Text: text,
			Region: customer.Region, Product: f.content.Incident.Product, OrderID: paid.order, Attrs: attrs,
		},
		truth:   corpus.Item{Type: incidentType, Subtype: incidentSubtype},
		ordered: paid.at,
		of:      ofGateway,
	}
}
