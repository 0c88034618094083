// Package simulate makes companies with known trouble: customers, their
// exposures, a stream of complaints, and the truth about which incident hit
// whom. Detection, cohorts and effects are measured against it.
//
// A Scenario says what happens; Draw makes one up from a seed, ReadScenario
// reads one that a person wrote. Generate plays it. The same scenario gives
// the same World, byte for byte, on every machine and in every run.
//
// How an incident comes about: some customers get an exposure that carries its
// mark (a gateway that fails, a batch, a changed rule). Everybody whose records
// match the mark within the incident's days is exposed, whether planted or by
// chance; a share of the exposed is affected; a small share of the affected
// complains, after a log-normal delay. Truth is read off the records, not off
// the plan, so it cannot contradict the files.
//
// All names, places, numbers and texts are invented. The wordings are in data;
// complaints of the background also come from internal/corpus.
package simulate
