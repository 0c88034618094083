package console

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

const (
	// boardLimit bounds the clusters of the board, closedShown those of its last
	// column; the list has all of them.
	boardLimit  = 200
	closedShown = 8
	// listRows is the length of one page of the list.
	listRows = 100
	// maxFetches bounds how much is read to fill a page of a narrow filter.
	maxFetches = 10
)

// severities from the least to the worst.
var severities = []prevention.Severity{prevention.SeverityAlert, prevention.SeverityCritical}

// clustersView is the page of clusters.
type clustersView struct {
	State      clusterState
	Stages     []prevention.Stage
	Severities []prevention.Severity
	Owners     []string
	Strip      alarmStrip
	Columns    []clusterColumn
	Rows       []clusterCard
	// The addresses of the same clusters in another form; "" where there is no
	// such page.
	Board, Table, Past, Export, Clear, First, Next string
}

// clusterColumn is one stage of the board.
type clusterColumn struct {
	Stage prevention.Stage
	Href  string
	Cards []clusterCard
	// More is set when the list has more than these.
	More bool
}

func (c *Console) showClusters(v *visit) error {
	s := readClusterState(v.r.URL.Query())
	view := clustersView{State: s, Stages: prevention.Stages, Severities: severities}
	ctx := v.r.Context()
	active, err := c.d.Alarms.Desk.Clusters(ctx, prevention.ClusterFilter{Active: true, Limit: boardLimit})
	if err != nil {
		return err
	}
	if view.Strip, err = c.alarmStrip(ctx, v.lang, active.Clusters); err != nil {
		return err
	}
	view.Owners = owners(active.Clusters)
	if s.List {
		err = c.fillList(ctx, v, &view)
	} else {
		err = c.fillBoard(ctx, v, &view, active)
	}
	if err != nil {
		return err
	}
	view.addresses()
	return c.render(v, http.StatusOK, "clusters", page{Title: "nav.clusters", Nav: "/clusters", View: view})
}

func (view *clustersView) addresses() {
	s := view.State
	s.Cursor = ""
	if view.State.Cursor != "" {
		view.First = s.link("/clusters")
	}
	view.Export = s.link("/clusters/export.csv")
	if s.narrowed() {
		view.Clear = clusterState{List: s.List, Past: s.Past}.link("/clusters")
	}
	s.List, s.Past = false, false
	if s.Stage == string(prevention.StageDismissed) {
		s.Stage = ""
	}
	view.Board = s.link("/clusters")
	s.List = true
	view.Table = s.link("/clusters")
	view.Past = clusterState{Past: true, List: true}.link("/clusters")
}

func (c *Console) fillBoard(ctx context.Context, v *visit, view *clustersView, active prevention.ClusterPage) error {
	closed, err := c.d.Alarms.Desk.Clusters(ctx, prevention.ClusterFilter{Stages: []prevention.Stage{prevention.StageClosed}, Limit: closedShown})
	if err != nil {
		return err
	}
	all := slices.Concat(active.Clusters, closed.Clusters)
	slices.SortStableFunc(all, func(x, y prevention.Cluster) int { // the critical first, else as the store has them
		return cmp.Compare(slices.Index(severities, y.Alarm.Severity), slices.Index(severities, x.Alarm.Severity))
	})
	shown := slices.DeleteFunc(all, func(k prevention.Cluster) bool {
		return view.State.Stage != "" && view.State.Stage != string(k.Stage) || k.Historic || !view.State.fits(&k, v.user.Name)
	})
	cards, err := c.boardCards(ctx, v.lang, shown)
	if err != nil {
		return err
	}
	for _, stage := range prevention.Stages {
		if view.State.Stage != "" && view.State.Stage != string(stage) {
			continue
		}
		column := clusterColumn{Stage: stage, Href: clusterState{List: true, Stage: string(stage)}.link("/clusters")}
		column.More = stage == prevention.StageClosed && closed.Next != "" || stage != prevention.StageClosed && active.Next != ""
		for i := range cards {
			if cards[i].Stage == stage {
				column.Cards = append(column.Cards, cards[i])
			}
		}
		view.Columns = append(view.Columns, column)
	}
	return nil
}

