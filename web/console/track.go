package console

import (
	"errors"
	"strconv"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

// maxTrackRows bounds the tracking sheet to what desktop spreadsheets open with
// ease; the format itself ends at 1 048 576 rows.
const maxTrackRows = 200_000

// trackColumns are the columns of the tracking sheet, in the order of
// trackCells: what the source documents and customers expect.
var trackColumns = []struct {
	key   string
	width float64
}{
	{"track.n", 6}, {"track.id", 20}, {"track.at", 17}, {"track.channel", 9}, {"track.customer", 12}, {"track.tier", 9},
	{"track.contact", 18}, {"track.product", 18}, {"track.summary", 48}, {"track.demand", 11}, {"track.type", 12},
	{"track.urgency", 9}, {"track.department", 14}, {"track.owner", 10}, {"track.responded", 17}, {"track.verified", 17},
	{"track.findings", 32}, {"track.cause", 11}, {"track.solution", 36}, {"track.consent", 16}, {"track.execution", 24},
	{"track.closed", 17}, {"track.confirmation", 16}, {"track.satisfaction", 8}, {"track.callback", 20}, {"track.late", 8},
	{"track.status", 10}, {"track.note", 32},
}

// errTrackFull ends a sheet that has reached its length.
var errTrackFull = errors.New("the tracking sheet is full")

// exportTracking sends the tracking sheet of a list: masked, with an entry in
// the trail before it is made. It is written row by row and sent when it is
// complete, so that an error is still a page.
func (c *Console) exportTracking(v *visit) error {
	s := firstPage(readQueueState(v.r.URL.Query()))
	if s.Words != "" {
		return triage.FieldErrorf("q", "does not go with the tracking sheet: filter the list instead")
	}
	columns := make([]sheetColumn, len(trackColumns))
	for i, col := range trackColumns {
		title, err := v.lang.text(col.key)
		if err != nil {
			return err
		}
		columns[i] = sheetColumn{title, col.width}
	}
	title, err := v.lang.text("track.title")
	if err != nil {
		return err
	}
	book, err := newSheet(title, title, columns)
	if err != nil {
		return err
	}
	defer book.close()
	if err := c.auditList(v, "tracking", s); err != nil {
		return err
	}
	v.patient()
	rows := 0
	err = c.d.Life.Record.Track(v.r.Context(), s.filter(v.user, c.d.Now(), c.d.Zone), func(r life.TrackRow) error {
		if rows++; rows > maxTrackRows {
			return errTrackFull
		}
		return book.add(c.trackCells(v.lang, &r))
	})
	if err != nil && !errors.Is(err, errTrackFull) {
		return err
	}
	return book.send(v, c.exportName("qianyi-tracking", "xlsx"))
}

func (c *Console) trackCells(l language, r *life.TrackRow) []string {
	satisfaction, late := "", "no"
	if r.Satisfaction != nil {
		satisfaction = score(*r.Satisfaction)
	}
	if r.Late {
		late = "yes"
	}
	label := func(group, code string) string {
		if code == "" {
			return ""
		}
		return l.label(group, code)
	}
	return []string{
		strconv.Itoa(r.N), c.maskAll(string(r.ID)), c.when(r.At), label("channel", string(r.Channel)), r.Customer, label("tier", string(r.Tier)),
		r.Contact, r.Product, r.Summary, label("demand", string(r.Demand)), c.typeName(l, r.Type), label("urgency", string(r.Urgency)),
		r.Department, r.Owner, c.when(r.RespondedAt), c.when(r.VerifiedAt), r.Findings, label("cause", string(r.Cause)), r.Solution,
		r.Consent, r.Execution, c.when(r.ClosedAt), r.Confirmation, satisfaction, r.CallBackAnswer, l.label("answer", late),
		label("status", string(r.Status)), r.Note,
	}
}
