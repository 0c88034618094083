//go:build unix

package main

import (
	"fmt"
	"strings"
	"time"
)

// pages are all of figures, campaigns and reports: those with a time for the
// usual one, a year and all years, and for one type of complaint.
func (s settings) pages() []string {
	last := s.end.AddDate(0, 0, -1).Format(time.DateOnly)
	since := func(years int) string {
		return fmt.Sprintf("from=%s&to=%s", s.end.AddDate(-years, 0, 0).Format(time.DateOnly), last)
	}
	spans := []string{"", "?" + since(1), "?" + since(s.years), "?type=network&" + since(s.years)}
	var list []string
	for _, tab := range []string{"", "/types", "/season", "/times", "/satisfaction", "/escalations"} {
		for _, span := range spans {
			list = append(list, "/quality"+tab+span)
		}
	}
	for _, page := range []string{"/staff", "/staff/agents/" + agent(7), "/staff/departments/" + department(0)} {
		for _, span := range spans[:3] {
			list = append(list, page+span)
		}
	}
	year, week := s.end.AddDate(0, 0, -7).ISOWeek()
	big := "/campaigns/" + campaignID(campaigns/2)
	return append(list,
		"/campaigns", "/campaigns?state=all", big, big+"/card", "/campaigns/ranking", "/campaigns/check",
		found+"who="+strings.Repeat("0", 3)+"7", found+"who=K0000007", "/counter?customer=K0000007", "/counter/log",
		"/improvements", "/improvements/1", fmt.Sprintf("/improvements/%d", improvements), "/improvements/worked",
		"/reports", fmt.Sprintf("/reports/%d-W%02d", year, week), "/silence",
		"/figures/cases", "/figures/cases?type=network&page=1000", "/figures/cases?has=repeat",
	)
}
