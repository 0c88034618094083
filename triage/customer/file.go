package customer

import (
	"time"

	"github.com/qianyi-dev/qianyi/triage"
)

// File is everything that is known of a person, over all records. Its lists
// begin with the latest and have at most FilePart entries; the methods of
// Service that list one thing go further.
type File struct {
	// Person is the record that stands for the person, Records all of them, the
	// person's first.
	Person    Record
	Records   []Record
	Cases     []triage.Case
	Exposures []triage.Exposure
	// Campaigns are those that an exposure or a complaint names.
	Campaigns []triage.Campaign
	Contacts  []Contact
	Told      []Told
	Scores    []Score
	Tasks     []Task // open, the first due first
	Figures   Figures
}

// FilePart bounds each list of a File.
const FilePart = 20

// Told is a notice that we sent of our own accord.
type Told struct {
	Customer triage.CustomerID
	// Cause is what it was about, State what became of it.
	Cause   string
	Channel string
	State   string
	At      time.Time
}

// Figures sum a person up.
type Figures struct {
	// Complaints counts those of the last twelve months, Open those that are
	// not at an end.
	Complaints int
	Open       int
	// Satisfaction is the mean of all scores, nil without any; Scored counts
	// them.
	Satisfaction *float64
	Scored       int
}
