package main

import (
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/internal/simulate"
	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/alert"
	"github.com/qianyi-dev/qianyi/prevention/channel"
	"github.com/qianyi-dev/qianyi/prevention/channel/channeltest"
	"github.com/qianyi-dev/qianyi/triage"
)

// troubled plays seven weeks of a small company up to midnight, with a payment
// gateway that broke yesterday, and imports them.
func troubled(t *testing.T, data string, now time.Time) *simulate.World {
	t.Helper()
	const days = 50
	scenario := simulate.Scenario{
		Name: "broken gateway", Seed: 7, Start: now.AddDate(0, 0, -days).Format(time.DateOnly), Days: days,
		Customers: 2500, PerDay: 8, Industries: []string{"telecom", "shop"},
		Background: simulate.Background{Weekday: []float64{1, 1, 1, 1, 1, 1, 1}, Everyday: 0.2, Corpus: 0.3, Named: 0.3, NoRegion: 0.1},
		Incidents: []simulate.Incident{{
			ID: "I1", Kind: "topup-gateway", From: days - 1, To: days, Regions: []string{"青棠", "槐州"},
			Exposed: 160, Affected: 0.8, Complain: 0.35, DelayDays: 0.2,
		}},
	}
	world, err := scenario.Generate()
	if err != nil {
		t.Fatal(err)
	}
	files := t.TempDir()
	if err := world.Write(files); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"customers", "exposures", "complaints"} {
		name := map[string]string{"customers": simulate.CustomersFile, "exposures": simulate.ExposuresFile, "complaints": simulate.ComplaintsFile}[kind]
		qianyi(t, "", "import", kind, filepath.Join(files, name), "--data", data).must(t, exitOK)
	}
	return world
}

type clusterState struct {
	ID         string
	Title      string
	Stage      prevention.Stage
	Customers  int `json:"distinct_customers"`
	Terms      []prevention.Term
	Attributes []prevention.Attribute
	Rule       *prevention.Rule
	Estimate   prevention.Estimate
}

// about finds the one active cluster with most of the complaints.
func (s *instance) about(t *testing.T, complaints []triage.ComplaintID) clusterState {
	t.Helper()
	var list struct{ Items []clusterState }
	s.get(t, "/clusters?active=true", &list)
	for _, c := range list.Items {
		var members struct {
			Items []struct{ Complaint triage.ComplaintID }
		}
		s.get(t, "/clusters/"+c.ID+"/members?limit=1000", &members)
		found := 0
		for _, m := range members.Items {
			if slices.Contains(complaints, m.Complaint) {
				found++
			}
		}
		if 2*found > len(complaints) {
			s.get(t, "/clusters/"+c.ID, &c)
			return c
		}
	}
	t.Fatalf("none of %d active clusters is about the incident", len(list.Items))
	return clusterState{}
}

