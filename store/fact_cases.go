package store

import (
	"context"
	"slices"

	"github.com/qianyi-dev/qianyi/triage"
)

// CasesBySeq returns those of the cases that exist, in the order asked.
func (db *DB) CasesBySeq(ctx context.Context, seqs []int64) ([]triage.Case, error) {
	var cases []triage.Case
	for part := range slices.Chunk(seqs, listIDs) {
		args := make([]any, len(part))
		at := make(map[int64]int, len(part))
		for i, seq := range part {
			args[i], at[seq] = seq, i
		}
		found, _, err := db.listCases(ctx, `SELECT `+caseColumns+` FROM cases c WHERE c.seq IN `+placeholders(1, len(part)), args...)
		if err != nil {
			return nil, db.fail("read cases by number", err)
		}
		slices.SortFunc(found, func(a, b triage.Case) int { return at[a.Seq] - at[b.Seq] })
		cases = append(cases, found...)
	}
	return cases, nil
}
