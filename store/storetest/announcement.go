package storetest

import (
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

var announcementTests = map[string]func(*testing.T, Store){
	"what waits is told, put off or dropped": func(t *testing.T, s Store) {
		of := func(kind prevention.AnnouncementKind, minute int) prevention.Announcement {
			return prevention.Announcement{Cluster: "K1", Kind: kind, At: start.Add(time.Duration(minute) * time.Minute), Severity: prevention.SeverityAlert}
		}
		check(t, s.Record(t.Context(), prevention.Found{
			Clusters:      []prevention.Cluster{burst("K1")},
			Announcements: []prevention.Announcement{of(prevention.AnnounceEscalated, 2), of(prevention.AnnounceRaised, 1), of(prevention.AnnounceResolved, 3)},
		}))
		list, err := s.Waiting(t.Context(), 10)
		check(t, err)
		equal(t, "kinds", []prevention.AnnouncementKind{list[0].Kind, list[1].Kind, list[2].Kind},
			[]prevention.AnnouncementKind{prevention.AnnounceRaised, prevention.AnnounceEscalated, prevention.AnnounceResolved})
		told, later, dropped := list[0], list[1], list[2]
		told.SentAt, told.Receiver, told.Attempts = start.Add(time.Hour), "robot", 1
		later.NextAt, later.Reason = start.Add(2*time.Hour), "quiet"
		dropped.Reason = "not told"
		second := told
		second.ID, second.Receiver, second.SentAt = 0, "mail", start.Add(2*time.Hour)
		check(t, s.SettleAnnouncements(t.Context(), []prevention.Announcement{told, later, dropped, second}))
		list, err = s.Waiting(t.Context(), 0)
		check(t, err)
		equal(t, "waiting", list, []prevention.Announcement{later})
		list, err = s.Announced(t.Context(), "K1")
		check(t, err)
		equal(t, "lines", len(list), 2)
		second.ID = list[0].ID // whatever the database gave
		equal(t, "told", list, []prevention.Announcement{second, told})
		code(t, s.SettleAnnouncements(t.Context(), []prevention.Announcement{{ID: 99}}), triage.CodeNotFound)
	},
	"a silence lasts until its time or its end": func(t *testing.T, s Store) {
		check(t, s.Silence(t.Context(), "K1", start.Add(time.Hour), entryOf("silence")))
		check(t, s.Silence(t.Context(), "K1", start.Add(2*time.Hour), entryOf("silence")))
		check(t, s.Silence(t.Context(), "K2", start.Add(time.Hour), entryOf("silence")))
		silenced := func(at time.Time) map[prevention.ClusterID]time.Time {
			got, err := s.Silenced(t.Context(), at)
			check(t, err)
			return got
		}
		equal(t, "silenced", silenced(start.Add(time.Hour)), map[prevention.ClusterID]time.Time{"K1": start.Add(2 * time.Hour)})
		check(t, s.Silence(t.Context(), "K1", time.Time{}, entryOf("silence")))
		equal(t, "after its end", silenced(start), map[prevention.ClusterID]time.Time{"K2": start.Add(time.Hour)})
		audited(t, s, "silence", 4)
	},
}
