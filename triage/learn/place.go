package learn

import (
	"slices"

	"github.com/qianyi-dev/qianyi/triage"
)

// placed are the samples with their parts and groups.
type placed struct {
	samples []Sample
	// group numbers each sample's group by its first member.
	group []int
	// repeated is set for a sample whose text has a later label in another one.
	repeated []bool
}

// place gives a part to every sample that has none, and returns these parts. A
// new case goes where its kin are: the first of a group is dealt by a stable
// number of its id, one in testOneIn for testing, and one that is kin of cases
// in both parts is set aside. Cases that have a part keep it.
func place(samples []Sample) (placed, map[triage.ComplaintID]Part) {
	p := placed{samples: slices.Clone(samples), group: make([]int, len(samples)), repeated: make([]bool, len(samples))}
	fresh := map[triage.ComplaintID]Part{}
	k := newKinship(len(samples))
	for i := range p.samples {
		s := &p.samples[i]
		kin := k.add(s)
		if s.Part == "" {
			s.Part = partOf(s, kin, p.samples)
			fresh[s.Case] = s.Part
		}
		for _, j := range kin {
			if s.Part != PartAside && p.samples[j].Part == s.Part {
				k.join(i, j)
			}
		}
	}
	for i := range p.samples {
		p.group[i] = k.root(i)
	}
	latest := map[int]int{}
	for i, first := range k.same {
		p.repeated[i] = true
		if j, known := latest[first]; !known || p.samples[j].Last < p.samples[i].Last {
			latest[first] = i
		}
	}
	for _, i := range latest {
		p.repeated[i] = false
	}
	return p, fresh
}

func partOf(s *Sample, kin []int, samples []Sample) Part {
	part := Part("")
	for _, j := range kin {
		switch other := samples[j].Part; {
		case other == PartAside || other == part:
		case part == "":
			part = other
		default:
			return PartAside
		}
	}
	switch {
	case part != "":
		return part
	case stable(s.Case)%testOneIn == 0:
		return PartTest
	}
	return PartTrain
}

// in returns the numbers of the samples of a part, each text once.
func (p *placed) in(part Part) []int {
	var list []int
	for i := range p.samples {
		if p.samples[i].Part == part && !p.repeated[i] {
			list = append(list, i)
		}
	}
	return list
}

// unseen returns the numbers of the samples on which a model may be tried that
// knew the labels up to through: all for testing, and those for training of
// whose group it knew none, each text once. through is 0 for a model that
// learned from none.
func (p *placed) unseen(through int64) []int {
	seen := map[int]bool{}
	for i, s := range p.samples {
		if s.Part == PartTrain && s.First <= through {
			seen[p.group[i]] = true
		}
	}
	var list []int
	for i, s := range p.samples {
		if !p.repeated[i] && (s.Part == PartTest || s.Part == PartTrain && !seen[p.group[i]]) {
			list = append(list, i)
		}
	}
	return list
}

// through is the number of the last label.
func (p *placed) through() int64 {
	var last int64
	for _, s := range p.samples {
		last = max(last, s.Last)
	}
	return last
}
