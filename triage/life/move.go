package life

import (
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
)

// Move is what a person does with a case, or what happens to it.
type Move string

// The moves between statuses.
const (
	MoveAcknowledge Move = "acknowledge" // 受理
	MoveVerify      Move = "verify"      // 开始核实
	MoveAttribute   Move = "attribute"   // 归因
	MovePropose     Move = "propose"     // 提出方案
	MoveAgree       Move = "agree"       // 客户同意
	MoveDecline     Move = "decline"     // 客户不同意
	MoveExecute     Move = "execute"     // 执行方案
	MoveConfirm     Move = "confirm"     // 请客户确认
	MoveClose       Move = "close"       // 办结
	MoveSettle      Move = "settle"      // 首次联系即办结
	MoveCallBack    Move = "call_back"   // 回访
	MoveReopen      Move = "reopen"      // 重新打开
	MoveWithdraw    Move = "withdraw"    // 客户撤诉
	MoveMerge       Move = "merge"       // 并入另一投诉
)

// The moves that leave the status as it is; they have methods of their own and
// are in the record, not in the table.
const (
	MoveOpen     Move = "open"      // 登记: the first step
	MoveAssign   Move = "assign"    // 指派
	MoveWait     Move = "wait"      // 等待客户
	MoveResume   Move = "resume"    // 客户已答复
	MoveHandOver Move = "hand_over" // 转办
	MoveAccept   Move = "accept"    // 接收转办
	MoveReturn   Move = "return"    // 退回转办
	MoveWarn     Move = "warn"      // 即将超时
	MoveEscalate Move = "escalate"  // 超时升级
	MoveScore    Move = "score"     // 满意度
)

// Kind says in what form a fact is given.
type Kind string

// The kinds of facts.
const (
	KindText       Kind = "text"
	KindTime       Kind = "time"       // "2006-01-02 15:04", "2006-01-02T15:04" (local) or RFC 3339
	KindCause      Kind = "cause"      // one of triage.Causes
	KindDepartment Kind = "department" // free text, those of the pack proposed
	KindScore      Kind = "score"      // 0..100
	KindCase       Kind = "case"       // a complaint's id
)

// Need is one fact that a move takes: its key in Order.Facts and its kind.
type Need struct {
	Key      string
	Kind     Kind
	Optional bool
}

// Future says whether the need is a time to come; other times have passed.
func (n Need) Future() bool { return n.Key == "execute_until" || n.Key == "due" }

// Rule is one line of the table of moves.
type Rule struct {
	Move  Move
	From  []triage.Status
	To    triage.Status
	Needs []Need
}

var open = slices.DeleteFunc(slices.Clone(triage.Statuses), func(s triage.Status) bool { return !s.Open() })

// rules is the table: every allowed move between statuses, in the order in
// which people are offered them.
var rules = []Rule{
	{MoveAcknowledge, one(triage.StatusReceived), triage.StatusAcknowledged, []Need{
		{Key: "answered_how", Kind: KindText}, {Key: "answered_at", Kind: KindTime}}},
	{MoveVerify, one(triage.StatusAcknowledged), triage.StatusVerifying, nil},
	{MoveAttribute, one(triage.StatusVerifying), triage.StatusAttributed, []Need{
		{Key: "findings", Kind: KindText}, {Key: "cause", Kind: KindCause}, {Key: "cause_department", Kind: KindDepartment}}},
	{MovePropose, one(triage.StatusAttributed), triage.StatusProposing, []Need{{Key: "solution", Kind: KindText}}},
	{MoveAgree, one(triage.StatusProposing), triage.StatusAgreed, []Need{
		{Key: "consent_by", Kind: KindText}, {Key: "consent_at", Kind: KindTime}, {Key: "consent_how", Kind: KindText}}},
	{MoveDecline, []triage.Status{
		triage.StatusProposing, triage.StatusAgreed, triage.StatusExecuting, triage.StatusConfirming, // not wanted, or it did not work
	}, triage.StatusProposing, []Need{
		{Key: "counter_demand", Kind: KindText}, {Key: "solution", Kind: KindText, Optional: true}}},
	{MoveExecute, one(triage.StatusAgreed), triage.StatusExecuting, []Need{
		{Key: "task", Kind: KindText}, {Key: "executor", Kind: KindText}, {Key: "execute_until", Kind: KindTime}}},
	{MoveConfirm, one(triage.StatusExecuting), triage.StatusConfirming, []Need{{Key: "result", Kind: KindText}}},
	{MoveClose, one(triage.StatusConfirming), triage.StatusClosed, []Need{
		{Key: "resolution", Kind: KindText}, {Key: "confirmation", Kind: KindText}, {Key: "satisfaction", Kind: KindScore, Optional: true}}},
	{MoveSettle, []triage.Status{
		triage.StatusReceived, triage.StatusAcknowledged, triage.StatusVerifying, triage.StatusAttributed, triage.StatusProposing,
	}, triage.StatusClosed, []Need{
		{Key: "resolution", Kind: KindText}, {Key: "cause", Kind: KindCause}, {Key: "satisfaction", Kind: KindScore, Optional: true}}},
	{MoveCallBack, one(triage.StatusClosed), triage.StatusCalledBack, []Need{
		{Key: "answer", Kind: KindText}, {Key: "satisfaction", Kind: KindScore, Optional: true}}},
	{MoveReopen, []triage.Status{triage.StatusClosed, triage.StatusCalledBack}, triage.StatusVerifying, []Need{{Key: "reason", Kind: KindText}}},
	{MoveWithdraw, open, triage.StatusWithdrawn, []Need{{Key: "reason", Kind: KindText}}},
	{MoveMerge, open, triage.StatusMerged, []Need{{Key: "into", Kind: KindCase}}},
}

func one(s triage.Status) []triage.Status { return []triage.Status{s} }

// Rules returns the table of moves.
func Rules() []Rule { return slices.Clone(rules) }

// Options returns the moves that are allowed in the case's status.
func Options(c *triage.Case) []Rule {
	return slices.DeleteFunc(Rules(), func(r Rule) bool { return !slices.Contains(r.From, c.Status) })
}

// ruleFor returns the line of a move that is allowed now. The error is
// CodeInvalid for a move that is in no line and CodeConflict, with what is
// allowed, for one that is not allowed from here.
func ruleFor(c *triage.Case, m Move) (Rule, error) {
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.Move == m })
	if i < 0 {
		return Rule{}, triage.FieldErrorf("move", "%.40q is not a move; from %s use %s", string(m), c.Status, allowed(c))
	}
	if !slices.Contains(rules[i].From, c.Status) {
		return Rule{}, triage.Errorf(triage.CodeConflict, "case %s is %s, from where %s is not allowed; allowed are: %s",
			c.ID, c.Status, m, allowed(c))
	}
	return rules[i], nil
}

func allowed(c *triage.Case) string {
	var names []string
	for _, r := range Options(c) {
		names = append(names, string(r.Move))
	}
	if len(names) == 0 {
		return "none: it has ended"
	}
	return strings.Join(names, ", ")
}
