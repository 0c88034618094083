package customer_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/customer"
)

// town has customers who share addresses and orders.
func town(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.enrol(t,
		triage.Customer{ID: "li", Name: "李四", Phone: "19900000001", Email: "li@example.com"},
		triage.Customer{ID: "li-web", Name: "李四", Email: "li.si@example.com"},
		triage.Customer{ID: "wang", Name: "王五", Phone: "19900000002"},
		triage.Customer{ID: "zhao", Name: "赵六", Phone: "19900000002"},
		triage.Customer{ID: "anon", Phone: "19900000003"},
	)
	a, b, c := kase("c1", "wang", day(time.May, 1)), kase("c2", "cases-only", day(time.May, 2)), kase("c3", "li", day(time.May, 3))
	a.OrderID, b.OrderID, c.OrderID = "D-2026-77", "D-2026-78", "1"
	w.accept(t, a, b, c)
	_, err := w.Merge(t.Context(), customer.Merge{From: "li-web", Into: "li", Reason: "同名同址", By: "chen"})
	check(t, err)
	return w
}

func TestMatch(t *testing.T) {
	t.Parallel()
	w := town(t)
	for _, test := range []struct {
		name string
		who  customer.Identity
		want string // customer basis strength, or the candidates
	}{
		{"an id", customer.Identity{ID: "zhao", Phone: "19900000001"}, "zhao id certain"},
		{"an id of a merged record", customer.Identity{ID: "li-web"}, "li id certain"},
		{"an unknown id with a phone", customer.Identity{ID: "x", Phone: "19900000001"}, "li phone strong"},
		{"a phone written otherwise", customer.Identity{Phone: "+86 199-0000-0001"}, "li phone strong"},
		{"a phone and the same name", customer.Identity{Phone: "19900000001", Name: " 李四 "}, "li phone strong"},
		{"a phone and a masked name", customer.Identity{Phone: "19900000001", Name: "李*"}, "li phone strong"},
		{"a phone and a form of address", customer.Identity{Phone: "19900000001", Name: "李先生"}, "li phone strong"},
		{"a phone and another name", customer.Identity{Phone: "19900000001", Name: "张三"}, "? li"},
		{"a phone and another surname", customer.Identity{Phone: "19900000001", Name: "张女士"}, "? li"},
		{"a phone of somebody without a name", customer.Identity{Phone: "19900000003", Name: "张三"}, "anon phone strong"},
		{"a phone of two", customer.Identity{Phone: "19900000002"}, "? wang zhao"},
		{"an e-mail in other letters", customer.Identity{Email: "LI@Example.com"}, "li email strong"},
		{"addresses of one person in two records", customer.Identity{Phone: "19900000001", Email: "li.si@example.com"}, "li phone strong"},
		{"addresses of two persons", customer.Identity{Phone: "19900000003", Email: "li@example.com"}, "? anon li"},
		{"an order", customer.Identity{OrderID: "D-2026-77"}, "wang order likely"},
		{"an order of a customer of cases alone", customer.Identity{OrderID: "D-2026-78"}, "cases-only order likely"},
		{"an order that says nothing", customer.Identity{OrderID: "1"}, ""},
		{"nobody", customer.Identity{Phone: "19900000009", Email: "no@example.com", OrderID: "D-2026-79"}, ""},
		{"nothing", customer.Identity{Name: "李四"}, ""},
		{"hostile", customer.Identity{Phone: "' OR 1=1 --", Email: "%@%", OrderID: strings.Repeat("1", 9)}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			found, err := w.Match(t.Context(), test.who)
			check(t, err)
			got := strings.TrimSpace(fmt.Sprintf("%s %s %s", found.Customer, found.Basis, found.Strength))
			if found.Ambiguous() {
				got = "?"
				for _, c := range found.Candidates {
					got += " " + string(c.Record.ID)
					if c.Strength != customer.Weak {
						t.Errorf("candidate %s is %s", c.Record.ID, c.Strength)
					}
				}
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestMatchOfManyIsThatOfEach(t *testing.T) {
	t.Parallel()
	w := town(t)
	list := []customer.Identity{
		{Phone: "19900000001"}, {Email: "li.si@example.com"}, {Phone: "19900000002"}, {}, {OrderID: "D-2026-77"}, {Phone: "19900000001", Name: "张三"},
	}
	all, err := w.MatchAll(t.Context(), list)
	check(t, err)
	for i, who := range list {
		one, err := w.Match(t.Context(), who)
		check(t, err)
		if diff := cmp.Diff(one, all[i]); diff != "" {
			t.Errorf("identity %d (-alone +among many)\n%s", i, diff)
		}
	}
}

func TestTwins(t *testing.T) {
	t.Parallel()
	w := town(t)
	w.enrol(t, triage.Customer{ID: "li-app", Name: "李先生", Phone: "199 0000 0001"}, triage.Customer{ID: "son", Name: "李小四", Email: "LI.SI@example.com"})
	twins, err := w.Twins(t.Context(), "li-web")
	check(t, err)
	var got []string
	for _, c := range twins {
		got = append(got, fmt.Sprint(c.Record.ID, " ", c.Basis, " ", c.Strength))
	}
	if diff := cmp.Diff([]string{"li-app phone strong", "son email weak"}, got); diff != "" {
		t.Errorf("twins (-want +got)\n%s", diff)
	}
	none, err := w.Twins(t.Context(), "anon")
	check(t, err)
	if len(none) != 0 {
		t.Errorf("somebody without company has twins %v", none)
	}
}

// told is a case in whose text a phone number stands behind some words.
func told(id triage.ComplaintID, before, number string) triage.Case {
	c := kase(id, "", day(time.May, 5))
	c.Text = before + number + "，请处理"
	start := len([]rune(before))
	c.Assessment.Entities = []nlp.Entity{{Kind: nlp.EntityPhone, Text: number, Start: start, End: start + len(number), Value: number}}
	return c
}

func TestComplaintsAreRecognised(t *testing.T) {
	t.Parallel()
	w := town(t)
	attrs := kase("a", "", day(time.May, 5))
	attrs.Attrs = map[string]any{"phone": "19900000001", "name": "李四", "email": 7}
	shared := kase("s", "", day(time.May, 5))
	shared.Attrs = map[string]any{"phone": "19900000002"}
	past := shared
	past.Status = triage.StatusClosed
	two := told("t", "联系我 ", "19900000001")
	second := two.Assessment.Entities[0]
	second.Value = "19900000003"
	two.Assessment.Entities = append(two.Assessment.Entities, second)
	wrong := told("w", "联系我 ", "19900000001")
	wrong.Assessment.Entities[0].Start = 4000
	cases := []triage.Case{
		attrs, shared, past, told("own", "我的手机号 ", "19900000001"), told("other", "那个客服的电话是 ", "19900000001"), two, wrong, kase("n", "", day(time.May, 5)),
	}
	got, err := w.Recogniser().Match(t.Context(), cases)
	check(t, err)
	want := []triage.Matched{{Customer: "li", Basis: "phone"}, {Doubt: true}, {}, {Customer: "li", Basis: "phone"}, {}, {}, {}, {}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("matched (-want +got)\n%s", diff)
	}
	t.Run("a doubt opens one task with the candidates, and choosing ends it", func(t *testing.T) {
		w.accept(t, shared)
		for range 2 {
			check(t, w.Recogniser().Doubt(t.Context(), []triage.Case{shared, attrs}))
		}
		open, err := w.Tasks(t.Context(), customer.TaskFilter{}, customer.Page{})
		check(t, err)
		if len(open.Rows) != 1 {
			t.Fatalf("got %d tasks, want 1", len(open.Rows))
		}
		task := open.Rows[0]
		if diff := cmp.Diff([]triage.CustomerID{"wang", "zhao"}, task.Candidates); diff != "" || task.Owner != "lead" {
			t.Errorf("owner %q, candidates (-want +got)\n%s", task.Owner, diff)
		}
		wantCode(t, w.Identify(t.Context(), "s", "nobody", "chen"), triage.CodeNotFound)
		check(t, w.Identify(t.Context(), "s", "zhao", "chen"))
		c, err := w.db.Case(t.Context(), "s")
		check(t, err)
		task, err = w.Task(t.Context(), task.ID)
		check(t, err)
		if c.CustomerID != "zhao" || task.Open() || task.Customer != "zhao" {
			t.Errorf("case of %q, task %+v", c.CustomerID, task)
		}
		if diff := cmp.Diff([]string{"system accept", "chen case.customer"}, w.actions(t, "case:s")); diff != "" {
			t.Errorf("trail (-want +got)\n%s", diff)
		}
	})
}
