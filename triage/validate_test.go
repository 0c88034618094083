package triage_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qianyi-dev/qianyi/triage"
)

func TestValidateRefuses(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("长", 1001)
	for name, test := range map[string]struct {
		change func(c *triage.Complaint)
		field  string
		code   triage.Code
	}{
		"no id":                         {func(c *triage.Complaint) { c.ID = "" }, "id", ""},
		"an id of blanks":               {func(c *triage.Complaint) { c.ID = " \t　" }, "id", ""},
		"a long id":                     {func(c *triage.Complaint) { c.ID = triage.ComplaintID(strings.Repeat("号", triage.MaxIDRunes+1)) }, "id", ""},
		"an id with a line break":       {func(c *triage.Complaint) { c.ID = "a\nb" }, "id", ""},
		"an id with a zero byte":        {func(c *triage.Complaint) { c.ID = "a\x00" }, "id", ""},
		"an id that is a folder":        {func(c *triage.Complaint) { c.ID = "." }, "id", ""},
		"an id that leads upwards":      {func(c *triage.Complaint) { c.ID = ".." }, "id", ""},
		"an id that is not UTF-8":       {func(c *triage.Complaint) { c.ID = "a\xff" }, "id", ""},
		"a customer with an escape":     {func(c *triage.Complaint) { c.CustomerID = "K\x1b[2J" }, "customer_id", ""},
		"an unknown channel":            {func(c *triage.Complaint) { c.Channel = "fax" }, "channel", ""},
		"no text":                       {func(c *triage.Complaint) { c.Text = "" }, "text", ""},
		"title and text of blanks":      {func(c *triage.Complaint) { c.Title, c.Text = " ", "\n　" }, "text", ""},
		"a text over the limit":         {func(c *triage.Complaint) { c.Text = strings.Repeat("费", triage.MaxTextRunes+1) }, "text", triage.CodeTooLarge},
		"title and text over the limit": {func(c *triage.Complaint) { c.Title, c.Text = "费", strings.Repeat("费", triage.MaxTextRunes) }, "text", triage.CodeTooLarge},
		"a resolution over the limit":   {func(c *triage.Complaint) { c.Resolution = strings.Repeat("退", triage.MaxTextRunes+1) }, "resolution", triage.CodeTooLarge},
		"a long customer id":            {func(c *triage.Complaint) { c.CustomerID = triage.CustomerID(long) }, "customer_id", ""},
		"a long region":                 {func(c *triage.Complaint) { c.Region = long }, "region", ""},
		"a long product":                {func(c *triage.Complaint) { c.Product = long }, "product", ""},
		"a long campaign":               {func(c *triage.Complaint) { c.Campaign = long }, "campaign", ""},
		"a long order id":               {func(c *triage.Complaint) { c.OrderID = long }, "order_id", ""},
		"a long type":                   {func(c *triage.Complaint) { c.Type = long }, "type", ""},
		"a long sub-type":               {func(c *triage.Complaint) { c.Type, c.Subtype = "t", long }, "subtype", ""},
		"a sub-type without a type":     {func(c *triage.Complaint) { c.Subtype = "network.outage" }, "subtype", ""},
		"a time before 1970":            {func(c *triage.Complaint) { c.At = time.Date(1969, 12, 31, 23, 59, 59, 0, time.UTC) }, "at", ""},
		"a time after the year 9999":    {func(c *triage.Complaint) { c.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }, "at", ""},
		"a closing before 1970":         {func(c *triage.Complaint) { c.ClosedAt = time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC) }, "closed_at", ""},
		"a negative satisfaction":       {func(c *triage.Complaint) { c.Satisfaction = score(-0.1) }, "satisfaction", ""},
		"a satisfaction over 100":       {func(c *triage.Complaint) { c.Satisfaction = score(100.1) }, "satisfaction", ""},
		"a satisfaction of NaN":         {func(c *triage.Complaint) { c.Satisfaction = score(math.NaN()) }, "satisfaction", ""},
		"a hundred and one attributes":  {func(c *triage.Complaint) { c.Attrs = attrs(101) }, "attrs", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := complaint("c1", "宽带断了")
			test.change(&c)
			err := c.Validate()
			e, ok := errors.AsType[*triage.Error](err)
			if !ok {
				t.Fatalf("got %v, want an Error", err)
			}
			want := test.code
			if want == "" {
				want = triage.CodeInvalid
			}
			if e.Field != test.field || e.Code != want {
				t.Errorf("got field %q and code %q, want %q and %q", e.Field, e.Code, test.field, want)
			}
			if len(e.Error()) > 2000 {
				t.Errorf("the message has %d bytes, want one a person can read", len(e.Error()))
			}
		})
	}
}

func TestValidateAccepts(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(c *triage.Complaint){
		"the least":                func(c *triage.Complaint) { *c = triage.Complaint{ID: "1", Text: "?"} },
		"a title alone":            func(c *triage.Complaint) { c.Title, c.Text = "断网", "" },
		"only emoji":               func(c *triage.Complaint) { c.Text = "😡😡" },
		"a script":                 func(c *triage.Complaint) { c.Text = "<script>alert(1)</script>" },
		"invalid UTF-8 in a text":  func(c *triage.Complaint) { c.Text = "宽带\xff断了" },
		"a text of the limit":      func(c *triage.Complaint) { c.Text = strings.Repeat("费", triage.MaxTextRunes) },
		"an id of the limit":       func(c *triage.Complaint) { c.ID = triage.ComplaintID(strings.Repeat("号", triage.MaxIDRunes)) },
		"the first second of 1970": func(c *triage.Complaint) { c.At = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC) },
		"the end of the year 9999": func(c *triage.Complaint) { c.At = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC) },
		"a satisfaction of 0":      func(c *triage.Complaint) { c.Satisfaction = score(0) },
		"a satisfaction of 100":    func(c *triage.Complaint) { c.Satisfaction = score(100) },
		"a hundred attributes":     func(c *triage.Complaint) { c.Attrs = attrs(100) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := complaint("c1", "宽带断了")
			change(&c)
			if err := c.Validate(); err != nil {
				t.Errorf("got %v, want it accepted", err)
			}
		})
	}
}

func TestValidateCleans(t *testing.T) {
	t.Parallel()
	c := triage.Complaint{
		ID: " c1\r\n", CustomerID: "　K-1 ", Channel: " HotLine ", Text: " 断网 ", Product: "宽带 ", OrderID: "\tDD1",
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	want := triage.Complaint{
		ID: "c1", CustomerID: "K-1", Channel: triage.ChannelHotline, Text: " 断网 ", Product: "宽带", OrderID: "DD1",
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("cleaned otherwise (-want +got)\n%s", diff)
	}
	c.Channel = ""
	if err := c.Validate(); err != nil || c.Channel != triage.ChannelOther {
		t.Errorf("got channel %q and %v, want other", c.Channel, err)
	}
}

// attrs returns n further facts.
func attrs(n int) map[string]any {
	m := make(map[string]any, n)
	for i := range n {
		m[strings.Repeat("a", i+1)] = i
	}
	return m
}
