package life

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
)

// TrackRow is one line of the tracking sheet 《客户投诉处理跟踪表》, its fields in
// the order of the columns. Personal data is masked; codes are left to be named
// in the language of the reader. Times are zero and texts "" where a case has
// not got that far.
type TrackRow struct {
	N              int                // 序号
	ID             triage.ComplaintID // 投诉编号
	At             time.Time          // 受理时间
	Channel        triage.Channel     // 受理渠道
	Customer       string             // 客户名称
	Tier           triage.Tier        // 客户等级
	Contact        string             // 联系方式
	Product        string             // 产品/订单
	Summary        string             // 投诉内容摘要
	Demand         nlp.Demand         // 核心诉求
	Type           string             // 投诉类型
	Urgency        nlp.UrgencyLevel   // 紧急程度
	Department     string             // 责任部门
	Owner          string             // 责任人
	RespondedAt    time.Time          // 首次响应时间
	VerifiedAt     time.Time          // 核实完成时间
	Findings       string             // 事实核查
	Cause          triage.Cause       // 原因归类
	Solution       string             // 处理方案
	Consent        string             // 客户是否同意
	Execution      string             // 执行情况
	ClosedAt       time.Time          // 完成时间
	Confirmation   string             // 客户确认
	Satisfaction   *float64           // 满意度
	CallBackAnswer string             // 回访结果
	Late           bool               // 是否超时
	Status         triage.Status      // 当前状态
	Note           string             // 备注
}

const (
	trackPage = 500
	// summaryRunes bounds the summary of a complaint.
	summaryRunes = 120
)

// Track calls each for every case of the filter, the newest first unless the
// filter says otherwise, until there is no more or each fails. It holds one
// page of cases in memory.
func (s *Service) Track(ctx context.Context, f triage.QueueFilter, each func(TrackRow) error) error {
	f.Limit, f.Cursor = trackPage, ""
	for n := 0; ; {
		page, err := s.d.Queue.Queue(ctx, f)
		if err != nil {
			return err
		}
		rows, err := s.track(ctx, page.Cases)
		if err != nil {
			return err
		}
		for i := range rows {
			n++
			rows[i].N = n
			if err := each(rows[i]); err != nil {
				return err
			}
		}
		if f.Cursor = page.Next; page.Next == "" {
			return nil
		}
	}
}

func (s *Service) track(ctx context.Context, cases []triage.Case) ([]TrackRow, error) {
	ids := make([]triage.ComplaintID, len(cases))
	var customers []triage.CustomerID
	for i := range cases {
		ids[i] = cases[i].ID
		if id := cases[i].CustomerID; id != "" {
			customers = append(customers, id)
		}
	}
	steps, err := s.d.Store.StepsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	known := map[triage.CustomerID]triage.Customer{}
	if s.d.Customers != nil && len(customers) > 0 {
		slices.Sort(customers)
		if known, err = s.d.Customers.CustomersByID(ctx, slices.Compact(customers)); err != nil {
			return nil, err
		}
	}
	rows := make([]TrackRow, len(cases))
	for i := range cases {
		rows[i] = s.row(&cases[i], known[cases[i].CustomerID], steps[cases[i].ID])
	}
	return rows, nil
}

func (s *Service) row(c *triage.Case, customer triage.Customer, steps []Step) TrackRow {
	r := TrackRow{
		ID: c.ID, At: since(c), Channel: c.Channel, Tier: c.Work.Tier,
		Customer: customer.Name.String(), Contact: cmp.Or(customer.Phone.String(), customer.Email.String()),
		Product: s.mask(strings.TrimSpace(c.Product + " " + c.OrderID)), Summary: s.mask(summary(c.Body())),
		Demand: c.Assessment.Demand, Type: c.FinalType(), Urgency: c.Assessment.Urgency.Level,
		Department: c.Work.Department, Owner: c.Work.Owner, RespondedAt: c.Work.RespondedAt, VerifiedAt: c.Work.VerifiedAt,
		Cause: c.Work.Cause, Solution: s.mask(c.Resolution), ClosedAt: c.ClosedAt, Satisfaction: c.Satisfaction,
		Late: late(c, s.d.Now()), Status: c.Status,
	}
	var notes []string
	for i := range steps {
		s.tell(&r, &steps[i])
		if n := steps[i].Note; n != "" {
			notes = append(notes, n)
		}
	}
	r.Note = s.mask(strings.Join(notes, "；"))
	return r
}

// tell enters what one step says. Later steps replace earlier ones.
func (s *Service) tell(r *TrackRow, step *Step) {
	fact := func(to *string, parts ...string) {
		var said []string
		for _, key := range parts {
			if v := step.Facts[key]; v != "" {
				said = append(said, v)
			}
		}
		if len(said) > 0 {
			*to = s.mask(strings.Join(said, "，"))
		}
	}
	switch step.Move {
	case MoveAttribute:
		fact(&r.Findings, "findings")
	case MovePropose:
		fact(&r.Solution, "solution")
	case MoveAgree:
		fact(&r.Consent, "consent_by", "consent_how")
	case MoveDecline:
		fact(&r.Consent, "counter_demand")
		fact(&r.Solution, "solution")
	case MoveExecute:
		fact(&r.Execution, "executor", "task")
	case MoveConfirm:
		fact(&r.Execution, "result")
	case MoveClose:
		fact(&r.Confirmation, "confirmation")
	case MoveCallBack:
		fact(&r.CallBackAnswer, "answer")
	}
}

func (s *Service) mask(text string) string {
	if text == "" || s.d.Mask == nil {
		return text
	}
	return s.d.Mask(text)
}

// summary is the beginning of a text on one line.
func summary(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > summaryRunes {
		return string(runes[:summaryRunes]) + "…"
	}
	return string(runes)
}

// late says whether a case missed a clock, or is missing one now. Of a case
// that ended without a record of the answer or the check, as in history from
// elsewhere, only the end is judged.
func late(c *triage.Case, now time.Time) bool {
	w := &c.Work
	missed := func(by, at time.Time) bool { return !by.IsZero() && at.After(by) }
	if !c.Status.Open() {
		return missed(w.Clocks.RespondBy, w.RespondedAt) || missed(w.Clocks.VerifyBy, w.VerifiedAt) || missed(w.Clocks.ResolveBy, c.ClosedAt)
	}
	until := first(w.WaitingSince, now)
	return missed(w.Clocks.RespondBy, first(w.RespondedAt, until)) || missed(w.Clocks.VerifyBy, first(w.VerifiedAt, until)) ||
		missed(w.Clocks.ResolveBy, until) || missed(w.DueAt, until)
}