// From complaints to customers who know before they complain, through every
// part of the program.
func TestFromComplaintsToTheSilentCustomers(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	robot, err := channeltest.NewRobot(channeltest.RobotOptions{Kind: channel.RobotDingTalk, Secret: "robot-secret", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer robot.Close()
	team := robot.Config()
	data := t.TempDir()
	conf := outreachConfig(t, func(c *config) {
		c.Channels = []channel.Config{sms(g), {Name: "team", Robot: &team}}
		c.Alerts.BaseURL = "https://qianyi.example.com"
		c.Alerts.Receivers = []alert.Receiver{{Name: "quality", Channel: "team"}}
	})
	c := defaultConfig()
	world := troubled(t, data, c.now())
	s := serve(t, "--data", data, "--config", conf)
	s.run(t, "detect")
	k := s.about(t, world.Truth.Incidents[0].ComplaintIDs)
	if k.Title == "" || len(k.Terms) == 0 || len(k.Attributes) == 0 {
		t.Errorf("the cluster is not explained: %+v", k)
	}
	s.wantOneAlarm(t, robot, k.ID)

	s.run(t, "cohorts")
	k = s.about(t, world.Truth.Incidents[0].ComplaintIDs)
	if k.Rule == nil || k.Estimate.Basis != prevention.BasisExposure {
		t.Fatalf("rule %v, estimate %+v; want those of the exposures", k.Rule, k.Estimate)
	}
	told := s.tell(t, g, k)
	wantToldAffected(t, world, told)
	var members struct {
		Items []struct {
			Customer string `json:"customer_id"`
		}
	}
	s.get(t, "/clusters/"+k.ID+"/members?limit=1000", &members)
	for _, m := range members.Items {
		if _, is := told[m.Customer]; is {
			t.Errorf("%s was told although complaining", m.Customer)
		}
	}
}

// wantOneAlarm lets the team be alarmed, twice, and expects one message with a
// link to the cluster.
func (s *instance) wantOneAlarm(t *testing.T, robot *channeltest.Robot, cluster string) {
	t.Helper()
	for range 2 {
		s.run(t, "detect")
		s.run(t, "announce")
	}
	link := "https://qianyi.example.com/clusters/" + cluster
	found := 0
	for _, m := range robot.All() {
		found += strings.Count(m.Text+"\n", link+"\n")
	}
	if found != 1 {
		t.Errorf("the team was told %d times of %s, want once: %+v", found, link, robot.All())
	}
}

// tell plans, previews, approves and sends, and returns who was told.
func (s *instance) tell(t *testing.T, g *channeltest.Gateway, k clusterState) map[string]noticeState {
	t.Helper()
	content := draft("sms")
	content["cohort"], content["holdout"] = k.Rule, 0.2
	var preview struct {
		Reached    int
		Recipients []struct{ Name, Text, Address string }
	}
	s.as(t, "author", "POST", "/clusters/"+k.ID+"/plans/preview", content, http.StatusOK, &preview)
	if preview.Reached == 0 || len(preview.Recipients) == 0 {
		t.Fatalf("nobody would be told: %+v", preview)
	}
	for _, r := range preview.Recipients {
		if !strings.Contains(r.Name, "*") || !strings.HasPrefix(strings.TrimSpace(r.Text), r.Name) || !strings.Contains(r.Address, "*") {
			t.Errorf("a preview shows %+v, want it masked", r)
		}
	}

	var p planState
	s.as(t, "author", "POST", "/clusters/"+k.ID+"/plans", content, http.StatusCreated, &p)
	s.as(t, "author", "POST", "/plans/"+p.ID+"/submit", map[string]any{"version": p.Version}, http.StatusOK, &p)
	version := map[string]any{"version": p.Version}
	s.as(t, "author", "POST", "/plans/"+p.ID+"/approve", version, http.StatusForbidden, nil)
	s.as(t, "approver", "POST", "/plans/"+p.ID+"/approve", version, http.StatusOK, &p)
	if p.Size != preview.Reached || p.Held < 1 || p.Held != p.Notices[prevention.NoticeHeld] {
		t.Errorf("the approved plan is %+v, want the %d of the preview with a hold-out", p, preview.Reached)
	}
	arms := s.notices(t, p.ID)
	s.untilFinished(t, p.ID)
	s.run(t, "send")

	notices := s.notices(t, p.ID)
	var told []string
	for id, n := range notices {
		if n.Arm != arms[id].Arm {
			t.Errorf("%s changed from arm %s to %s", id, arms[id].Arm, n.Arm)
		}
		if n.Arm == prevention.ArmTold {
			told = append(told, id)
		}
	}
	if got := g.PerKey(); len(got) != len(told) || len(g.All()) != len(told) {
		t.Errorf("the gateway delivered %d messages of %d keys to %d customers", len(g.All()), len(got), len(told))
	}
	maps.DeleteFunc(notices, func(_ string, n noticeState) bool { return n.Arm == prevention.ArmHeld })
	return notices
}

// wantToldAffected compares who was told with who should be: nobody who
// complained or opted out, and most of the others who have the problem.
func wantToldAffected(t *testing.T, world *simulate.World, told map[string]noticeState) {
	t.Helper()
	silent := map[triage.CustomerID]bool{}
	for _, a := range world.Truth.Incidents[0].Affected {
		silent[a.CustomerID] = true
	}
	for _, c := range world.Complaints {
		if slices.Contains(world.Truth.Incidents[0].ComplaintIDs, c.ID) {
			delete(silent, c.CustomerID)
		}
	}
	for _, c := range world.Customers {
		if _, is := told[string(c.ID)]; is && c.OptedOut {
			t.Errorf("%s was told although opted out", c.ID)
		}
		if c.OptedOut {
			delete(silent, c.ID)
		}
	}
	reached := 0
	for id := range silent {
		if _, is := told[string(id)]; is {
			reached++
		}
	}
	// A fifth is held out.
	if reached < len(silent)*6/10 || reached < len(told)*6/10 {
		t.Errorf("%d of %d told customers are among the %d silent ones with the problem", reached, len(told), len(silent))
	}
}