// boardCards are the cards of some clusters with their small charts, whose
// figures are read all at once.
func (c *Console) boardCards(ctx context.Context, l language, clusters []prevention.Cluster) ([]clusterCard, error) {
	spans := make([]prevention.ClusterSpan, len(clusters))
	for i := range clusters {
		spans[i] = c.sparkSpan(&clusters[i])
	}
	counts, err := c.d.Alarms.Records.DailyCustomers(ctx, spans, c.d.Zone)
	if err != nil {
		return nil, err
	}
	cards := make([]clusterCard, len(clusters))
	for i := range clusters {
		cards[i] = c.clusterCard(l, &clusters[i])
		if cards[i].Spark, err = c.spark(l, &clusters[i], spans[i].From, counts[i]); err != nil {
			return nil, err
		}
	}
	return cards, nil
}

func (c *Console) fillList(ctx context.Context, v *visit, view *clustersView) error {
	found, next, err := c.listClusters(ctx, v, view.State)
	if err != nil {
		return err
	}
	for i := range found {
		view.Rows = append(view.Rows, c.clusterCard(v.lang, &found[i]))
	}
	if next != "" {
		s := view.State
		s.Cursor = next
		view.Next = s.link("/clusters")
	}
	return nil
}

// listClusters reads whole pages of the store until one page of the list is
// full, so that a cursor of the store stays one of the list.
func (c *Console) listClusters(ctx context.Context, v *visit, s clusterState) (found []prevention.Cluster, next string, err error) {
	f := s.filter()
	for range maxFetches {
		p, err := c.d.Alarms.Desk.Clusters(ctx, f)
		if err != nil {
			return nil, "", err
		}
		for i := range p.Clusters {
			if s.fits(&p.Clusters[i], v.user.Name) {
				found = append(found, p.Clusters[i])
			}
		}
		next, f.Cursor = p.Next, p.Next
		if next == "" || len(found) >= listRows {
			break
		}
	}
	return found, next, nil
}

// owners are the people who own one of the clusters, sorted.
func owners(clusters []prevention.Cluster) []string {
	var names []string
	for i := range clusters {
		if o := clusters[i].Owner; o != "" {
			names = append(names, o)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// exportClusters sends the list as CSV, without its page limit.
func (c *Console) exportClusters(v *visit) error {
	s := readClusterState(v.r.URL.Query())
	s.Cursor = ""
	var rows [][]string
	for len(rows) < maxExportRows {
		found, next, err := c.listClusters(v.r.Context(), v, s)
		if err != nil {
			return err
		}
		for i := range found {
			rows = append(rows, c.clusterRecord(v.lang, &found[i]))
		}
		if s.Cursor = next; next == "" {
			break
		}
	}
	return c.sendTable(v, "clusters", clusterColumns, rows)
}

var clusterColumns = []string{
	"field.id", "cluster.title", "field.stage", "field.severity", "field.type", "cluster.customers", "cluster.complaints", "cluster.copies",
	"cluster.window", "cluster.usual", "cluster.times", "cluster.chance", "cluster.since", "cluster.last",
	"cluster.affected", "cluster.low", "cluster.high", "field.owner",
}

func (c *Console) clusterRecord(l language, k *prevention.Cluster) []string {
	card := c.clusterCard(l, k)
	return []string{
		string(k.ID), card.Title, l.label("stage", k.Stage), l.label("severity", k.Alarm.Severity), c.typeName(l, k.Type),
		count(k.Customers), count(k.Complaints), count(k.Copies), count(k.Alarm.Days), decimal(k.Alarm.Baseline), card.Times, card.Chance,
		c.when(k.FirstAt), c.when(k.LastAt), count(k.Estimate.Affected), count(k.Estimate.Low), count(k.Estimate.High), k.Owner,
	}
}

// clusterID is the cluster named in the path.
func (v *visit) clusterID() prevention.ClusterID { return prevention.ClusterID(v.r.PathValue("id")) }

func clusterPath(id prevention.ClusterID) string { return "/clusters/" + url.PathEscape(string(id)) }

// memberIDs are the complaints chosen in a form.
func (v *visit) memberIDs() []triage.ComplaintID {
	var ids []triage.ComplaintID
	for _, id := range v.r.PostForm["complaint"] {
		ids = append(ids, triage.ComplaintID(id))
	}
	return ids
}
