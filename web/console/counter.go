package console

import (
	"context"

	"github.com/qianyi-dev/qianyi/prevention/campaign/counter"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// CounterDesk is what the page at the counter calls of [counter.Service].
type CounterDesk interface {
	CounterAdviser
	CounterRecorder
}

// CounterAdviser says what may be recommended, and to whom.
type CounterAdviser interface {
	Recommend(ctx context.Context, q counter.Question) (counter.Answer, error)
	Names(ctx context.Context) (map[string]string, error)
	PhoneEnds(ctx context.Context, digits string, limit int) ([]triage.Customer, error)
	OptOut(ctx context.Context, id triage.CustomerID, by string) error
}

// CounterRecorder keeps how campaigns were taken.
type CounterRecorder interface {
	CaptureKeeper
	Capture(ctx context.Context, id int64) (counter.Capture, error)
	Log(ctx context.Context, f counter.Filter) (counter.Page, error)
}

// CaptureKeeper changes captures.
type CaptureKeeper interface {
	Take(ctx context.Context, c counter.Capture, by string) (stored counter.Capture, added bool, err error)
	Detail(ctx context.Context, id int64, d counter.Details, by string) (counter.Capture, error)
	Undo(ctx context.Context, id int64, by string) (counter.Capture, error)
	Complain(ctx context.Context, id int64, by string) (triage.Case, error)
}

var _ CounterDesk = (*counter.Service)(nil)

// CustomerFinder finds customers by a whole id, name, phone or e-mail address.
type CustomerFinder interface {
	List(ctx context.Context, f customer.Filter, p customer.Page) (customer.Rows[customer.Record], error)
}

// CounterDeps is what the page at the counter needs.
type CounterDeps struct {
	Desk   CounterDesk
	Finder CustomerFinder
}

func (d *CounterDeps) complete() bool { return d == nil || d.Desk != nil && d.Finder != nil }

// counterPages are the templates of these pages.
var counterPages = []string{"counter", "counterlog"}

func (c *Console) counterRoutes() []route {
	if c.d.Counter == nil {
		return nil
	}
	return []route{
		{"GET /counter", access.CounterUse, c.showCounter},
		{"POST /counter/find", access.CounterUse, c.findAtCounter},
		{"POST /counter/take", access.CounterUse, c.takeCapture},
		{"POST /counter/opt-out", access.CounterUse, c.optOut},
		{"POST /counter/captures/{capture}/detail", access.CounterUse, c.detailCapture},
		{"POST /counter/captures/{capture}/undo", access.CounterUse, c.undoCapture},
		{"POST /counter/captures/{capture}/complain", access.IntakeAdd, c.complainCapture},
		{"GET /counter/log", access.CampaignRead, c.showCounterLog},
		{"GET /counter/log/export.csv", access.CampaignRead, c.exportCounterLog},
	}
}
