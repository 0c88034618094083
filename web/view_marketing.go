package web

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"

	"github.com/qianyi-dev/qianyi/prevention/campaign"
	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
	"github.com/qianyi-dev/qianyi/prevention/campaign/verdict/watch"
)

func (s *Server) campaignSignal(ctx context.Context, r *judgedRequest) (*signalResponse, error) {
	d, err := s.d.Marketing.Desk.Campaign(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	out := &signalResponse{}
	out.Body.Now = detailSignal(&d)
	out.Body.History = []signalView{}
	for i := range d.Told {
		t := &d.Told[i]
		out.Body.History = append(out.Body.History, signalOf(t.Campaign, t.Day.String(), &t.Verdict))
	}
	return out, nil
}

func detailSignal(d *watch.Detail) signalView {
	day := ""
	if len(d.Told) > 0 {
		day = d.Told[0].Day.String()
	}
	return signalOf(d.Campaign.ID, day, &d.Verdict)
}

func (s *Server) campaignCard(ctx context.Context, r *judgedRequest) (*cardResponse, error) {
	d, err := s.d.Marketing.Desk.Campaign(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	v := cardView{
		Campaign: d.Campaign.ID, Name: d.Campaign.Name, State: d.State, From: d.From.String(), To: d.To.String(), Reached: d.Reached, Contacts: d.Contacts,
		Asked: card.Asked(d.Reaction), Accepted: d.Reaction.Count[campaign.Accepted], Unwelcome: card.Unwelcome(d.Reaction),
		Complaints: d.Figures.Cases, Customers: d.Customers, Signal: detailSignal(&d), Cost: d.Cost,
		Assumed: costView{d.Assumed.Hourly, d.Assumed.Case, d.Assumed.Reply, d.Assumed.HandOver},
		Causes:  []causeView{}, Lessons: []lessonView{},
	}
	for _, c := range d.Causes {
		v.Causes = append(v.Causes, causeView(c))
	}
	for _, l := range d.Lessons {
		v.Lessons = append(v.Lessons, lessonView{l.Version, s.d.Mask(l.Text), l.By, s.local(l.At)})
	}
	if d.Figures.Scored > 0 {
		v.Mean = new(d.Figures.Scores / float64(d.Figures.Scored))
	}
	if d.Departures != nil {
		v.Departures = new(departureView(*d.Departures))
	}
	if d.Of > 0 {
		v.Place = new(placeView(d.Place))
	}
	return &cardResponse{Body: v}, nil
}

func (s *Server) campaignSignals(ctx context.Context, _ *struct{}) (*signalsResponse, error) {
	last, err := s.d.Marketing.Desk.Latest(ctx)
	if err != nil {
		return nil, err
	}
	places, err := s.d.Marketing.Desk.Ranking(ctx)
	if err != nil {
		return nil, err
	}
	at := make(map[string]*placeView, len(places))
	for _, p := range places {
		at[p.Campaign] = new(placeView(p))
	}
	out := &signalsResponse{}
	out.Body.Items = []rankedSignal{}
	for _, id := range slices.SortedFunc(maps.Keys(last), func(a, b string) int { return cmp.Or(cmp.Compare(rank(at[a]), rank(at[b])), cmp.Compare(a, b)) }) {
		t := last[id]
		out.Body.Items = append(out.Body.Items, rankedSignal{signalOf(id, t.Day.String(), &t.Verdict), at[id]})
	}
	return out, nil
}

// rank puts campaigns without a place behind all others.
func rank(p *placeView) int {
	if p == nil {
		return math.MaxInt
	}
	return p.Rank
}
