package demo

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage"
)

const (
	repeatCount = 80
	// impatient customers repeat a complaint of this week that is still worked on,
	// one to two days after it.
	impatient = 4
	// quoteRunes is how much of the first complaint a reminder repeats.
	quoteRunes = 22
)

// makeRepeats lets customers complain again about an order of theirs, days
// after the first time.
func (f *founder) makeRepeats() {
	r := f.stream(partRepeats)
	first := len(f.events)
	for _, i := range r.Perm(first) {
		if f.repeats == repeatCount {
			return
		}
		e := &f.events[i]
		gap := between(r, 2*day, 18*day)
		if age := f.now.Sub(e.complaint.At); f.repeats < impatient {
			if !e.live || e.loyal || age < 3*day || age > 6*day {
				continue
			}
			gap = between(r, 25*time.Hour, 44*time.Hour)
		}
		if e.complaint.OrderID == "" || f.now.Sub(e.complaint.At) <= gap {
			continue
		}
		again := f.remind(r, e)
		again.complaint.At = e.complaint.At.Add(gap)
		again.complaint.Text = strings.ReplaceAll(again.complaint.Text, "{days}", strconv.Itoa(int(gap/day)))
		if f.repeats < impatient {
			again.live = true
		} else {
			f.settle(r, &again)
		}
		f.events = append(f.events, again)
		f.repeats++
	}
}

// remind words a second complaint; time and days are still open.
func (f *founder) remind(r *rand.Rand, e *event) event {
	again := event{truth: e.truth, ordered: e.ordered}
	text := strings.NewReplacer("{order}", e.complaint.OrderID, "{quote}", clip(e.truth.Text, quoteRunes)).
		Replace(pick(r, f.content.Reminders))
	again.complaint = triage.Complaint{
		CustomerID: e.complaint.CustomerID,
		Channel:    channelFor(r, text),
		Text:       text,
		Region:     e.complaint.Region,
		Product:    e.complaint.Product,
		Campaign:   e.complaint.Campaign,
		OrderID:    e.complaint.OrderID,
		Attrs:      e.complaint.Attrs,
	}
	// Whoever has to ask twice is no longer calm.
	again.truth.Intensity = max(again.truth.Intensity, 1)
	return again
}

// clip cuts a text to at most n runes, at a comma or full stop if there is one
// in its second half.
func clip(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return strings.TrimRight(text, "。，,.！!？?")
	}
	cut := string([]rune(text)[:n])
	if at := strings.LastIndexAny(cut, "，。！？,!?"); at > len(cut)/2 {
		return cut[:at]
	}
	return cut + "…"
}
