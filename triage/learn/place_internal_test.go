package learn

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/qianyi-dev/qianyi/triage"
)

func sample(n int, text string) Sample {
	return Sample{Case: triage.ComplaintID(fmt.Sprintf("c%d", n)), Text: text, Type: "fee", First: int64(n), Last: int64(n)}
}

const (
	broken = "宽带从昨天晚上开始就断断续续无法正常使用，报修之后没有人上门处理"
	nearly = "宽带从昨天晚上开始就断断续续无法正常使用，报修之后一直没人上门处理"
	refund = "营业厅多收了三十元月租费用，要求核实之后退还到话费账户里面"
)

func TestKinStayTogether(t *testing.T) {
	t.Parallel()
	customer := sample(4, "办理过户需要什么材料，去了两次都没办成")
	customer.Customer = "K-1"
	again := sample(5, "客户经理态度恶劣")
	again.Customer = "K-1"
	p, _ := place([]Sample{sample(1, broken), sample(2, refund), sample(3, nearly), customer, again})
	want := []int{0, 1, 0, 3, 3}
	if !slices.Equal(p.group, want) {
		t.Errorf("groups %v, want %v", p.group, want)
	}
	if p.samples[0].Part != p.samples[2].Part || p.samples[3].Part != p.samples[4].Part {
		t.Error("kin are in different parts")
	}
}

func TestACaseNeverMoves(t *testing.T) {
	t.Parallel()
	var all []Sample
	for i := range 300 {
		var text []rune
		for k := range 12 {
			text = append(text, rune(0x4e00+mix(uint64(i/2*100+k))%2000)) // two cases each tell one story
		}
		all = append(all, sample(i+1, string(text)))
	}
	parts := map[triage.ComplaintID]Part{}
	for _, n := range []int{50, 51, 120, 300} {
		known := slices.Clone(all[:n])
		for i := range known {
			known[i].Part = parts[known[i].Case]
		}
		p, fresh := place(known)
		for id := range fresh {
			if parts[id] != "" {
				t.Fatalf("%s was placed again", id)
			}
		}
		maps.Copy(parts, fresh)
		for _, s := range p.samples {
			if s.Part != parts[s.Case] {
				t.Fatalf("%s moved from %s to %s", s.Case, parts[s.Case], s.Part)
			}
		}
	}
	tests := 0
	for _, part := range parts {
		if part == PartTest {
			tests++
		}
	}
	if tests < 10 || tests > 60 {
		t.Errorf("%d of 300 are for testing, want about a tenth", tests)
	}
}

func TestACaseBetweenTheParts(t *testing.T) {
	t.Parallel()
	train, test := sample(1, broken), sample(2, refund)
	train.Part, train.Customer = PartTrain, "K-1"
	test.Part = PartTest
	between := sample(3, refund)
	between.Customer = "K-1"
	p, fresh := place([]Sample{train, test, between})
	if fresh["c3"] != PartAside || p.samples[0].Part != PartTrain || p.samples[1].Part != PartTest {
		t.Errorf("parts %+v", p.samples)
	}
	if got := p.unseen(0); len(got) != 1 || got[0] != 0 { // the text of the test case has a later label in the other
		t.Errorf("unseen %v, want the training case", got)
	}
}

func TestUnseen(t *testing.T) {
	t.Parallel()
	list := []Sample{sample(1, broken), sample(2, refund), sample(3, nearly), sample(4, "信号不好打不了电话"), sample(5, refund)}
	for i := range list {
		list[i].Part = PartTrain
	}
	list[1].Part, list[4].Part = PartTest, PartTest
	p, _ := place(list)
	for through, want := range map[int64][]int{
		0: {0, 2, 3, 4}, // of two cases with one text, the later label counts
		1: {3, 4},       // the third is kin of the first
		4: {4},
	} {
		if got := p.unseen(through); !slices.Equal(got, want) {
			t.Errorf("through %d: unseen %v, want %v", through, got, want)
		}
	}
}
