package life_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/life"
)

func TestTrack(t *testing.T) {
	t.Parallel()
	told := complaint("c1")
	told.Text = "宽带断了\r\n三天，请打 13900139000"
	told.Product, told.OrderID = "宽带", "D-1"
	h := newHouse(t, told)
	h.deps.Mask = func(s string) string { return strings.ReplaceAll(s, "13900139000", "139****9000") }
	h.Service = life.New(h.deps)
	for _, m := range []struct {
		move  life.Move
		facts map[string]string
	}{
		{life.MoveAcknowledge, map[string]string{"answered_how": "电话", "answered_at": "2026-03-02 09:58"}},
		{life.MoveVerify, nil},
		{life.MoveAttribute, map[string]string{"findings": "光猫损坏", "cause": "product", "cause_department": "产品部"}},
		{life.MovePropose, map[string]string{"solution": "换光猫"}},
		{life.MoveDecline, map[string]string{"counter_demand": "再减免一个月", "solution": "换光猫并减免"}},
		{life.MoveAgree, map[string]string{"consent_by": "客户本人", "consent_at": "2026-03-02 10:00", "consent_how": "电话"}},
		{life.MoveExecute, map[string]string{"task": "上门", "executor": "赵工", "execute_until": "2026-03-03 12:00"}},
		{life.MoveConfirm, map[string]string{"result": "已换，电话 13900139000"}},
		{life.MoveClose, map[string]string{"resolution": "已换光猫", "confirmation": "客户确认可用", "satisfaction": "95"}},
		{life.MoveCallBack, map[string]string{"answer": "很满意"}},
	} {
		h.move(t, "c1", m.move, m.facts)
	}
	var got []life.TrackRow
	err := h.Track(t.Context(), triage.QueueFilter{}, func(r life.TrackRow) error {
		got = append(got, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	score := 95.0
	want := []life.TrackRow{{
		N: 1, ID: "c1", At: monday, Channel: triage.ChannelApp, Customer: "张*", Tier: triage.TierOrdinary, Contact: "138****8000",
		Product: "宽带 D-1", Summary: "宽带断了 三天，请打 139****9000", Demand: nlp.DemandFix, Type: "network", Urgency: nlp.UrgencyNormal,
		Department: "网络部", Owner: "li", RespondedAt: at(0, 9, 58), VerifiedAt: monday, Findings: "光猫损坏", Cause: triage.CauseProduct,
		Solution: "换光猫并减免", Consent: "客户本人，电话", Execution: "已换，电话 139****9000", ClosedAt: monday, Confirmation: "客户确认可用",
		Satisfaction: &score, CallBackAnswer: "很满意", Status: triage.StatusCalledBack,
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("another row (-want +got)\n%s", diff)
	}
}

func TestTrackPages(t *testing.T) {
	t.Parallel()
	var cases []triage.Case
	for i := range 1203 {
		cases = append(cases, complaint(fmt.Sprintf("c%04d", i)))
	}
	h := newHouse(t, cases...)
	h.now = at(1, 9, 0) // the facts were due the day before
	n := 0
	err := h.Track(t.Context(), triage.QueueFilter{}, func(r life.TrackRow) error {
		if n++; r.N != n || string(r.ID) != fmt.Sprintf("c%04d", n-1) || !r.Late {
			t.Fatalf("row %d is %d %s, late %v", n, r.N, r.ID, r.Late)
		}
		return nil
	})
	if err != nil || n != len(cases) {
		t.Errorf("got %d rows and %v, want %d", n, err, len(cases))
	}
	stop := errors.New("disk full")
	n = 0
	err = h.Track(t.Context(), triage.QueueFilter{}, func(life.TrackRow) error { n++; return stop })
	if !errors.Is(err, stop) || n != 1 {
		t.Errorf("got %v after %d rows, want to stop at the first", err, n)
	}
}
