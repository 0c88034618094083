package launch_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/qianyi-dev/qianyi/prevention/campaign/launch"
)

// world draws campaigns of one kind.
type world struct {
	r *rand.Rand
	// rate draws a campaign's complaints per customer reached.
	rate func(*rand.Rand) float64
	// burst is the shape of a gamma factor on a campaign's complaints beyond what
	// its rate explains, 0 for none.
	burst float64
}

func (w world) complaints(reached int) int {
	mean := w.rate(w.r) * float64(reached)
	if w.burst > 0 {
		mean *= distuv.Gamma{Alpha: w.burst, Beta: w.burst, Src: w.r}.Rand()
	}
	return int(distuv.Poisson{Lambda: mean, Src: w.r}.Rand())
}

const offerText = "充值100元送100元话费，分10个月返还"

func (w world) campaign(n int) launch.Past {
	reached := int(math.Exp(w.r.NormFloat64()*0.5) * 20_000)
	return launch.Past{
		ID: fmt.Sprintf("P%d", n), Name: "充值送话费", Text: offerText, Reached: reached, Complaints: w.complaints(reached), Days: 30,
	}
}

func planned(reach int) launch.Draft {
	from := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	return launch.Draft{Name: "充值送话费", Copy: offerText, Reach: reach, From: from, To: from.AddDate(0, 0, 29)}
}

// The intervals hold what they say, also where campaigns are not gamma.
func TestCoverage(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes long")
	}
	gamma := func(mean, shape float64) func(*rand.Rand) float64 {
		return func(r *rand.Rand) float64 { return distuv.Gamma{Alpha: shape, Beta: shape / mean, Src: r}.Rand() }
	}
	for _, tt := range []struct {
		name      string
		rate      func(*rand.Rand) float64
		burst     float64
		campaigns int
		// others have another offer and a tenth of the complaints.
		others int
	}{
		{"the model, 6 campaigns", gamma(0.002, 3), 0, 6, 0},
		{"the model, 15 campaigns", gamma(0.002, 3), 0, 15, 0},
		{"the model, much spread", gamma(0.003, 1.5), 0, 12, 0},
		{"overdispersed", gamma(0.002, 4), 6, 10, 0},
		{"log-normal rates", func(r *rand.Rand) float64 { return 0.002 * math.Exp(0.6*r.NormFloat64()) }, 0, 10, 0},
		{"among campaigns of another kind", gamma(0.004, 3), 0, 8, 20},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			const rounds = 1000
			w := world{rand.New(rand.NewPCG(1, 2)), tt.rate, tt.burst}
			inside, wide := 0, 0
			for range rounds {
				var past []launch.Past
				for n := range tt.campaigns {
					past = append(past, w.campaign(n))
				}
				for n := range tt.others {
					p := w.campaign(tt.campaigns + n)
					p.Name, p.Text, p.Complaints = "会员抽奖", "积分抽奖赢电饭煲", p.Complaints/10
					past = append(past, p)
				}
				d := planned(20_000)
				f, ok := launch.Predict(&d, past)
				if !ok {
					t.Fatal("no forecast")
				}
				y := w.complaints(d.Reach)
				if f.Interval.Low <= y && y <= f.Interval.High {
					inside++
				}
				if f.Wide.Low <= y && y <= f.Wide.High {
					wide++
				}
			}
			at80, at95 := float64(inside)/rounds, float64(wide)/rounds
			t.Logf("80 %% interval holds %.3f, 95 %% interval %.3f", at80, at95)
			if at80 < 0.75 || at80 > 0.85 {
				t.Errorf("the 80 %% interval holds %.3f of the campaigns, want 0.75 to 0.85", at80)
			}
			if at95 < 0.92 {
				t.Errorf("the 95 %% interval holds %.3f of the campaigns, want 0.92 or more", at95)
			}
		})
	}
}
