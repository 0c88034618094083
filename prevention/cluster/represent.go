package cluster

import "github.com/qianyi-dev/qianyi/triage"

// sampled bounds how many members of a big issue are looked at.
const sampled = 200

// Representatives returns at most n members that show the issue: the one
// nearest to its centre, then those least like the ones already chosen, and at
// the end the earliest.
func (s *Stream) Representatives(id ID, n int) []triage.ComplaintID {
	x := s.find(id)
	if x == nil || n <= 0 {
		return nil
	}
	members := s.sample(x, sampled)
	centre := s.centroid(x)
	vectors := make([]vector, len(members))
	nearest, earliest := 0, 0
	var best float32 = -1
	for i, seq := range members {
		vectors[i] = s.memory.vector(seq)
		if like := dot(vectors[i], centre); like > best {
			nearest, best = i, like
		}
		if s.memory.entry(seq).at.Before(s.memory.entry(members[earliest]).at) {
			earliest = i
		}
	}
	chosen := []int{nearest}
	if n > 1 && earliest != nearest {
		chosen = append(chosen, earliest)
	}
	for len(chosen) < min(n, len(members)) {
		chosen = append(chosen, farthest(vectors, chosen))
	}
	if len(chosen) > 2 && chosen[1] == earliest {
		chosen = append(append(chosen[:1:1], chosen[2:]...), earliest)
	}
	ids := make([]triage.ComplaintID, len(chosen))
	for i, c := range chosen {
		ids[i] = s.memory.entry(members[c]).id
	}
	return ids
}

// farthest returns the vector whose nearest chosen one is the least near.
func farthest(vectors []vector, chosen []int) int {
	best, least := 0, float32(2)
	for i, v := range vectors {
		var near float32
		for _, c := range chosen {
			if c == i {
				near = 2
				break
			}
			near = max(near, dot(v, vectors[c]))
		}
		if near < least {
			best, least = i, near
		}
	}
	return best
}

// sample returns at most n members, spread evenly, the first and the last
// among them.
func (s *Stream) sample(x *issue, n int) []uint32 {
	if len(x.members) <= n {
		return x.members
	}
	picked := make([]uint32, n)
	for i := range picked {
		picked[i] = x.members[i*(len(x.members)-1)/(n-1)]
	}
	return picked
}
